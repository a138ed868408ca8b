import fc from 'fast-check';
import { encodeFrame } from '../../runtime/sandbox/frames.ts';

/** What a worker sends during one run, cut into the pieces that arrive. */
export interface Stream {
  readonly bytes: Buffer;
  readonly chunks: readonly Buffer[];
}

/** Small, so that a stream can go beyond it. */
export const STREAM_CAP = 4_000;

/** Mostly the run that is here, sometimes one that was or is to come. */
const runs = (run: number): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant(run) },
    fc.constantFrom<unknown>(run - 1, run + 1, 0, -1, 2 ** 53, 0.5, '1', null, undefined),
  );
const texts = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 30 }));
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(undefined, '__proto__', 'x'.repeat(700)),
);
/** A field that is nearly always right. */
const nearly = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: right }, anything);

const calls = fc.record({
  call: nearly(fc.nat(12)),
  name: nearly(fc.constantFrom('memory.recall', '@sleep', '@session.get', 'constructor', '')),
  json: nearly(fc.constantFrom('{}', '{"query":"x"}', '', '[', '{"__proto__":{}}')),
});
/** Ids as an honest guest counts them. */
const counted = fc
  .array(calls, { maxLength: 5 })
  .map((list) => list.map((call, at) => ({ ...call, call: at + 1 })));
const lines = fc.record({
  level: nearly(fc.constantFrom('info', 'error', 'debug', 'warn')),
  text: nearly(texts),
});
const errors = fc.record({
  name: nearly(texts),
  message: nearly(texts),
  code: nearly(fc.constantFrom('PROGRAM_ERROR', 'SYNTAX_ERROR', 'BACKEND_LOST', 'toString')),
  line: nearly(fc.nat(9)),
  column: nearly(fc.nat(9)),
});
const ends = fc.oneof(
  fc.record({ json: nearly(fc.constantFrom('1', '{}', null, '{', '"x"')) }),
  fc.record({ error: nearly(errors) }),
  fc.record({
    refused: nearly(fc.constantFrom('RESULT_TOO_LARGE', 'RESULT_NOT_JSON', 'TIMEOUT')),
    message: nearly(texts),
  }),
);

/** A frame's text: one of the protocol, nearly one, or nothing like it. */
const frames = (run: number): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .record({
          t: fc.constant('calls'),
          run: runs(run),
          calls: fc.oneof(counted, fc.array(calls, { maxLength: 4 })),
        })
        .map(write),
    },
    {
      weight: 5,
      arbitrary: fc
        .record({ t: fc.constant('logs'), run: runs(run), lines: nearly(fc.array(lines, { maxLength: 4 })) })
        .map(write),
    },
    {
      weight: 4,
      arbitrary: fc
        .record({ t: fc.constant('done'), run: runs(run), end: nearly(ends), droppedLogs: nearly(fc.nat(9)) })
        .map(write),
    },
    { weight: 1, arbitrary: fc.constant('{"t":"ready"}') },
    {
      weight: 1,
      arbitrary: fc
        .record({ t: fc.constant('rest'), run: runs(run), question: nearly(fc.nat(3)) })
        .map(write),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ t: nearly(fc.constantFrom('run', 'answers', 'exec', '__proto__')), run: runs(run) })
        .map(write),
    },
    {
      weight: 1,
      arbitrary: fc.oneof(
        texts,
        fc.constantFrom(
          '',
          '[]',
          'null',
          '{"t":',
          '['.repeat(2_000),
          '{"t":"ready"}{"t":"ready"}',
          '\ufeff{"t":"ready"}',
        ),
      ),
    },
  );

function write(frame: object): string {
  return JSON.stringify(frame) ?? '';
}

/** A piece of the stream: a frame as it should be, one whose header lies, or bytes. */
const pieces = (run: number): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 14, arbitrary: frames(run).map(encodeFrame) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(frames(run), fc.integer({ min: -3, max: 3 }))
        .map(([text, off]) => lie(text, Buffer.byteLength(text) + off)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(frames(run), fc.constantFrom(0, STREAM_CAP, STREAM_CAP + 1, 2 ** 31, 2 ** 32 - 1))
        .map(([text, length]) => lie(text, length)),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 24 }).map(Buffer.from) },
  );

function lie(text: string, length: number): Buffer {
  const frame = encodeFrame(text);
  frame.writeUInt32LE(Math.max(0, length), 0);
  return frame;
}

/** What may happen to a stream on its way. */
type Damage = (bytes: Buffer) => Buffer;
const damages: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Damage>((bytes) => bytes) },
  fc.nat(2_000).map<Damage>((missing) => (bytes) => bytes.subarray(0, Math.max(0, bytes.length - missing))),
  fc.tuple(fc.nat(), fc.nat(7)).map<Damage>(
    ([at, bit]) =>
      (bytes) =>
        flip(bytes, at, bit),
  ),
  fc.tuple(fc.nat(), fc.nat(40)).map<Damage>(([at, length]) => (bytes) => {
    const start = bytes.length === 0 ? 0 : at % bytes.length;
    return Buffer.concat([bytes, bytes.subarray(start, start + length)]);
  }),
);

function flip(bytes: Buffer, at: number, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  if (bytes.length > 0) flipped[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
  return flipped;
}

/** How a stream arrives: whole, byte by byte, or cut anywhere. */
const cuts = fc.oneof(
  fc.constant('whole' as const),
  fc.constant('bytes' as const),
  fc.array(fc.nat(STREAM_CAP), { maxLength: 10 }),
);

function cut(bytes: Buffer, at: 'whole' | 'bytes' | readonly number[]): readonly Buffer[] {
  if (at === 'whole') return [bytes];
  if (at === 'bytes') return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
  const places = [0, ...at.filter((place) => place < bytes.length), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

/** @param run the number of the run that is here */
export const streams = (run: number): fc.Arbitrary<Stream> =>
  fc
    .tuple(fc.array(pieces(run), { maxLength: 8 }), fc.boolean(), damages, cuts)
    .map(([list, doubled, damage, at]) => {
      const bytes = damage(Buffer.concat(doubled && list.length > 1 ? [...list, ...list.slice(-1)] : list));
      return { bytes, chunks: cut(bytes, at) };
    });
