import type { OperationId } from './catalogue.ts';
import type { ConfinementLayer, ConfinementLevel } from './confinement.ts';
import type { ErrorCode } from './error-codes.ts';
import type { LimitHit } from './limits.ts';
import type { Program } from './program.ts';

/** Names under which the guest reaches what is not an operation. `@` can begin no operation id. */
export const BUILT_IN_CALLS = [
  '@session.get',
  '@session.set',
  '@session.delete',
  '@session.keys',
  '@sleep',
] as const;
export type BuiltInCall = (typeof BUILT_IN_CALLS)[number];

/** One call as the guest made it: strings only, nothing trusted. */
export interface GuestCall {
  /** Counts the calls of a run, from 1. */
  readonly number: number;
  /** An operation id or a built-in's name, as claimed by the guest. */
  readonly name: string;
  /** The one argument as JSON text. */
  readonly json: string;
}

/** Why a call was refused or failed: what the guest throws. `limit` is there when one was hit. */
export interface CallRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly limit?: LimitHit;
}

/** What the guest is told of a call: JSON text, or what to throw. */
export type CallAnswer =
  | { readonly ok: true; readonly json: string }
  | ({ readonly ok: false } & CallRefusal);

/**
 * Says that a call waits for a person from now on. What it gives back says that it waits no more. The time of a run
 * stands still while all that it does is to wait for a person.
 */
export type BeginWait = () => () => void;

/** A call with what the guest was told of it. */
export interface AnsweredCall extends GuestCall {
  readonly answer: CallAnswer;
}

/**
 * Answers that enter the guest together, in this order. The guest handles one frame at a time and has no other
 * source of time or chance: what it does follows from its program, its seed and its frames.
 */
export interface AnsweredFrame {
  /** The guest's time from here on, in ms since the epoch. */
  readonly now: number;
  readonly calls: readonly AnsweredCall[];
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** Whose process runs the program. Two principals, and two sessions, never share one. */
export interface Tenant {
  readonly principal: string;
  readonly session: string;
}

/** Why a run is stopped whose question nobody will answer in this process. */
export const SERVER_ENDS = 'the server ends';

export interface RunRequest {
  readonly tenant: Tenant;
  readonly program: Program;
  /** The grant: nothing else exists inside the sandbox. */
  readonly operations: readonly OperationId[];
  readonly timeoutMs: number;
  /** Seeds `Math.random`, 32 hex digits; recorded, so that a run can be replayed. */
  readonly seed: string;
  /** `Date.now()` at the start, in ms since the epoch. Time in the guest moves only when a call is answered. */
  readonly now: number;
  /** The bridge. Never rejects. The signal is aborted as soon as the run has ended. */
  readonly answer: (call: GuestCall, signal: AbortSignal, beginWait: BeginWait) => Promise<CallAnswer>;
  /** What the run was answered before it was interrupted: its calls are compared and answered the same. */
  readonly past?: readonly AnsweredFrame[];
  /** Told of answers before they leave. They wait for it. Never rejects. */
  readonly note?: (frame: AnsweredFrame) => Promise<void>;
  /** Aborted when the client cancels, or, with the reason `SERVER_ENDS`, when the server does not wait any longer. */
  readonly signal: AbortSignal;
}

/** A place in the text of a skill, 1-based. */
export interface SkillPlace {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** The line itself, without its types. */
  readonly snippet?: string;
}

/** An error as the guest described it: strings and numbers only, nothing trusted. */
export interface GuestError {
  readonly name: string;
  readonly message: string;
  /** The code of a failed call that the program did not catch; `SYNTAX_ERROR` when it could not be evaluated. */
  readonly code?: ErrorCode;
  /** The limit that the call hit. */
  readonly limit?: LimitHit;
  /** 1-based place in the agent's code, where the stack tells. */
  readonly line?: number;
  readonly column?: number;
  /** Where in a skill that was, if it was in one: `line` and `column` are where the program called it. */
  readonly skill?: SkillPlace;
}

/** Why a run was ended from outside. The first cause wins. */
export type StopCode = Extract<
  ErrorCode,
  | 'TIMEOUT'
  | 'MEMORY_LIMIT'
  | 'RESULT_TOO_LARGE'
  | 'RESULT_NOT_JSON'
  | 'CANCELLED'
  | 'WORKER_LOST'
  | 'PROTOCOL_VIOLATION'
  | 'QUEUE_FULL'
  | 'REPLAY_DIVERGED'
  | 'SANDBOX_UNAVAILABLE'
>;

/** How a run ended. `started` is false when no line of the program ran. */
export type RunEnd =
  /** `json` is null when the program returned `undefined`. */
  (
    | { readonly kind: 'returned'; readonly json: string | null }
    | { readonly kind: 'threw'; readonly error: GuestError }
    | {
        readonly kind: 'stopped';
        readonly code: StopCode;
        readonly message: string;
        readonly limit?: LimitHit;
      }
  ) & {
    readonly started: boolean;
    readonly logs: readonly LogLine[];
    /** The limit beyond which the guest dropped all log lines, if it did. */
    readonly logLimit?: LimitHit;
    /** How many lines it dropped; 0 for a run that did not live to tell. */
    readonly droppedLogs: number;
    /** For a worker, and for a person. */
    readonly waitedMs: number;
    readonly ranMs: number;
  };

export interface Sandbox {
  /** Never rejects: every way to end is a `RunEnd`. */
  run(request: RunRequest): Promise<RunEnd>;
  /** How workers are confined here, for the log and for people: `namespaces, no-new-privs, …`. */
  readonly confinement: readonly string[];
  /** How far that goes, by what was seen. Undefined where the sandbox was opened, for a test, without looking. */
  readonly level: ConfinementLevel | undefined;
  readonly layers: readonly ConfinementLayer[];
  /** Lets runs finish within their limit, then ends all workers. */
  close(): Promise<void>;
}
