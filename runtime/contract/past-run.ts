import type { ErrorCode } from './error-codes.ts';
import type { RunHead } from './journal.ts';
import type { AnsweredFrame, RunEnd } from './sandbox.ts';

/** A run that was cut off by the death of its process. */
export interface InterruptedRun {
  readonly execution: string;
  readonly session: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** A run of the history, with all that is needed to run it again. */
export interface PastRun {
  readonly session: string;
  /** As in the history. */
  readonly outcome: string;
  readonly head: RunHead;
  readonly frames: readonly AnsweredFrame[];
  /** Undefined when it was cut off. */
  readonly end?: RunEnd;
}

export interface ResumeRefusal {
  readonly ok: false;
  readonly code: Extract<ErrorCode, 'RESUME_REFUSED'>;
  readonly message: string;
}
