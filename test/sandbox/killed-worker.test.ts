import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Limits } from '../../runtime/contract/limits.ts';
import type { CallAnswer, GuestCall, RunEnd } from '../../runtime/contract/sandbox.ts';
import { isAlive, until } from '../await-state.ts';
import { openTestSandbox, type TestSandbox } from './harness.ts';

const LINUX = process.platform === 'linux' ? false : 'the processes are found in /proc';
const CALLS = 5;
const POINTS = Array.from({ length: CALLS }, (_, index) => index + 1);

/** A program of five calls, which stops at one point for as long as it lives: before the first call it is 0. */
const program = (hangAfter?: number): string => `
  for (let call = 0; ; call += 1) {
    ${hangAfter === undefined ? '' : `if (call === ${hangAfter}) while (true) {}`}
    if (call === ${CALLS}) return 'all done';
    await athena.memory.store({ call });
  }`;

/** A sandbox whose runs are counted, and whose processes must all be gone once it is closed. */
async function openCounted(t: TestContext, limits: Partial<Limits> = {}): Promise<TestSandbox> {
  const opened = await openTestSandbox(limits);
  t.after(async () => {
    await opened.sandbox.close();
    for (const pid of opened.pids('worker-ready')) assert.equal(isAlive(pid), false, `${pid} is left behind`);
    assert.deepEqual(
      opened.pids('worker-ready').filter((pid) => !opened.pids('worker-ended').includes(pid)),
      [],
    );
  });
  return opened;
}

const lastBound = ({ pids }: TestSandbox): number => pids('worker-bound').at(-1) ?? 0;

function kill(pid: number): void {
  assert.ok(pid > 0);
  process.kill(pid, 'SIGKILL');
}

function assertLost(end: RunEnd): void {
  assert.equal(end.kind === 'stopped' && end.code, 'WORKER_LOST', JSON.stringify(end));
  assert.equal(end.started, true);
}

function assertDone(end: RunEnd): void {
  assert.equal(end.kind === 'returned' && end.json, '"all done"', JSON.stringify(end));
}

/** Counts the calls that reach the bridge, and does something at one of them before it is answered. */
function tallyOf(at: number, act: () => Promise<void> | void, json = 'null') {
  const tally = { made: 0, aborted: 0 };
  const answer = async (_: GuestCall, signal: AbortSignal): Promise<CallAnswer> => {
    tally.made += 1;
    if (tally.made === at) await act();
    if (signal.aborted) tally.aborted += 1;
    return { ok: true, json: tally.made === at ? json : 'null' };
  };
  return { tally, answer };
}

