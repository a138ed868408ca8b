import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../../runtime/sandbox/guest/outbox.ts';

const LIMITS = {
  calls: 1_000,
  callRequestBytes: 10_000,
  bytesInFlight: 30_000,
  resultBytes: 0,
  jsonDepth: 0,
  logLines: 0,
  logBytes: 0,
};

function put(outbox: Outbox, from: number, count: number, bytes: number): void {
  for (let call = from; call < from + count; call++)
    outbox.put({ call, name: 'memory.recall', json: '' }, bytes);
}

const numbers = (frames: readonly (readonly { readonly call: number }[])[]) =>
  frames.map((frame) => frame.map(({ call }) => call));

test('calls made at once leave in one frame', () => {
  const outbox = new Outbox(LIMITS);
  put(outbox, 1, 50, 20);
  assert.deepEqual(numbers(outbox.take()), [Array.from({ length: 50 }, (_, at) => at + 1)]);
  assert.deepEqual(outbox.take(), []);
});

test('a frame holds no more than the largest call, whatever the number of calls', () => {
  const outbox = new Outbox(LIMITS);
  put(outbox, 1, 5, 4_000);
  assert.deepEqual(numbers(outbox.take()), [[1, 2], [3, 4], [5]]);
});

test('what is beyond the room waits, in order, until answers make room', () => {
  const outbox = new Outbox(LIMITS);
  put(outbox, 1, 5, 9_000);
  assert.deepEqual(numbers(outbox.take()), [[1], [2], [3]]);
  assert.deepEqual(outbox.take(), []);
  outbox.answered(2);
  assert.deepEqual(numbers(outbox.take()), [[4]]);
  outbox.answered(1);
  outbox.answered(1);
  assert.deepEqual(numbers(outbox.take()), [[5]]);
});

test('a call larger than all the room leaves once nothing else is in flight', () => {
  const outbox = new Outbox({ ...LIMITS, bytesInFlight: 1_000 });
  put(outbox, 1, 2, 5_000);
  assert.deepEqual(numbers(outbox.take()), [[1]]);
  outbox.answered(1);
  assert.deepEqual(numbers(outbox.take()), [[2]]);
});
