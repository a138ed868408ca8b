import type { OperationId } from './catalogue.ts';
import type { LimitHit } from './limits.ts';
import type { Program } from './program.ts';
import type { AnsweredFrame, CallAnswer, GuestCall } from './sandbox.ts';

/** What tells an operation's schema from an earlier one. */
export type SchemaDigests = Readonly<Record<OperationId, string>>;

/** What a run is made of besides its frames. */
export interface RunHead {
  readonly execution: string;
  readonly code: string;
  /** What seeded `Math.random`, 32 hex digits. */
  readonly seed: string;
  /** Milliseconds since the epoch: the guest's time at its start. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly program: Program;
  readonly operations: readonly OperationId[];
  /** Of the operations, as they were. */
  readonly schemas: SchemaDigests;
  /** The name of the function that is saved as a skill when the run has finished, if one is. */
  readonly saveSkill?: string;
}

/** What a run was answered before it was interrupted. */
export interface RunPast {
  readonly frames: readonly AnsweredFrame[];
  /** Answers that the guest never saw, by the call's number. */
  readonly answered: ReadonlyMap<number, CallAnswer>;
  /** Calls that were about to change data and were never answered: whether they did is not known. */
  readonly unknown: ReadonlySet<number>;
}

/**
 * What the guest is answered, written down before it learns of it, so that the run can be resumed or replayed.
 * A journal that cannot be written is given up: the run goes on, and its reply says so.
 */
export interface RunJournal {
  readonly past: RunPast;
  /** Before somebody is asked about the first call: the run can be resumed from here on. */
  begin(): Promise<void>;
  /**
   * Before a call that may change data leaves. What is written is on disk when it resolves. False when it could neither
   * be written nor the journal be given up: then the call must not leave, or a resumed run would make it again.
   */
  intend(call: GuestCall): Promise<boolean>;
  /** Before answers enter the guest. */
  note(frame: AnsweredFrame): Promise<void>;
  /** The run was taken up and not begun: it is again what it was, and may be resumed another time. */
  release(): Promise<void>;
  /** Why it was given up, if it was, as the end of a sentence. */
  givenUp(): { readonly message: string; readonly limit?: LimitHit } | undefined;
}

/** The past of a run that begins. */
export const NO_PAST: RunPast = Object.freeze({
  frames: [],
  answered: new Map(),
  unknown: new Set<number>(),
});
