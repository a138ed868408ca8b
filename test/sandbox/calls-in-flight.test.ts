import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import type { AnsweredCall, CallAnswer, GuestCall } from '../../runtime/contract/sandbox.ts';
import { CallsInFlight, roomInFlight } from '../../runtime/sandbox/calls-in-flight.ts';
import { NOW, OPERATIONS, programOf, SEED } from './harness.ts';

const RUN = {
  tenant: { principal: 'ann', session: 'main' },
  program: programOf(''),
  operations: OPERATIONS,
  timeoutMs: 10_000,
  seed: SEED,
  now: NOW,
};
const MB = 1024 * 1024;
const BUSY_MS = 3;

const callsOf = (count: number, json = '{}') =>
  Array.from({ length: count }, (_, at) => ({ call: at + 1, name: 'memory.recall', json }));

/** A bridge, the frames that come of it, and the moment when all calls were answered. */
function open(count: number, ask: (call: GuestCall) => Promise<CallAnswer>) {
  const all = Promise.withResolvers<void>();
  const frames: (readonly AnsweredCall[])[] = [];
  const request = { ...RUN, answer: ask, signal: new AbortController().signal };
  const calls = new CallsInFlight(request, DEFAULT_LIMITS, {
    send: (frame) => {
      frames.push(frame.calls);
      if (frames.flat().length === count) all.resolve();
    },
    onDivergence: (difference) => assert.fail(difference),
    onChange: () => undefined,
  });
  return { calls, frames, all: all.promise };
}

test('a bridge that answers at once, but takes its time, does not keep timers waiting until the last call', async () => {
  let asked = 0;
  const { calls, all } = open(200, async () => {
    asked += 1;
    for (const start = performance.now(); performance.now() - start < BUSY_MS; );
    return { ok: true, json: 'null' };
  });
  const askedAtTimer = new Promise<number>((resolve) => setTimeout(() => resolve(asked), 1));
  assert.equal(calls.receive(callsOf(200)), undefined);
  assert.ok((await askedAtTimer) < 200);
  await all;
  assert.equal(asked, 200);
});

test('sleeps of one frame begin at once, in one turn, whatever waits before them', async () => {
  const begun: number[] = [];
  const { calls, all } = open(22, async ({ name, number }) => {
    if (name === '@sleep') begun.push(number);
    return { ok: true, json: 'null' };
  });
  calls.receive([...callsOf(20), ...[21, 22].map((call) => ({ call, name: '@sleep', json: '{"ms":1}' }))]);
  assert.deepEqual(begun, [21, 22]);
  await all;
});

test('answers that are large together are sent in several frames, and none is lost', async () => {
  const json = JSON.stringify('x'.repeat(300_000));
  const { calls, frames, all } = open(50, async () => ({ ok: true, json }));
  calls.receive(callsOf(50));
  await all;
  for (const frame of frames) assert.ok(JSON.stringify(frame).length < 2 * MB);
  assert.deepEqual(
    frames.flat().map(({ number }) => number),
    callsOf(50).map(({ call }) => call),
  );
});

test('more bytes of parameters at once than an honest guest sends are refused, and less once some were answered', async () => {
  const json = JSON.stringify('x'.repeat(MB - 2));
  const most = roomInFlight(DEFAULT_LIMITS) / MB;
  const hanging = open(0, () => new Promise(() => undefined));
  assert.equal(hanging.calls.receive(callsOf(most, json)), undefined);
  assert.match(hanging.calls.receive([{ call: most + 1, name: 'a.b', json }]) ?? '', /bytes of parameters/);
  const answering = open(most, async () => ({ ok: true, json: 'null' }));
  answering.calls.receive(callsOf(most, json));
  await answering.all;
  assert.equal(answering.calls.receive([{ call: most + 1, name: 'a.b', json }]), undefined);
});

test('once the run has ended, the bridge is asked no call that still waits', async () => {
  let asked = 0;
  const { calls } = open(0, async () => {
    asked += 1;
    return { ok: true, json: 'null' };
  });
  calls.receive(callsOf(1_000));
  const before = asked;
  calls.revoke();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(before < 1_000);
  assert.equal(asked, before);
});
