import type { ErrorCode } from './error-codes.ts';
import type { JsonValue } from './json.ts';
import type { LimitName } from './limits.ts';
import type { JudgedEffect } from './policy.ts';
import type { Diagnostic, ProgramEffect } from './program.ts';
import type { LogLine } from './sandbox.ts';

/** A remark that comes with a result and stops nothing. A `Diagnostic` is one that has a place. */
export interface Warning {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What an execution did to the backend so far. */
export interface CallTally {
  /** Calls that reached the backend. */
  readonly made: number;
  /** Those of them that could change data: effect `write`, `delete` or `admin`. */
  readonly wrote: number;
}

/** Milliseconds spent in each stage. */
export interface Timings {
  readonly checkMs: number;
  /** Waiting for a worker. */
  readonly waitMs: number;
  readonly runMs: number;
  readonly filterMs: number;
  readonly totalMs: number;
}

/** A place in the agent's code, as far as it is known. */
export interface FailurePlace {
  readonly line?: number;
  readonly column?: number;
  readonly snippet?: string;
  readonly suggestion?: string;
}

/** Why an execution has no value. `limit` is there when one was hit. */
export interface Failure extends FailurePlace {
  readonly code: ErrorCode;
  readonly message: string;
  readonly limit?: { readonly name: LimitName; readonly value: number };
}

/** What an execution came to. */
export type Outcome = (
  | { readonly kind: 'refused'; readonly failures: readonly Failure[] }
  | { readonly kind: 'planned' }
  /** `kept` is true when the whole value can be read later, because a reply may have to cut it. */
  | { readonly kind: 'finished'; readonly value: JsonValue; readonly kept: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly started: boolean }
) & {
  readonly execution: string;
  readonly session: string;
  readonly warnings: readonly (Warning | Diagnostic)[];
  readonly effects: readonly ProgramEffect[];
  /** What policy says of each effect: after a dry run only. */
  readonly judged?: readonly JudgedEffect[];
  readonly logs: readonly LogLine[];
  readonly calls: CallTally;
  readonly timings: Timings;
};
