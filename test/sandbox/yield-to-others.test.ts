import assert from 'node:assert/strict';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { getPriority, constants as os } from 'node:os';
import { type TestContext, test } from 'node:test';
import type { SandboxEvent } from '../../runtime/sandbox/sandbox.ts';
import { until } from '../await-state.ts';
import { openTestSandbox, type TestSandbox } from './harness.ts';

const LINUX =
  process.platform === 'linux' ? false : 'only Linux tells how much of a processor another process uses';

/**
 * Of the group of processes that the kernel weighs as one, where it has such groups and lets this process
 * change what theirs are.
 */
function groupPriority(pid: number): number | undefined {
  try {
    const nice = /nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'utf8'))?.[1];
    accessSync(`/proc/${pid}/autogroup`, constants.W_OK);
    return nice === undefined ? undefined : Number(nice);
  } catch {
    return undefined;
  }
}

/** What ten steps down from a priority is, as far as there are so many. */
const below = (priority: number): number => Math.min(os.priority.PRIORITY_LOW, priority + 10);

/** A sandbox in which another tenant has run something already. */
async function openShared(t: TestContext): Promise<TestSandbox> {
  const opened = await openTestSandbox();
  t.after(() => opened.sandbox.close());
  await opened.value('return 1;', { tenant: { principal: 'bob', session: 'main' } });
  return opened;
}

async function assertGivesWay(pid: number): Promise<void> {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  await until(() => threads.every((thread) => getPriority(thread) === below(getPriority())));
  const [server, worker] = [groupPriority(process.pid), groupPriority(pid)];
  if (server === undefined || worker === undefined) return;
  await until(() => groupPriority(pid) === below(server));
}

const boundTo = (events: readonly SandboxEvent[], principal: string): readonly number[] =>
  events.flatMap((event) =>
    event.kind === 'worker-bound' && event.principal === principal ? [event.pid] : [],
  );

test('programs that keep processors busy give way to others, with all their threads and groups', {
  skip: LINUX,
}, async (t) => {
  const { run, events } = await openShared(t);
  const client = new AbortController();
  const busy = [1, 2, 3, 4].map(() => run('while (true) {}', { timeoutMs: 30_000, signal: client.signal }));
  await until(() => boundTo(events, 'ann').length === busy.length);
  for (const pid of boundTo(events, 'ann')) await assertGivesWay(pid);
  client.abort();
  await Promise.all(busy);
});

test('a program that is alone gives way once another tenant comes', { skip: LINUX }, async (t) => {
  const { sandbox, run, value, events } = await openTestSandbox();
  t.after(() => sandbox.close());
  const client = new AbortController();
  const busy = run('while (true) {}', { timeoutMs: 30_000, signal: client.signal });
  await until(() => boundTo(events, 'ann').length > 0);
  const [pid = 0] = boundTo(events, 'ann');
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(getPriority(pid), getPriority());
  await value('return 1;', { tenant: { principal: 'bob', session: 'main' } });
  await assertGivesWay(pid);
  client.abort();
  await busy;
});

test('a worker that gave way ends with its run, and the next run has one of full priority', {
  skip: LINUX,
}, async (t) => {
  const { value, events } = await openShared(t);
  const busyFor = (calls: number): string =>
    `for (let call = 0; call < ${calls}; call += 1) { for (let n = 0; n < 1e7; n += 1); await athena.task.list({}); } return 1;`;
  await value(busyFor(200), { timeoutMs: 60_000 });
  await until(() => events.some((event) => event.kind === 'worker-ended' && /priority/.test(event.reason)));
  await value('return 1;');
  const [first, second = 0] = boundTo(events, 'ann');
  assert.notEqual(second, first);
  assert.equal(getPriority(second), getPriority());
});

test('a program that waits keeps its priority and its worker', { skip: LINUX }, async (t) => {
  const { value, events } = await openShared(t);
  await value('await sleep(400); return 1;');
  await value('return 2;');
  const [pid = 0, ...others] = boundTo(events, 'ann');
  assert.deepEqual(others, []);
  assert.equal(getPriority(pid), getPriority());
});