/** The children of this process right now. */
function childrenNow(): readonly number[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/** Kills each child of this process that is not there now, as soon as it appears. */
function killNewcomers(): { stop(): number } {
  const known = new Set(childrenNow());
  let killed = 0;
  const timer = setInterval(() => {
    for (const pid of childrenNow().filter((child) => !known.has(child))) {
      known.add(pid);
      killed += 1;
      kill(pid);
    }
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return killed;
    },
  };
}

test('killed while it is being started: the run is begun in another worker', { skip: LINUX }, async (t) => {
  const opened = await openCounted(t);
  await until(() => opened.pids('worker-ready').length > 0);
  const { tally, answer } = tallyOf(0, () => undefined);
  const first = opened.run('await sleep(500);', { tenant: { principal: 'bob', session: 'main' } });
  const before = new Set(childrenNow());
  const running = opened.run(program(), { answer });
  await until(() => childrenNow().some((pid) => !before.has(pid)));
  for (const pid of childrenNow()) if (!before.has(pid)) kill(pid);
  assertDone(await running);
  assert.equal(tally.made, CALLS);
  assert.equal((await first).kind, 'returned');
});

test('every worker killed while it is being started: SANDBOX_UNAVAILABLE, until they come up again', {
  skip: LINUX,
}, async (t) => {
  const { pids, run } = await openCounted(t);
  await until(() => pids('worker-ready').length > 0);
  const killer = killNewcomers();
  kill(pids('worker-ready')[0] ?? 0);
  await until(() => pids('worker-ended').length > 0);
  const { tally, answer } = tallyOf(0, () => undefined);
  const end = await run(program(), { answer });
  assert.ok(killer.stop() > 0);
  assert.deepEqual([end.kind === 'stopped' && end.code, end.started], ['SANDBOX_UNAVAILABLE', false]);
  assert.match(
    end.kind === 'stopped' ? end.message : '',
    /^No worker could be started: .*\. Try again in a few seconds\.$/,
  );
  assert.equal(tally.made, 0);
  let next = await run(program(), { answer });
  while (next.kind === 'stopped' && next.code === 'SANDBOX_UNAVAILABLE')
    next = await run(program(), { answer });
  assertDone(next);
});

test('killed while it is nobody’s: another spare is made, and the next run is not told', async (t) => {
  const opened = await openCounted(t);
  const spares = (): readonly number[] => {
    const others = [...opened.pids('worker-bound'), ...opened.pids('worker-ended')];
    return opened.pids('worker-ready').filter((pid) => !others.includes(pid));
  };
  await until(() => spares().length > 0);
  const { tally, answer } = tallyOf(0, () => undefined);
  kill(spares()[0] ?? 0);
  assertDone(await opened.run(program(), { answer }));
  assert.equal(tally.made, CALLS);
  await until(() => spares().length > 0);
  const [spare = 0] = spares();
  kill(spare);
  await until(() => opened.pids('worker-ended').includes(spare) && spares().length > 0);
});

test('killed while it is idle: the next run is begun in another worker', async (t) => {
  const opened = await openCounted(t);
  await opened.value('return 1;');
  const { tally, answer } = tallyOf(0, () => undefined);
  kill(lastBound(opened));
  assertDone(await opened.run(program(), { answer }));
  assert.equal(tally.made, CALLS);
});

test('killed in the first moments of a run, before it was heard of: it is begun in another worker', async (t) => {
  const opened = await openCounted(t);
  const { tally, answer } = tallyOf(0, () => undefined);
  await until(() => opened.pids('worker-ready').length > 0);
  // A worker that stands still says nothing, however long its death takes.
  const [ready = 0] = opened.pids('worker-ready');
  process.kill(ready, 'SIGSTOP');
  await until(() => /^State:\s+T/m.test(readFileSync(`/proc/${ready}/status`, 'utf8')));
  const running = opened.run(program(), { answer });
  await until(() => opened.pids('worker-bound').length > 0);
  kill(lastBound(opened));
  assertDone(await running);
  assert.equal(tally.made, CALLS);
  assert.equal(opened.pids('worker-bound').length, 2);
});

test('killed after a while, before the first call: WORKER_LOST, and the next run works', async (t) => {
  const opened = await openCounted(t);
  const { tally, answer } = tallyOf(0, () => undefined);
  const running = opened.run(program(0), { answer });
  await until(() => opened.pids('worker-bound').length > 0);
  await wait(1_200);
  kill(lastBound(opened));
  assertLost(await running);
  assert.equal(tally.made, 0);
  assertDone(await opened.run(program(), { answer }));
});

for (const point of POINTS) {
  test(`killed between call ${point} and what comes next: WORKER_LOST, ${point} counted, and the next run works`, async (t) => {
    const opened = await openCounted(t);
    const { tally, answer } = tallyOf(point, () => {
      setTimeout(() => kill(lastBound(opened)), 50);
    });
    assertLost(await opened.run(program(point), { answer }));
    assert.deepEqual(tally, { made: point, aborted: 0 });
    assertDone(await opened.run(program(), { answer }));
  });

  test(`killed during call ${point}: WORKER_LOST, ${point} counted, the call is told, and the next run works`, async (t) => {
    const opened = await openCounted(t);
    const { tally, answer } = tallyOf(point, async () => {
      kill(lastBound(opened));
      await until(() => opened.pids('worker-ended').length > 0);
    });
    assertLost(await opened.run(program(), { answer }));
    await until(() => tally.aborted === 1);
    assert.equal(tally.made, point);
    assertDone(await opened.run(program(), { answer }));
  });

  test(`killed while call ${point} is being answered: WORKER_LOST, ${point} counted, and the next run works`, async (t) => {
    const opened = await openCounted(t);
    // Larger than what a pipe holds, so that the worker dies with most of it unread.
    const { tally, answer } = tallyOf(
      point,
      () => void setImmediate(() => setImmediate(() => kill(lastBound(opened)))),
      JSON.stringify('x'.repeat(9_000_000)),
    );
    assertLost(await opened.run(program(), { answer }));
    assert.equal(tally.made, point);
    assertDone(await opened.run(program(), { answer }));
  });
}

test('killed while the next run waits for it: the one is lost, the other is begun in a new worker', async (t) => {
  const opened = await openCounted(t, { workers: 1 });
  const { tally, answer } = tallyOf(3, async () => {
    kill(lastBound(opened));
    await until(() => opened.pids('worker-ended').length > 0);
  });
  const lost = opened.run(program(), { answer });
  const next = opened.run(program());
  assertLost(await lost);
  assert.equal(tally.made, 3);
  assertDone(await next);
  assert.equal(opened.pids('worker-bound').length, 2);
});
