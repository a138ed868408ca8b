import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../../generated/catalogue.ts';
import { callOnce, tallyPast } from '../../runtime/bridge/call-once.ts';
import type { Backend } from '../../runtime/contract/backend.ts';
import type { OperationAdapter } from '../../runtime/contract/catalogue.ts';
import { NO_PAST, type RunJournal } from '../../runtime/contract/journal.ts';
import type { Warning } from '../../runtime/contract/outcome.ts';

const CALL = { number: 7, name: 'shop.buy', json: '{}' };
const entry = catalogue.operations.find(({ effect }) => effect === 'write')!;
const adapterOf = (idempotent: boolean) =>
  ({
    ...entry,
    idempotent,
    validateParams: () => true,
    validateResult: () => true,
  }) as unknown as OperationAdapter;
const backendOf = (keepsKeys: boolean): Backend => ({
  name: 'shop',
  serves: () => true,
  call: () => assert.fail('not asked here'),
  close: async () => undefined,
  ...(keepsKeys && { keepsKeys: () => true }),
});

async function tryOnce(isUnknown: boolean, idempotent: boolean, keepsKeys: boolean) {
  const intended: number[] = [];
  const warnings: Warning[] = [];
  const journal: RunJournal = {
    past: { ...NO_PAST, unknown: new Set(isUnknown ? [CALL.number] : []) },
    begin: async () => undefined,
    intend: async ({ number }) => intended.push(number) > 0,
    note: async () => undefined,
    release: async () => undefined,
    givenUp: () => undefined,
  };
  const refusal = await callOnce(CALL, adapterOf(idempotent), journal, backendOf(keepsKeys), (warning) =>
    warnings.push(warning),
  );
  return { refused: refusal?.code, warned: warnings.map(({ code }) => code), intended };
}

test('a call that leaves for the first time is written down before', async () => {
  for (const idempotent of [true, false])
    for (const keepsKeys of [true, false])
      assert.deepEqual(await tryOnce(false, idempotent, keepsKeys), {
        refused: undefined,
        warned: [],
        intended: [7],
      });
});

test('a call whose answer was lost leaves again where its key is kept, and with a warning where it is idempotent', async () => {
  const again = { refused: undefined, warned: [], intended: [] };
  assert.deepEqual(await tryOnce(true, false, true), again);
  assert.deepEqual(await tryOnce(true, true, true), again);
  assert.deepEqual(await tryOnce(true, true, false), { ...again, warned: ['CALL_REPEATED'] });
  assert.deepEqual(await tryOnce(true, false, false), { ...again, refused: 'CALL_UNKNOWN' });
});

test('what a run did before it was interrupted is counted as it was', () => {
  const ok = { ok: true, json: 'null' } as const;
  const refused = { ok: false, code: 'INVALID_PARAMETERS', message: '' } as const;
  const failed = { ok: false, code: 'OPERATION_FAILED', message: '' } as const;
  const names = ['memory.remember', 'memory.recall', 'memory.remember', 'memory.recall', '@session.get'];
  const answers = [ok, ok, refused, failed, ok];
  const calls = names.map((name, at) => ({ number: at + 1, name, json: '{}', answer: answers[at]! }));
  const find = (id: string) => catalogue.operations.find((one) => one.id === id);
  assert.deepEqual(tallyPast({ ...NO_PAST, frames: [{ now: 1, calls }] }, find), {
    asked: 4,
    made: 3,
    wrote: 1,
  });
});

test('a call that can neither be written down nor be forgotten does not leave', async () => {
  const journal: RunJournal = {
    past: NO_PAST,
    begin: async () => undefined,
    intend: async () => false,
    note: async () => undefined,
    release: async () => undefined,
    givenUp: () => undefined,
  };
  const refusal = await callOnce(CALL, adapterOf(false), journal, backendOf(true), () => undefined);
  assert.equal(refusal?.code, 'SESSION_UNAVAILABLE');
});
