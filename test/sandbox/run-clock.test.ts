import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToWorker } from '../../runtime/contract/guest-protocol.ts';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import type { BeginWait, CallAnswer, GuestCall, RunRequest } from '../../runtime/contract/sandbox.ts';
import { ActiveRun } from '../../runtime/sandbox/active-run.ts';
import { until } from '../await-state.ts';
import { echo, NOW, OPERATIONS, openTestSandbox, programOf, SEED } from './harness.ts';

const RUN_MS = 2_000;
const HOUR_MS = 3_600_000;
const DONE = { ok: true, json: '{}' } as const;
const call = (number: number, name = 'memory.store') => ({ call: number, name, json: '{}' });

/** One run whose worker is this test, with a person for its operations: `decide` lets them answer the oldest call. */
function startRun(timeoutMs: number) {
  const sent: ToWorker[] = [];
  const waits: (() => void)[] = [];
  const askPerson = async (beginWait: BeginWait): Promise<CallAnswer> => {
    const end = beginWait();
    await new Promise<void>((resolve) => waits.push(resolve));
    end();
    return DONE;
  };
  const request: RunRequest = {
    tenant: { principal: 'ann', session: 'main' },
    program: programOf(''),
    operations: OPERATIONS,
    timeoutMs,
    seed: SEED,
    now: NOW,
    answer: ({ name }: GuestCall, _, beginWait) =>
      name === '@sleep' ? new Promise(() => undefined) : askPerson(beginWait),
    signal: new AbortController().signal,
  };
  const run = new ActiveRun(1, request, 0, DEFAULT_LIMITS, {
    send: (frame) => sent.push(frame),
    kill: () => undefined,
  });
  run.start();
  const questions = () => sent.flatMap((frame) => (frame.t === 'rest' ? [frame.question] : []));
  return {
    run,
    questions,
    /** As a guest answers that has nothing to do. */
    rest: () => run.receive({ t: 'rest', run: 1, question: questions().at(-1) ?? 0 }),
    calls: (...calls: ReturnType<typeof call>[]) => run.receive({ t: 'calls', run: 1, calls }),
    decide: () => waits.shift()?.(),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Time passes as the test says, while the worker goes on answering as `between` has it. */
async function pass(
  tick: (ms: number) => void,
  ms: number,
  between: () => unknown = () => undefined,
): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    tick(500);
    between();
    await turn();
  }
}

/** `performance.now` and the timers in step: the clock of a run uses both. */
function mockTime(t: { mock: typeof import('node:test').mock }): (ms: number) => void {
  let now = 0;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(performance, 'now', () => now);
  return (ms) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
}

test('the time of a run stands still while it rests and waits for a person, and then goes on', async (t) => {
  const tick = mockTime(t);
  const { run, calls, rest, decide } = startRun(RUN_MS);
  await pass(tick, RUN_MS / 2);
  calls(call(1));
  await turn();
  assert.equal(rest(), undefined);
  await pass(tick, HOUR_MS, rest);
  assert.equal(run.isOver, false);
  decide();
  await turn();
  await turn();
  await pass(tick, RUN_MS / 2 - 500);
  assert.equal(run.isOver, false, 'half of its time is left');
  await pass(tick, 500);
  const end = await run.end;
  assert.equal(end.kind === 'stopped' && end.code, 'TIMEOUT');
  assert.deepEqual([end.ranMs, end.waitedMs], [RUN_MS, HOUR_MS]);
});

test('it does not for a program that computes meanwhile', async (t) => {
  const tick = mockTime(t);
  const { run, calls, questions } = startRun(RUN_MS);
  calls(call(1));
  await turn();
  assert.equal(questions().length, 1);
  await pass(tick, RUN_MS);
  assert.equal(run.isOver, true);
});

test('it does not any longer for a worker that said it rests and reads nothing more', async (t) => {
  const tick = mockTime(t);
  const { run, calls, rest } = startRun(RUN_MS);
  calls(call(1));
  await turn();
  assert.equal(rest(), undefined);
  await pass(tick, 2_000 + RUN_MS);
  assert.equal(run.isOver, true);
});

test('it does not beside a call that waits for no person', async (t) => {
  const tick = mockTime(t);
  const { run, calls, questions } = startRun(RUN_MS);
  calls(call(1), call(2, '@sleep'));
  await turn();
  await turn();
  assert.deepEqual(questions(), []);
  await pass(tick, RUN_MS);
  assert.equal(run.isOver, true);
});

test('what a worker said before it was sent an answer counts no more', async (t) => {
  const tick = mockTime(t);
  const { run, calls, questions, decide } = startRun(RUN_MS);
  calls(call(1), call(2));
  await until(() => questions().length > 0);
  const before = questions().at(-1)!;
  decide();
  await until(() => questions().at(-1) !== before);
  assert.equal(run.receive({ t: 'rest', run: 1, question: before }), undefined, 'no mistake of the worker');
  await pass(tick, RUN_MS);
  assert.equal(run.isOver, true);
});

test('a rest that nobody asked about breaks the protocol', async () => {
  const { run, calls, rest, questions } = startRun(30_000);
  const early = run.receive({ t: 'rest', run: 1, question: 1 });
  assert.match(early ?? '', /nobody asked/);
  calls(call(1));
  await until(() => questions().length > 0);
  assert.equal(rest(), undefined);
  assert.match(rest() ?? '', /nobody asked/, 'once each time');
  run.stop({ code: 'CANCELLED', message: 'over' });
});

test('a real program outlives its limit while a person thinks, however it waits, and is stopped when it computes', async (t) => {
  const { sandbox, run } = await openTestSandbox({ calls: 100_000 });
  t.after(() => sandbox.close());
  const answer: RunRequest['answer'] = async (made, signal, beginWait) => {
    if (made.name !== 'memory.store') return echo(made, signal);
    const end = beginWait();
    await new Promise((resolve) => setTimeout(resolve, 2 * RUN_MS));
    end();
    return DONE;
  };
  const ask = 'athena.memory.store({})';
  const waiting = [
    `await ${ask}; return 1;`,
    `await Promise.all([${ask}, ${ask}, athena.memory.recall({})]); return 1;`,
    `const asked = ${ask}; await sleep(10); for (let i = 0; i < 1e5; i++); await asked; return 1;`,
  ].map(async (program, number) => {
    const tenant = { principal: 'ann', session: `waiting-${number}` };
    const end = await run(program, { answer, timeoutMs: RUN_MS, tenant });
    assert.equal(end.kind === 'returned' && end.json, '1', JSON.stringify(end));
    assert.ok(end.waitedMs >= RUN_MS, 'the person’s time is not the run’s');
  });
  await Promise.all(waiting);
  for (const beside of [
    'for (;;);',
    'for (;;) await null;',
    'for (;;) await sleep(1);',
    'for (;;) await athena.memory.recall({});',
  ]) {
    const end = await run(`void ${ask}; await sleep(1); ${beside}`, { answer, timeoutMs: 500 });
    assert.equal(end.kind === 'stopped' && end.code, 'TIMEOUT', `${beside} ${JSON.stringify(end)}`);
  }
});
