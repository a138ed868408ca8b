import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { composeReply } from '../../runtime/reply.ts';

const common = {
  execution: 'e-1',
  session: 's-1',
  warnings: [],
  effects: [
    { operation: 'memory.recall', effect: 'read' },
    { operation: 'memory.remember', effect: 'write' },
    { operation: 'graph.searchGraph', effect: 'read' },
  ],
  logs: [],
  calls: { made: 3, wrote: 1, unanswered: 0 },
  timings: { checkMs: 1.239, waitMs: 0, runMs: 2, filterMs: 0.1, totalMs: 3.5 },
} as const;

const finished = (value: any, kept = true): Outcome => ({ kind: 'finished', value, kept, ...common });

test('a reply has exactly these members', () => {
  const reply = composeReply(finished({ a: 1 }), 24_000);
  assert.deepEqual(reply, {
    ok: true,
    value: { a: 1 },
    effects: { read: ['memory.recall', 'graph.searchGraph'], write: ['memory.remember'] },
    metrics: { checkMs: 1.24, waitMs: 0, runMs: 2, filterMs: 0.1, totalMs: 3.5, calls: 3, wrote: 1 },
    session: 's-1',
    execution: 'e-1',
  });
});

test('a failure says what ran, and an empty-handed success keeps null', () => {
  const failure = { code: 'TIMEOUT', message: 'too slow', limit: { name: 'runMs', value: 300 } } as const;
  const stopped = composeReply({ kind: 'failed', failure, started: true, ...common }, 24_000);
  assert.deepEqual(stopped.error, { ...failure, ran: 'the program stopped after 3 calls, of which 1 wrote' });
  assert.equal(stopped.ok, false);
  const never = composeReply({ kind: 'failed', failure, started: false, ...common }, 24_000);
  assert.equal(never.error?.ran, 'the program never started');
  assert.equal(composeReply(finished(null), 24_000).value, null);
});

test('all errors of the check are there, the first as the error', () => {
  const failures = [1, 2, 3].map((line) => ({ code: 'TYPE_ERROR', message: `m${line}`, line }) as const);
  const reply = composeReply({ kind: 'refused', failures, ...common }, 24_000);
  assert.equal(reply.error?.line, 1);
  assert.deepEqual(
    reply.moreErrors?.map(({ line }) => line),
    [2, 3],
  );
});

for (const [what, value] of [
  ['many rows', Array.from({ length: 20_000 }, (_, id) => ({ id, text: `row ${id}` }))],
  ['one long text', 'ä"\n'.repeat(100_000)],
  ['many entries', Object.fromEntries(Array.from({ length: 20_000 }, (_, id) => [`key-${id}`, id]))],
  [
    'deep and wide',
    { a: { b: { c: Array.from({ length: 9_000 }, () => ['x'.repeat(50)]) } }, d: 'y'.repeat(60_000) },
  ],
] as const) {
  test(`${what}: the reply stays within its budget, says what was cut, and where the whole is`, () => {
    const logs = Array.from(
      { length: 1_000 },
      (_, line) => ({ level: 'info', text: `log line ${line} ${'z'.repeat(100)}` }) as const,
    );
    const reply = composeReply({ ...finished(value), logs }, 24_000);
    assert.ok(JSON.stringify(reply).length <= 24_000, `${JSON.stringify(reply).length}`);
    assert.equal(reply.whole, 'athena://results/e-1');
    const [warning] = reply.warnings ?? [];
    assert.equal(warning?.code, 'RESULT_CUT');
    assert.match(warning?.message ?? '', /left out.*athena:\/\/results\/e-1/);
    assert.match(reply.logs?.at(-1) ?? '', /more of 1000 items/);
  });
}

test('a value that was cut and could not be kept says so, and names no address', () => {
  const reply = composeReply(finished('x'.repeat(100_000), false), 24_000);
  assert.equal(reply.whole, undefined);
  assert.match(reply.warnings?.[0]?.message ?? '', /Return less of it\.$/);
});

