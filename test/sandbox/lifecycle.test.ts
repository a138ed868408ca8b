import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestCall } from '../../runtime/contract/sandbox.ts';
import { isAlive, until } from '../await-state.ts';
import { echo, openTestSandbox } from './harness.ts';

test('a worker has nothing of the server’s environment and folder, and the time zone of all programs', async (t) => {
  const { sandbox, value, pids } = await openTestSandbox();
  t.after(() => sandbox.close());
  await value('return 1;');
  const { readFileSync, readlinkSync } = await import('node:fs');
  const [pid] = pids('worker-bound');
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  assert.equal(environment, 'TZ=UTC\0MALLOC_MMAP_THRESHOLD_=131072\0', 'and what its memory limit needs');
  assert.equal(readlinkSync(`/proc/${pid}/cwd`), '/');
});

test('two principals, and two sessions, never share a process', async (t) => {
  const { sandbox, value, events } = await openTestSandbox({ workers: 2 });
  t.after(() => sandbox.close());
  const tenants = [
    { principal: 'ann', session: 'a' },
    { principal: 'ann', session: 'b' },
    { principal: 'bob', session: 'a' },
    { principal: 'ann', session: 'a' },
    { principal: '["ann"', session: 'b"]' },
  ];
  for (const tenant of [...tenants, ...tenants]) await value('return 1;', { tenant });
  const owners = new Map<number, string>();
  for (const event of events) {
    if (event.kind !== 'worker-bound') continue;
    assert.equal(owners.has(event.pid), false, `process ${event.pid} was bound twice`);
    owners.set(event.pid, JSON.stringify([event.principal, event.session]));
  }
  assert.equal(new Set(owners.values()).size, 4);
});

test('a tenant keeps its process from run to run', async (t) => {
  const { sandbox, value, pids } = await openTestSandbox();
  t.after(() => sandbox.close());
  for (let run = 0; run < 20; run += 1) await value('return 1;');
  assert.equal(pids('worker-bound').length, 1);
});

test('runs of one tenant at the same time get processes of their own', async (t) => {
  const { sandbox, value, pids } = await openTestSandbox({ workers: 5 });
  t.after(() => sandbox.close());
  await Promise.all([value('await sleep(300);'), value('await sleep(300);'), value('await sleep(300);')]);
  assert.equal(pids('worker-bound').length, 3);
});

test('a spare is ready before a tenant comes', async (t) => {
  const { sandbox, value, events } = await openTestSandbox();
  t.after(() => sandbox.close());
  await until(() => events.some((event) => event.kind === 'worker-ready'));
  await value('return 1;');
  const kinds = events.map((event) => event.kind).filter((kind) => kind !== 'canary');
  assert.deepEqual(kinds.slice(0, 2), ['worker-ready', 'worker-bound']);
});

test('an abort kills the run and aborts its calls', async (t) => {
  const { sandbox, run, pids } = await openTestSandbox();
  t.after(() => sandbox.close());
  const client = new AbortController();
  let bridge: AbortSignal | undefined;
  const answer = (_: GuestCall, signal: AbortSignal) => {
    bridge = signal;
    client.abort();
    return new Promise<never>(() => {});
  };
  const end = await run('await athena.memory.recall({});', { signal: client.signal, answer });
  assert.equal(end.kind === 'stopped' && end.code, 'CANCELLED');
  assert.equal(end.started, true);
  assert.equal(bridge?.aborted, true);
  await until(() => pids('worker-bound').every((pid) => !isAlive(pid)));
});

