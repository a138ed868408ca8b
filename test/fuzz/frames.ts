import type { FromWorker } from '../../runtime/contract/guest-protocol.ts';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { RunEnd } from '../../runtime/contract/sandbox.ts';
import { ActiveRun } from '../../runtime/sandbox/active-run.ts';
import { type Decoded, FrameDecoder } from '../../runtime/sandbox/frames.ts';
import { readFromWorker } from '../../runtime/sandbox/from-worker.ts';
import { NOW, OPERATIONS, programOf, SEED } from '../sandbox/harness.ts';
import { cutFrames, predictEnd } from './frame-model.ts';
import type { FuzzOptions, FuzzReport } from './fuzzer.ts';
import { findHoarding } from './held-bytes.ts';
import { fuzzProperty, type Trial } from './properties.ts';
import { STREAM_CAP, type Stream, streams } from './streams.ts';

/** What is held to the laws of a decoder. */
export type Decoder = new (cap: number) => { push(chunk: Uint8Array): Decoded };

export interface FrameFuzzOptions extends FuzzOptions {
  readonly Decoder?: Decoder;
}

const RUN = 3;
export const STREAM_LIMITS: Limits = { ...DEFAULT_LIMITS, calls: 8, logLines: 8, logBytes: 200 };
const VIOLATION = { code: 'PROTOCOL_VIOLATION', message: 'The stream broke the protocol.' } as const;

/**
 * Sends streams that an attacker made to one run: the decoder, the reader and the run itself, in this process.
 * They never throw, read what was sent however it was cut, and the run has one end, which the protocol decides.
 */
export async function fuzzFrames(options: FrameFuzzOptions): Promise<FuzzReport> {
  const { Decoder = FrameDecoder } = options;
  const hoarding = findHoarding(Decoder);
  if (hoarding !== undefined) return reportHoarding(hoarding, options.seed);
  return await fuzzProperty(options, {
    name: 'frames:streams',
    inputs: streams(RUN),
    attempt: (stream) => sendToRun(stream, Decoder),
    show: showStream,
  });
}

function reportHoarding(hoarding: string, seed: number): FuzzReport {
  const repeat = `frames:streams --seed ${seed} --count 1`;
  return {
    done: 0,
    tally: {},
    findings: [{ index: 0, what: [hoarding], input: 'large frames in small pieces', repeat }],
  };
}

export function showStream({ bytes, chunks }: Stream): string {
  return `${bytes.toString('base64')} in pieces of ${chunks.map(({ length }) => length).join(', ')} bytes`;
}

/** A run and everything that it did. */
interface Watched {
  readonly run: ActiveRun;
  readonly ends: RunEnd[];
  readonly kills: string[];
  sentLate: number;
  readonly signals: AbortSignal[];
  readonly cancel: () => void;
}

async function sendToRun({ bytes, chunks }: Stream, Decoder: Decoder): Promise<Trial> {
  const watched = startRun();
  const decoder = new Decoder(STREAM_CAP);
  const received: Buffer[] = [];
  const frames: (FromWorker | undefined)[] = [];
  let violations = 0;
  try {
    for (const chunk of chunks) {
      const decoded = decoder.push(chunk);
      for (const frame of decoded.frames) {
        received.push(Buffer.from(frame));
        const read = readFromWorker(frame);
        frames.push(read);
        const wrong = receive(watched.run, read);
        if (wrong !== undefined) watched.run.stop({ ...VIOLATION });
      }
      if (decoded.violation === undefined) continue;
      violations += 1;
      watched.run.stop({ ...VIOLATION });
    }
  } catch (error) {
    return { end: 'thrown', fault: `it threw ${error}` };
  }
  const expected = cutFrames(bytes, STREAM_CAP);
  const fault =
    findMisread(expected, received, violations) ??
    findLooseShape(frames) ??
    (await findWrongEnd(watched, frames, expected.isViolated));
  return { end: watched.ends[0] === undefined ? 'without an end' : describeEnd(watched.ends[0]), fault };
}

