import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import { encodeFrame, FrameDecoder } from '../../runtime/sandbox/frames.ts';
import { frameCap, readFromWorker } from '../../runtime/sandbox/from-worker.ts';

const CAP = 1_000;
const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 8 });
const cuts = fc.array(fc.nat(400), { maxLength: 12 });

/** Cuts bytes at the given places, which may lie anywhere. */
function split(bytes: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const places = [0, ...at.filter((place) => place < bytes.length), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(texts, cuts, (sent, at) => {
      const decoder = new FrameDecoder(CAP);
      const chunks = split(Buffer.concat(sent.map(encodeFrame)), at);
      const received = chunks.flatMap((chunk) => decoder.push(chunk).frames);
      assert.deepEqual(
        received.map((frame) => Buffer.from(frame).toString()),
        sent,
      );
    }),
  );
});

test('a stream that ends in the middle of a frame gives the whole frames and no violation', () => {
  fc.assert(
    fc.property(texts, fc.nat(400), (sent, missing) => {
      const bytes = Buffer.concat(sent.map(encodeFrame));
      const cut = bytes.subarray(0, Math.max(0, bytes.length - missing));
      const { frames, violation } = new FrameDecoder(CAP).push(cut);
      assert.equal(violation, undefined);
      assert.deepEqual(
        frames.map((frame) => Buffer.from(frame).toString()),
        sent.slice(0, frames.length),
      );
    }),
  );
});

test('a length over the cap is a violation for good, after the whole frames before it', () => {
  fc.assert(
    fc.property(fc.integer({ min: CAP + 1, max: 2 ** 32 - 1 }), fc.uint8Array(), (length, rest) => {
      const header = Buffer.alloc(4);
      header.writeUInt32LE(length);
      const decoder = new FrameDecoder(CAP);
      const { frames, violation } = decoder.push(Buffer.concat([encodeFrame('first'), header, rest]));
      assert.equal(frames.length, 1);
      assert.match(violation ?? '', new RegExp(`${length} bytes`));
      assert.deepEqual(decoder.push(encodeFrame('later')).frames, []);
    }),
  );
});

test('garbage never throws, neither in the decoder nor in the reader', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
      const decoder = new FrameDecoder(CAP);
      for (const chunk of chunks) {
        for (const frame of decoder.push(chunk).frames) assert.equal(readFromWorker(frame), undefined);
      }
    }),
  );
});

test('any JSON at all is read as a frame or refused', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('ready', 'calls', 'logs', 'done', '__proto__'),
      (value, t) => {
        const frame = { ...(typeof value === 'object' && value), t };
        const read = readFromWorker(Buffer.from(JSON.stringify(frame)));
        assert.equal(read === undefined || read.t === t, true);
      },
    ),
  );
});

const WELL_FORMED = [
  { t: 'ready' },
  { t: 'calls', run: 1, calls: [{ call: 1, name: 'memory.recall', json: '{}' }] },
  { t: 'logs', run: 1, lines: [{ level: 'info', text: 'a line' }] },
  { t: 'logs', run: 1, lines: [], cut: 'logBytes' },
  { t: 'done', run: 1, end: { json: null }, droppedLogs: 0 },
  { t: 'done', run: 1, end: { refused: 'RESULT_TOO_LARGE', message: 'm' }, droppedLogs: 2 },
  {
    t: 'done',
    run: 1,
    end: { refused: 'RESULT_TOO_LARGE', message: 'm', limit: { name: 'jsonDepth', value: 50 } },
    droppedLogs: 0,
  },
  { t: 'done', run: 1, end: { error: { name: 'E', message: 'm', line: 1, column: 2 } }, droppedLogs: 0 },
  {
    t: 'done',
    run: 1,
    end: {
      error: { name: 'AthenaError', message: 'm', code: 'CALL_LIMIT', limit: { name: 'calls', value: 3 } },
    },
    droppedLogs: 0,
  },
];

test('every frame of the protocol is read as it was written', () => {
  for (const frame of WELL_FORMED)
    assert.deepEqual(readFromWorker(Buffer.from(JSON.stringify(frame))), frame);
});

const ILL_FORMED: readonly unknown[] = [
  null,
  [],
  'ready',
  { t: 'run' },
  { t: 'toString' },
  { t: 'calls', run: 1, calls: {} },
  { t: 'calls', run: 1, calls: [null] },
  { t: 'calls', run: 1, calls: [] },
  { t: 'calls', run: -1, calls: [{ call: 1, name: 'a', json: '{}' }] },
  { t: 'calls', run: 1, calls: [{ call: 1.5, name: 'a', json: '{}' }] },
  { t: 'calls', run: 1, calls: [{ call: 1, name: ['a'], json: '{}' }] },
  { t: 'calls', run: 1, calls: [{ call: 1, name: 'a', json: {} }] },
  { t: 'logs', run: 1, lines: [] },
  { t: 'logs', run: 1, lines: [{ level: 'fatal', text: 'x' }] },
  { t: 'logs', run: 1, lines: [{ level: 'info', text: 7 }] },
  { t: 'done', run: 1, end: { json: 5 }, droppedLogs: 0 },
  { t: 'done', run: 1, end: { json: null }, droppedLogs: '0' },
  { t: 'done', run: 1, end: { error: 'text' }, droppedLogs: 0 },
  { t: 'done', run: 1, end: { refused: 'TIMEOUT', message: 'm' }, droppedLogs: 0 },
];