test('a run that is cancelled before it starts never starts', async (t) => {
  const { sandbox, run } = await openTestSandbox({ workers: 1, queue: 1 });
  t.after(() => sandbox.close());
  const before = await run('return 1;', { signal: AbortSignal.abort() });
  assert.deepEqual([before.kind === 'stopped' && before.code, before.started], ['CANCELLED', false]);
  const long = run('await sleep(300); return "done";');
  const client = new AbortController();
  const waiting = run('return 1;', { signal: client.signal });
  setTimeout(() => client.abort(), 50);
  const cancelled = await waiting;
  assert.deepEqual([cancelled.kind === 'stopped' && cancelled.code, cancelled.started], ['CANCELLED', false]);
  assert.equal((await long).kind, 'returned');
});

test('the signal of the calls is aborted as soon as the run has ended', async (t) => {
  const { sandbox, value } = await openTestSandbox();
  t.after(() => sandbox.close());
  let bridge: AbortSignal | undefined;
  const answer = (call: GuestCall, signal: AbortSignal) => {
    bridge = signal;
    return echo(call);
  };
  await value('await athena.memory.recall({}); return 1;', { answer });
  assert.equal(bridge?.aborted, true);
});

test('a call that the program did not wait for is still carried out', async (t) => {
  const { sandbox, value } = await openTestSandbox();
  t.after(() => sandbox.close());
  let stored = false;
  const answer = async (call: GuestCall, signal: AbortSignal) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    stored = !signal.aborted;
    return echo(call);
  };
  assert.equal(await value('athena.memory.store({}); return 1;', { answer }), 1);
  assert.equal(stored, true);
});

test('a call that takes for ever does not hold a result back', async (t) => {
  const { sandbox, value } = await openTestSandbox();
  t.after(() => sandbox.close());
  const answer = (call: GuestCall) => (call.name === '@sleep' ? echo(call) : new Promise<never>(() => {}));
  const source = `const patience = new Promise((resolve) => setTimeout(resolve, 20, 'gave up'));
    return await Promise.race([athena.memory.recall({}), patience]);`;
  assert.equal(await value(source, { answer }), 'gave up');
});

test('work left behind by a run makes no call and costs the worker its life', async (t) => {
  const { sandbox, value, events, pids } = await openTestSandbox();
  t.after(() => sandbox.close());
  const calls: string[] = [];
  const answer = (call: GuestCall) => {
    calls.push(call.name);
    return echo(call);
  };
  const source = `(async () => { for (;;) { await null; if (++n % 1000 === 0) athena.memory.store({ n }).catch(() => {}); } })();
    return 'done';`;
  assert.equal(await value(`let n = 0; ${source}`, { answer }), 'done');
  const before = calls.length;
  assert.equal(await value('return 2;', { answer }), 2);
  assert.equal(calls.length, before);
  await until(() => events.some((event) => event.kind === 'worker-ended'));
  const ended = events.find((event) => event.kind === 'worker-ended');
  assert.equal(ended?.reason, 'work left behind by its run');
  assert.equal(ended?.pid, pids('worker-bound')[0]);
});

test('what waits for a call or a timer when a run ends never goes on', async (t) => {
  const { sandbox, value, pids } = await openTestSandbox();
  t.after(() => sandbox.close());
  const calls: string[] = [];
  const answer = (call: GuestCall) => {
    calls.push(call.json);
    return echo(call);
  };
  await value(
    'sleep(20).then(() => athena.memory.store({ late: 1 })); setTimeout(() => athena.memory.store({ late: 2 }), 20);',
    { answer },
  );
  await value('await sleep(60); return 1;', { answer });
  assert.deepEqual(
    calls.filter((json) => json.includes('late')),
    [],
  );
  assert.equal(pids('worker-bound').length, 1);
});

test('a worker killed from outside ends its run as WORKER_LOST, and the next run works', async (t) => {
  const { sandbox, run, value, pids } = await openTestSandbox();
  t.after(() => sandbox.close());
  const answer = () => {
    for (const pid of pids('worker-bound')) process.kill(pid, 'SIGKILL');
    return new Promise<never>(() => {});
  };
  const end = await run('await athena.memory.recall({});', { answer });
  assert.equal(end.kind === 'stopped' && end.code, 'WORKER_LOST');
  assert.equal(await value('return 1;'), 1);
});