function startRun(): Watched {
  const canceller = new AbortController();
  const watched = {
    ends: [] as RunEnd[],
    kills: [] as string[],
    signals: [] as AbortSignal[],
    sentLate: 0,
    cancel: () => canceller.abort(),
  };
  const request = {
    tenant: { principal: 'ann', session: 'main' },
    program: programOf('return 1;'),
    operations: OPERATIONS,
    timeoutMs: 30_000,
    seed: SEED,
    now: NOW,
    answer: async (_: unknown, signal: AbortSignal) => {
      watched.signals.push(signal);
      return { ok: true, json: '{}' } as const;
    },
    signal: canceller.signal,
  };
  const run = new ActiveRun(RUN, request, 0, STREAM_LIMITS, {
    send: () => {
      if (run.isOver) watched.sentLate += 1;
    },
    kill: (reason) => watched.kills.push(reason),
  });
  void run.end.then((end) => watched.ends.push(end));
  run.start();
  return Object.assign(watched, { run });
}

/** As the worker hands frames on, where nothing else is going on. */
function receive(run: ActiveRun, frame: FromWorker | undefined): string | undefined {
  if (frame === undefined) return 'no frame';
  if (frame.t === 'ready') return run.isOver ? undefined : 'ready while it is not';
  if (frame.run === RUN) return run.receive(frame);
  return frame.run > RUN ? 'a frame of a later run' : undefined;
}

function findMisread(
  expected: ReturnType<typeof cutFrames>,
  received: readonly Buffer[],
  violations: number,
): string | undefined {
  if (expected.frames.length !== received.length)
    return `${received.length} frames were read, and ${expected.frames.length} sent`;
  const at = received.findIndex((frame, index) => expected.frames[index]?.equals(frame) !== true);
  if (at !== -1) return `frame ${at} was read as something else`;
  if (violations > 0 !== expected.isViolated) return 'a length beyond the cap was not told rightly';
  return undefined;
}

/** What was read is read again as the same: it has the fields of a frame, and nothing else. */
function findLooseShape(frames: readonly (FromWorker | undefined)[]): string | undefined {
  for (const frame of frames) {
    if (frame === undefined) continue;
    const text = JSON.stringify(frame);
    const again = JSON.stringify(readFromWorker(Buffer.from(text)));
    if (again !== text) return `${text} is read again as ${again}`;
  }
  return undefined;
}

async function findWrongEnd(
  watched: Watched,
  frames: readonly (FromWorker | undefined)[],
  isViolated: boolean,
): Promise<string | undefined> {
  const predicted = predictEnd(frames, RUN, STREAM_LIMITS);
  const expected = predicted === 'open' ? (isViolated ? 'PROTOCOL_VIOLATION' : 'CANCELLED') : predicted;
  // Too late for a run that is over: the first cause has won.
  watched.cancel();
  watched.run.stop({ ...VIOLATION });
  await watched.run.end;
  const told = JSON.stringify(watched.ends);
  // Answers leave in the event loop's next turn, if they leave.
  await new Promise((resolve) => setImmediate(resolve));
  const [end] = watched.ends;
  if (end === undefined || watched.ends.length !== 1) return `the run had ${watched.ends.length} ends`;
  if (JSON.stringify(watched.ends) !== told) return 'the end changed after it was told';
  if (describeEnd(end) !== expected) return `the run ended with ${describeEnd(end)}, not ${expected}`;
  const kills = expected === 'PROTOCOL_VIOLATION' || expected === 'CANCELLED' ? 1 : 0;
  if (watched.kills.length !== kills)
    return `the worker was killed ${watched.kills.length} times, not ${kills}`;
  if (watched.sentLate > 0) return 'something was sent after the end';
  if (watched.signals.some((signal) => !signal.aborted)) return 'the bridge was not revoked';
  return undefined;
}

function describeEnd(end: RunEnd): string {
  return end.kind === 'stopped' ? end.code : end.kind;
}
