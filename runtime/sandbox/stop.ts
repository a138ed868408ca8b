import type { LimitName, Limits } from '../contract/limits.ts';
import type { RunEnd, StopCode } from '../contract/sandbox.ts';

/** A cause of termination from outside, and what the agent is told of it. */
export interface Stop {
  readonly code: StopCode;
  readonly message: string;
  readonly limit?: { readonly name: LimitName; readonly value: number };
}

/** How a worker's process ended by itself. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export const CANCELLED: Stop = { code: 'CANCELLED', message: 'The client cancelled the run.' };
export const CLOSING: Stop = { code: 'SANDBOX_UNAVAILABLE', message: 'The server is shutting down.' };

/** What V8 and Node say when they cannot go on without memory. */
const OUT_OF_MEMORY = /heap|out of memory|allocation failed|cannot allocate|bad_alloc/i;
/** V8 gives up by an abort or a trap. A wrapper's exit code is 128 and the signal's number. */
const GAVE_UP: ReadonlySet<string> = new Set(['SIGABRT', 'SIGILL', 'SIGTRAP', '134', '132', '133']);

/** @param timeoutMs the run's own limit */
export function stopForTime(timeoutMs: number): Stop {
  return {
    code: 'TIMEOUT',
    message: `The run took longer than ${timeoutMs} ms (timeoutMs of the request, or limit runMs) and was killed. Do less in one run, make independent calls at once with Promise.all, or ask for more time with timeoutMs.`,
    limit: { name: 'runMs', value: timeoutMs },
  };
}

export function stopForMemory({ heapMb, externalMb }: Limits): Stop {
  return {
    code: 'MEMORY_LIMIT',
    message: `The run used more memory than limits heapMb (${heapMb}) and externalMb (${externalMb}) allow, and was killed. Hold less at once: ask for fewer items, or work in parts.`,
    limit: { name: 'heapMb', value: heapMb },
  };
}

export function stopForQueue({ queue }: Limits): Stop {
  return {
    code: 'QUEUE_FULL',
    message: `The queue for a worker is full: limit queue (${queue}), which all clients share; whoever has the most runs waiting is refused first. Try again in a few seconds.`,
    limit: { name: 'queue', value: queue },
  };
}

/** @param reason why the last worker did not start */
export function stopForNoWorker(reason: string): Stop {
  const message = `No worker could be started: ${reason}. Try again in a few seconds.`;
  return { code: 'SANDBOX_UNAVAILABLE', message };
}

/** Why a run has ended whose worker died by itself. */
export function stopForDeath(death: Death, limits: Limits): Stop {
  const gaveUp = GAVE_UP.has(death.signal ?? String(death.code));
  if (gaveUp || OUT_OF_MEMORY.test(death.stderr)) return stopForMemory(limits);
  const message = `The worker died (${describeDeath(death)}). Nothing more of the program ran. Before running it again, see what it had written.`;
  return { code: 'WORKER_LOST', message };
}

/** In a person's words: `exit code 134`, `signal SIGKILL`. */
export function describeDeath({ code, signal }: Death): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

/** The end of a run that never reached a worker. */
export function neverStarted(stop: Stop, waitedMs: number): RunEnd {
  return { kind: 'stopped', ...stop, started: false, logs: [], droppedLogs: 0, waitedMs, ranMs: 0 };
}