test('a thousand warnings and errors stay within the budget', () => {
  const warnings = Array.from(
    { length: 1_000 },
    (_, line) => ({ code: 'TYPE_WARNING', message: 'w'.repeat(200), line }) as const,
  );
  const reply = composeReply({ ...finished({ ok: 1 }), warnings }, 24_000);
  assert.ok(JSON.stringify(reply).length <= 24_000);
  assert.deepEqual(reply.value, { ok: 1 });
});

const many = <T>(count: number, make: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const FULL = {
  ...common,
  logs: many(1_000, (at) => ({ level: 'info', text: `line ${at} ${'"'.repeat(at % 90)}` }) as const),
  warnings: many(30, (at) => ({ code: 'TYPE_WARNING', message: `${at} ${'w'.repeat(300)}` }) as const),
  effects: many(271, (at) => ({ operation: `namespace${at}.method${at}`, effect: 'read' }) as const),
};
const LONG = {
  code: 'PROGRAM_ERROR',
  message: 'm'.repeat(4_000),
  line: 1,
  column: 1,
  snippet: '\\'.repeat(200),
} as const;

const FULLEST: readonly Outcome[] = [
  { kind: 'failed', failure: LONG, started: true, ...FULL },
  { kind: 'refused', failures: many(20, () => LONG), ...FULL },
  { kind: 'planned', ...FULL },
  { kind: 'finished', value: many(5_000, (at) => ({ at })), kept: true, ...FULL },
  { kind: 'finished', value: 'v'.repeat(50_000), kept: { message: 'It was not kept.' }, ...FULL },
];

for (const budget of [1_000, 2_000, 24_000, 100_000]) {
  test(`a reply that has everything stays within ${budget} characters, and keeps its code`, () => {
    for (const outcome of FULLEST) {
      const reply = composeReply(outcome, budget);
      assert.ok(JSON.stringify(reply).length <= budget, `${outcome.kind}: ${JSON.stringify(reply).length}`);
      if (outcome.kind === 'failed') assert.equal(reply.error?.code, 'PROGRAM_ERROR');
      if (outcome.kind === 'finished') assert.ok(reply.value !== undefined);
    }
  });
}

test('a value that was cut names the limit: that of a reply, or that of what is kept', () => {
  const [kept] = composeReply(finished('x'.repeat(100_000)), 24_000).warnings ?? [];
  assert.deepEqual(kept?.limit, { name: 'replyCharacters', value: 24_000 });
  const spool = { name: 'spoolMb', value: 10 } as const;
  const why = { message: 'It was too large.', limit: spool };
  const lost = composeReply({ kind: 'finished', value: 'x'.repeat(100_000), kept: why, ...common }, 24_000);
  assert.deepEqual(lost.warnings?.[0]?.limit, spool);
  assert.match(lost.warnings?.[0]?.message ?? '', /It was too large\. Return less of it\./);
  assert.equal(lost.whole, undefined);
});

test('a value that is never cut need not be kept: a third of a reply is always its own', () => {
  const value = 'v'.repeat(333 - 2);
  const reply = composeReply({ kind: 'finished', value, kept: false, ...FULL }, 1_000);
  assert.equal(reply.value, value);
});

test('a value that was too large for a result does not say that the program was stopped', () => {
  const failure = { code: 'RESULT_TOO_LARGE', message: 'too large' } as const;
  const reply = composeReply({ kind: 'failed', failure, started: true, ...common }, 24_000);
  assert.equal(reply.error?.ran, 'the program ran to its end: 3 calls, of which 1 wrote');
});

test('calls without an answer are told, since they may still take effect', () => {
  const failure = { code: 'TIMEOUT', message: 'too slow' } as const;
  const calls = { made: 3, wrote: 2, unanswered: 2 };
  const reply = composeReply({ kind: 'failed', failure, started: true, ...common, calls }, 24_000);
  assert.equal(
    reply.error?.ran,
    'the program stopped after 3 calls, of which 2 wrote; 2 were not answered and may or may not take effect',
  );
});