test('an idle worker killed from outside is replaced', async (t) => {
  const { sandbox, value, pids } = await openTestSandbox();
  t.after(() => sandbox.close());
  await value('return 1;');
  const [pid] = pids('worker-bound');
  process.kill(pid!, 'SIGKILL');
  await until(() => pids('worker-ended').includes(pid!));
  assert.equal(await value('return 2;'), 2);
});

test('runs wait in order when all places are taken, and are refused when the queue is full', async (t) => {
  const { sandbox, run } = await openTestSandbox({ workers: 1, queue: 2 });
  t.after(() => sandbox.close());
  const order: string[] = [];
  const start = async (session: string) => {
    const end = await run('await sleep(100); return 1;', { tenant: { principal: 'p', session } });
    order.push(session);
    return end;
  };
  const runs = [start('a'), start('b'), start('c')];
  const refused = await start('d');
  assert.equal(refused.kind === 'stopped' && refused.code, 'QUEUE_FULL');
  assert.match(
    refused.kind === 'stopped' ? refused.message : '',
    /^The queue for a worker is full: limit queue \(2\), which all clients share/,
  );
  assert.deepEqual(refused.kind === 'stopped' && refused.limit, { name: 'queue', value: 2 });
  assert.equal(refused.started, false);
  const ends = await Promise.all(runs);
  assert.deepEqual(order, ['d', 'a', 'b', 'c']);
  assert.ok((ends[2]?.waitedMs ?? 0) > (ends[1]?.waitedMs ?? 0));
});

test('time spent waiting does not count as running', async (t) => {
  const { sandbox, run } = await openTestSandbox({ workers: 1 });
  t.after(() => sandbox.close());
  const ends = await Promise.all(
    [1, 2, 3].map(() => run('await sleep(700); return 1;', { timeoutMs: 1_900 })),
  );
  assert.deepEqual(
    ends.map((end) => end.kind),
    ['returned', 'returned', 'returned'],
  );
});

test('there are never more processes than places', async (t) => {
  const { sandbox, value, events } = await openTestSandbox({ workers: 2 });
  t.after(() => sandbox.close());
  await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      value('await sleep(20);', { tenant: { principal: 'p', session: `${n}` } }),
    ),
  );
  const alive = new Set<number>();
  for (const event of events) {
    if (event.kind === 'worker-bound') alive.add(event.pid);
    if (event.kind === 'worker-ended') alive.delete(event.pid);
  }
  assert.ok(alive.size <= 2, `${alive.size} bound workers`);
});

test('a worker is replaced after its number of runs', async (t) => {
  const { sandbox, value, pids } = await openTestSandbox({ workerRuns: 3 });
  t.after(() => sandbox.close());
  for (let run = 0; run < 7; run += 1) await value('return 1;');
  assert.equal(pids('worker-bound').length, 3);
});

test('a worker that nobody uses is ended', async (t) => {
  const { sandbox, value, events } = await openTestSandbox({ workerIdleMs: 50 });
  t.after(() => sandbox.close());
  await value('return 1;');
  await until(() => events.some((event) => event.kind === 'worker-ended' && event.reason === 'idle'));
});

test('closing lets runs finish, refuses new ones and leaves no process', async () => {
  const { sandbox, run, pids } = await openTestSandbox();
  const running = run('await sleep(150); return "finished";');
  await until(() => pids('worker-bound').length > 0);
  const closing = sandbox.close();
  const late = await run('return 1;');
  assert.deepEqual([late.kind === 'stopped' && late.code, late.started], ['SANDBOX_UNAVAILABLE', false]);
  const end = await running;
  assert.equal(end.kind === 'returned' && end.json, '"finished"');
  await closing;
  for (const pid of pids('worker-ready')) assert.equal(isAlive(pid), false, `process ${pid} is left behind`);
});
