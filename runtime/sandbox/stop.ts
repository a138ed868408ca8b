import type { LimitHit, Limits } from '../contract/limits.ts';
import type { GuestError, RunEnd, StopCode } from '../contract/sandbox.ts';

/** A cause of termination from outside, and what the agent is told of it. */
export interface Stop {
  readonly code: StopCode;
  readonly message: string;
  readonly limit?: LimitHit;
}

/** How a worker's process ended by itself. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export const CANCELLED: Stop = { code: 'CANCELLED', message: 'The client cancelled the run.' };
export const CLOSING: Stop = { code: 'SANDBOX_UNAVAILABLE', message: 'The server is shutting down.' };

type MemoryLimit = 'heapMb' | 'externalMb';

/** The last words of V8 and Node when they cannot go on without memory, and whose memory it was. */
const LAST_WORDS: readonly { readonly words: RegExp; readonly limit: MemoryLimit }[] = [
  { words: /JavaScript heap out of memory|Fatal JavaScript invalid size error/, limit: 'heapMb' },
  { words: /process out of memory|bad_alloc|allocation failed|allocate memory/i, limit: 'externalMb' },
];
/** What V8 says of its heap in its last words: how much of it there was, in MB. */
const HEAP_MB = /-> [\d.]+ \(([\d.]+)\) MB/g;
/** V8 gives up by an abort or a trap. A wrapper's exit code is 128 and the signal's number. */
const GAVE_UP: ReadonlySet<string> = new Set(['SIGABRT', 'SIGILL', 'SIGTRAP', '134', '132', '133']);
/** What a program is thrown that asks for more memory outside the heap than there may be. */
const REFUSED_MEMORY = /^Array buffer allocation failed$|^ArrayBuffer\.prototype\.resize: Out of memory$/;
const HOLD_LESS = 'Hold less at once: ask for fewer items, or work in parts.';

/** @param timeoutMs the run's own limit */
export function stopForTime(timeoutMs: number): Stop {
  return {
    code: 'TIMEOUT',
    message: `The run took longer than ${timeoutMs} ms (timeoutMs of the request, or limit runMs) and was killed. Do less in one run, make independent calls at once with Promise.all, or ask for more time with timeoutMs.`,
    limit: { name: 'runMs', value: timeoutMs },
  };
}

/** @param which the limit, if it is known; both are named else, and a program that computes hits the heap's first */
export function stopForMemory({ heapMb, externalMb }: Limits, which?: MemoryLimit): Stop {
  const code = 'MEMORY_LIMIT';
  switch (which) {
    case 'heapMb': {
      const message = `The run's objects and strings needed more memory than limit heapMb (${heapMb}) allows, and it was killed. ${HOLD_LESS}`;
      return { code, message, limit: { name: which, value: heapMb } };
    }
    case 'externalMb': {
      const message = `The run needed more memory outside the heap (buffers, typed arrays, the engine's own work) than limit externalMb (${externalMb}) allows, and was killed. ${HOLD_LESS}`;
      return { code, message, limit: { name: which, value: externalMb } };
    }
    case undefined: {
      const message = `The run used more memory than limits heapMb (${heapMb}) and externalMb (${externalMb}) allow, and was killed. ${HOLD_LESS}`;
      return { code, message, limit: { name: 'heapMb', value: heapMb } };
    }
    default:
      return which satisfies never;
  }
}

/** An error that a program threw, with the limit that it hit where the engine does not name it. */
export function explainThrown(error: GuestError, { externalMb }: Limits): GuestError {
  const isRefused = error.name === 'RangeError' && REFUSED_MEMORY.test(error.message);
  if (!isRefused || error.code !== undefined) return error;
  const message = `${error.message}: more memory outside the heap than limit externalMb (${externalMb}) allows. Use smaller buffers and typed arrays, or fewer at once.`;
  return { ...error, code: 'MEMORY_LIMIT', message, limit: { name: 'externalMb', value: externalMb } };
}

export function stopForQueue({ queue }: Limits): Stop {
  return {
    code: 'QUEUE_FULL',
    message: `The queue for a worker is full: limit queue (${queue}), which all clients share; whoever has the most runs waiting is refused first. Try again in a few seconds.`,
    limit: { name: 'queue', value: queue },
  };
}

/** @param difference between the run and what was recorded of it */
export function stopForDivergence(difference: string): Stop {
  const message = `The run does not do again what it did before it was interrupted, and was stopped before it called anything anew: ${difference}.`;
  return { code: 'REPLAY_DIVERGED', message };
}

/** @param reason why the last worker did not start */
export function stopForNoWorker(reason: string): Stop {
  const message = `No worker could be started: ${reason}. Try again in a few seconds.`;
  return { code: 'SANDBOX_UNAVAILABLE', message };
}

/** Why a run has ended whose worker died by itself. */
export function stopForDeath(death: Death, limits: Limits): Stop {
  const which = LAST_WORDS.find(({ words }) => words.test(death.stderr))?.limit;
  if (which !== undefined) return stopForMemory(limits, isPlain(which, death, limits) ? which : undefined);
  if (GAVE_UP.has(death.signal ?? String(death.code))) return stopForMemory(limits);
  const message = `The worker died (${describeDeath(death)}). Nothing more of the program ran. Before running it again, see what it had written.`;
  return { code: 'WORKER_LOST', message };
}

/**
 * Whether V8's words can be believed. They are the same when its heap is full, when one value is too large for
 * it, and when memory outside has left it no room to grow.
 */
function isPlain(which: MemoryLimit, { stderr }: Death, { heapMb }: Limits): boolean {
  const [, held] = [...stderr.matchAll(HEAP_MB)].at(-1) ?? [];
  return which !== 'heapMb' || held === undefined || Number(held) > heapMb / 2;
}

/** In a person's words: `exit code 134`, `signal SIGKILL`. */
export function describeDeath({ code, signal }: Death): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

/** The end of a run that never reached a worker. */
export function neverStarted(stop: Stop, waitedMs: number): RunEnd {
  return { kind: 'stopped', ...stop, started: false, logs: [], droppedLogs: 0, waitedMs, ranMs: 0 };
}
