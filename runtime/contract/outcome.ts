import type { ErrorCode } from './error-codes.ts';
import type { JsonValue } from './json.ts';
import type { LimitHit } from './limits.ts';
import type { JudgedEffect } from './policy.ts';
import type { Diagnostic, ProgramEffect } from './program.ts';
import type { LogLine, SkillPlace } from './sandbox.ts';
import type { NotKept } from './session.ts';

/** A remark that comes with a result and stops nothing. A `Diagnostic` is one that has a place. */
export interface Warning {
  readonly code: ErrorCode;
  readonly message: string;
  /** The limit that was hit, if the warning is about one. */
  readonly limit?: LimitHit;
}

/** What an execution did to the backend so far. */
export interface CallTally {
  /** Calls that reached the backend. */
  readonly made: number;
  /** Those of them that could change data: effect `write`, `delete` or `admin`. */
  readonly wrote: number;
  /** Those that had no answer when the run ended: whether they take effect is not known. */
  readonly unanswered: number;
}

/** Milliseconds spent in each stage. */
export interface Timings {
  readonly checkMs: number;
  /** Waiting for a worker, or with nothing left to do for a person. */
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
  /** Where in the text of a skill it was, if it was in one: the place above is where the program called it. */
  readonly skill?: SkillPlace;
}

/** Why an execution has no value. `limit` is there when one was hit. */
export interface Failure extends FailurePlace {
  readonly code: ErrorCode;
  readonly message: string;
  readonly limit?: LimitHit;
}

/** A skill that was saved. */
export interface SavedSkill {
  readonly name: string;
  readonly signature: string;
  /** Whether it took the place of one of the same name. */
  readonly replaced: boolean;
}

/** What an execution came to. */
export type Outcome = (
  | {
      readonly kind: 'refused';
      readonly failures: readonly Failure[];
      /** Whether it was to go on where it had been cut off. */
      readonly isResumed?: boolean;
    }
  | { readonly kind: 'planned' }
  | {
      readonly kind: 'finished';
      readonly value: JsonValue;
      /** Whether the whole value can be read later, because a reply may have to cut it; or why it cannot. */
      readonly kept: boolean | NotKept;
      readonly savedSkill?: SavedSkill;
    }
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