test('whatever is not of a frame’s shape is refused', () => {
  for (const frame of ILL_FORMED) {
    assert.equal(readFromWorker(Buffer.from(JSON.stringify(frame))), undefined, JSON.stringify(frame));
  }
});

test('a frame is made anew: what it carries besides its fields is gone', () => {
  const text = '{"t":"ready","__proto__":{"polluted":1},"extra":1}';
  assert.deepEqual(readFromWorker(Buffer.from(text)), { t: 'ready' });
  const error = { name: 'E', message: 'm', code: 'NO_SUCH_CODE', line: 'first', column: 1 };
  const done = { t: 'done', run: 1, end: { error }, droppedLogs: 0 };
  assert.deepEqual(readFromWorker(Buffer.from(JSON.stringify(done))), {
    ...done,
    end: { error: { name: 'E', message: 'm' } },
  });
});

/** What a guest might say for a limit, and there is none of that name, or no such number. */
const NO_LIMITS: readonly unknown[] = [
  'calls',
  {},
  { name: 'calls' },
  { name: 'calls', value: '3' },
  { name: 'calls', value: -1 },
  { name: 'calls', value: 1e300 },
  { name: 'toString', value: 1 },
  { name: '__proto__', value: 1 },
  { name: ['calls'], value: 1 },
  { name: 'unlimited', value: 1 },
];

test('a limit that does not exist is left out, and so is what stands beside its name and value', () => {
  const read = (limit: unknown) => {
    const error = { name: 'E', message: 'm', limit };
    const done = { t: 'done', run: 1, end: { error }, droppedLogs: 0 };
    const frame: any = readFromWorker(Buffer.from(JSON.stringify(done)));
    return frame.end.error.limit;
  };
  for (const limit of NO_LIMITS) assert.equal(read(limit), undefined, JSON.stringify(limit));
  assert.deepEqual(read({ name: 'calls', value: 3, more: 'x' }), { name: 'calls', value: 3 });
  const logs = { t: 'logs', run: 1, lines: [{ level: 'info', text: 'x' }] };
  assert.deepEqual(readFromWorker(Buffer.from(JSON.stringify({ ...logs, cut: 'calls' }))), logs);
});

test('a frame of padding is refused: megabytes of it would be read for nothing', () => {
  for (const frame of WELL_FORMED) {
    const text = JSON.stringify(frame);
    assert.equal(readFromWorker(Buffer.from(text.replace('{', `{${' '.repeat(2_000)}`))), undefined);
    assert.equal(
      readFromWorker(Buffer.from(JSON.stringify({ ...frame, pad: 'x'.repeat(2_000) }))),
      undefined,
    );
  }
});

test('no text of an honest worker is taken for padding, however its characters are escaped', () => {
  for (const unit of ['a', '"', '\\', '\u0000', '\ud800', 'ü', '語', '😀']) {
    for (const text of ['', unit, unit.repeat(5_000)]) {
      const calls = [{ call: Number.MAX_SAFE_INTEGER, name: text, json: text }];
      const lines = [{ level: 'debug', text }];
      const limit = { name: 'executionsPerMinute', value: Number.MAX_SAFE_INTEGER };
      const error = {
        name: text,
        message: text,
        code: 'CALL_RESULT_TOO_LARGE',
        line: 99_999,
        column: 99_999,
        limit,
      };
      for (const frame of [
        { t: 'calls', run: 99_999, calls },
        { t: 'logs', run: 99_999, lines, cut: 'logLines' },
        { t: 'done', run: 99_999, end: { json: text }, droppedLogs: 1e15 },
        { t: 'done', run: 99_999, end: { error }, droppedLogs: 1e15 },
        {
          t: 'done',
          run: 99_999,
          end: { refused: 'RESULT_TOO_LARGE', message: text, limit },
          droppedLogs: 1e15,
        },
      ])
        assert.notEqual(readFromWorker(Buffer.from(JSON.stringify(frame))), undefined);
    }
  }
});

test('JSON nested a million deep is refused without harm', () => {
  assert.equal(readFromWorker(Buffer.from('['.repeat(1e6) + ']'.repeat(1e6))), undefined);
});

test('the cap lets the largest honest result through, all of it quotes', () => {
  const limits = { ...DEFAULT_LIMITS, resultBytes: 100_000 };
  const json = JSON.stringify('"'.repeat(49_999));
  const frame = JSON.stringify({ t: 'done', run: 1, end: { json }, droppedLogs: 0 });
  assert.ok(Buffer.byteLength(json) <= limits.resultBytes);
  assert.ok(Buffer.byteLength(frame) <= frameCap(limits));
});
