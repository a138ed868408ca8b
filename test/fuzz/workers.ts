import fc from 'fast-check';
import type { RunEnd, RunRequest } from '../../runtime/contract/sandbox.ts';
import type { Confinement } from '../../runtime/sandbox/confinement.ts';
import type { SandboxEvent } from '../../runtime/sandbox/event.ts';
import { encodeFrame } from '../../runtime/sandbox/frames.ts';
import { Worker } from '../../runtime/sandbox/worker.ts';
import { echo, NOW, OPERATIONS, programOf, SEED } from '../sandbox/harness.ts';
import { STREAM_LIMITS, showStream } from './frames.ts';
import type { FuzzOptions, FuzzReport } from './fuzzer.ts';
import { fuzzProperty, type Trial } from './properties.ts';
import { type Stream, streams } from './streams.ts';

/** A worker that is no guest: it says a stream at its start, and one in each of its runs. */
interface Impostor {
  readonly isReady: boolean;
  readonly early: Stream;
  readonly inRuns: readonly [Stream, Stream];
  /** Whether it is silent at the end or gone. */
  readonly stays: boolean;
}

/**
 * Writes its first argument, then one more for each byte or line of a run that it is sent. Without a process of
 * its own: whoever kills the worker kills all of it.
 */
const SHELL = '/bin/bash';
const SCRIPT =
  'printf "$1"; IFS= read -r -d "" -n 1; printf "$2"; IFS= read -r -t 1 -d "" -n 20000; printf "$3"; "$4"';
/** How many processes are there at once. */
const ABREAST = 12;
const RUN_MS = 400;

const whole = (bytes: Buffer): Stream => ({ bytes, chunks: [bytes] });
const NOTHING = whole(Buffer.alloc(0));
/** What an honest guest says of a run, so that there is another one after it. */
const honest = (run: number): Stream =>
  whole(
    Buffer.concat([
      encodeFrame(JSON.stringify({ t: 'done', run, end: { json: '1' }, droppedLogs: 0 })),
      encodeFrame('{"t":"ready"}'),
    ]),
  );

const impostors: fc.Arbitrary<Impostor> = fc.record({
  isReady: fc.oneof({ weight: 12, arbitrary: fc.constant(true) }, fc.constant(false)),
  early: fc.oneof({ weight: 8, arbitrary: fc.constant(NOTHING) }, streams(0)),
  inRuns: fc.tuple(
    fc.oneof(streams(1), fc.constant(honest(1))),
    fc.oneof(streams(2), fc.constant(honest(2))),
  ),
  stays: fc.boolean(),
});

/** Sends streams that an attacker made to the parent's end of a worker, from real processes. */
export async function fuzzWorkers(options: FuzzOptions): Promise<FuzzReport> {
  return await fuzzProperty(options, {
    name: 'frames:workers',
    inputs: impostors,
    attempt: runImpostor,
    show: ({ isReady, early, inRuns, stays }) =>
      `${isReady ? 'ready' : 'not ready'}, ${stays ? 'stays' : 'goes'}; ${[early, ...inRuns].map(showStream).join('; ')}`,
    abreast: ABREAST,
  });
}

async function runImpostor(impostor: Impostor): Promise<Trial> {
  const { isReady, early, inRuns, stays } = impostor;
  const events: SandboxEvent[] = [];
  let ended = 0;
  const start = Buffer.concat([...(isReady ? [encodeFrame('{"t":"ready"}')] : []), early.bytes]);
  const says = [start, ...inRuns.map(({ bytes }) => bytes)].map(escapeForPrintf);
  const confinement: Confinement = {
    command: SHELL,
    args: ['-c', SCRIPT, 'impostor', ...says, stays ? 'read' : 'true'],
    prlimit: undefined,
    user: undefined,
    layers: [],
  };
  const kind = {
    confinement,
    guest: Buffer.alloc(0),
    roots: ['athena'],
    limits: STREAM_LIMITS,
    onEvent: (event: SandboxEvent) => events.push(event),
  };
  const worker = new Worker(kind, () => {
    ended += 1;
  });
  const ends: RunEnd[] = [];
  if ((await worker.ready) === undefined) {
    for (let run = 0; run < 2 && !worker.isEnded; run += 1) {
      const { end } = await worker.run(createRequest(), 0, () => false);
      ends.push(end);
    }
  }
  worker.end('over');
  await worker.gone;
  return { end: describe(ends), fault: findFault(ends, events, ended) };
}

function createRequest(): RunRequest {
  return {
    tenant: { principal: 'ann', session: 'main' },
    program: programOf('return 1;'),
    operations: OPERATIONS,
    timeoutMs: RUN_MS,
    seed: SEED,
    now: NOW,
    answer: echo,
    signal: new AbortController().signal,
  };
}

function describe(ends: readonly RunEnd[]): string {
  const told = ends.map((end) => (end.kind === 'stopped' ? end.code : end.kind));
  return told.length === 0 ? 'never ready' : told.join(', ');
}

function findFault(
  ends: readonly RunEnd[],
  events: readonly SandboxEvent[],
  ended: number,
): string | undefined {
  const deaths = events.filter(({ kind }) => kind === 'worker-ended').length;
  if (ended !== 1) return `the worker ended ${ended} times`;
  if (deaths !== 1) return `the worker’s end was told ${deaths} times`;
  const loose = ends.find(({ logs }) => logs.length > STREAM_LIMITS.logLines);
  return loose === undefined ? undefined : `${loose.logs.length} log lines were kept`;
}

/** Octal, since printf knows it everywhere. */
function escapeForPrintf(bytes: Buffer): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
