import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import { markPersonal } from '../../runtime/contract/privacy.ts';
import { filterEnd } from '../../runtime/filter/filter-end.ts';

const END = { started: true, logs: [], droppedLogs: 0, waitedMs: 0, ranMs: 0 } as const;

const failureOf = async (json: string) => {
  const { result } = await filterEnd({ kind: 'returned', json, ...END }, '', DEFAULT_LIMITS);
  return result.ok ? undefined : result.failure;
};

test('a value nested to the limit leaves, one level more is refused with the limit, and nothing else is told', async () => {
  assert.equal(await failureOf('['.repeat(50) + ']'.repeat(50)), undefined);
  assert.deepEqual(await failureOf('['.repeat(51) + ']'.repeat(51)), {
    code: 'RESULT_TOO_LARGE',
    message:
      'The value returned cannot leave: it is nested deeper than limit jsonDepth (50). Return a flatter value.',
    limit: { name: 'jsonDepth', value: 50 },
  });
});

test('a value with a forbidden key is refused with code and message alone', async () => {
  assert.deepEqual(await failureOf('{"constructor":1}'), {
    code: 'RESULT_NOT_JSON',
    message: 'The value returned cannot leave: the key "constructor" is not allowed.',
  });
});

for (const [dropped, words] of [
  [0, 'Log lines were dropped'],
  [1, '1 log line was dropped'],
  [500, '500 log lines were dropped'],
] as const) {
  test(`of a log cut by ${dropped} it is said that ${words}, and by which limit`, async () => {
    const limit = { name: 'logLines', value: 1_000 } as const;
    const end = { kind: 'returned', json: null, ...END, logLimit: limit, droppedLogs: dropped } as const;
    const { warnings } = await filterEnd(end, '', DEFAULT_LIMITS);
    const message = `${words}: limit logLines (1000). Log less: a summary, or every so many steps.`;
    assert.deepEqual(warnings, [{ code: 'LOGS_CUT', message, limit }]);
  });
}

test('a long message is cut with a mark, and what lies across the end is looked at first', async () => {
  const said = `${'x'.repeat(3_980)} ada.lovelace@example.com ${'y'.repeat(500)}`;
  const error = { name: 'AthenaError', message: said };
  const { result } = await filterEnd({ kind: 'threw', error, ...END }, '', DEFAULT_LIMITS, markPersonal);
  const message = result.ok ? '' : result.failure.message;
  assert.equal(message, `${'x'.repeat(3_980)} [removed: email] yy…`);
});

test('the line of a skill that failed is cleaned: another program wrote it', async () => {
  const skill = { name: 'post', line: 1, column: 1, snippet: "send('ada.lovelace@example.com')" };
  const error = { name: 'Error', message: 'x', skill };
  const { result } = await filterEnd({ kind: 'threw', error, ...END }, '', DEFAULT_LIMITS, markPersonal);
  assert.equal(!result.ok && result.failure.skill?.snippet, "send('[removed: email]')");
});
