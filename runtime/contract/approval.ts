import type { OperationId } from './catalogue.ts';
import type { JsonObject } from './json.ts';
import type { JudgedEffect } from './policy.ts';

/** One call that policy wants a person to agree to, ready to be carried out. */
export interface ApprovalRequest {
  readonly operation: OperationId;
  /** As the operation would receive them: with its defaults, and with what tokens stand for. */
  readonly params: JsonObject;
  /** As the program sent them, as JSON. */
  readonly sent: string;
}

/** Parameters as text that can be put before a person. */
export interface ShownParameters {
  /** A member a line, as JSON; empty when there are none. Nothing in it ends a line or cannot be seen. */
  readonly text: string;
  /** How many characters of JSON all of them are. */
  readonly characters: number;
  readonly isCut: boolean;
}

/** What a person is asked about one call. */
export interface ApprovalQuestion {
  readonly asked: JudgedEffect;
  readonly parameters: ShownParameters;
  /** What else the program can do. */
  readonly others: readonly JudgedEffect[];
}

/** `undecided`: the question was closed, or could not be put or answered. */
export type PersonAnswer = 'allowed-once' | 'allowed-for-session' | 'denied' | 'undecided';

/**
 * Puts a question to the person whom the code runs for. Never rejects; resolves soon after the signal is aborted,
 * and takes the question back.
 */
export type AskPerson = (question: ApprovalQuestion, signal: AbortSignal) => Promise<PersonAnswer>;

/** What becomes of one call. `late`: nobody answered in time. `not-asked`: the run has asked too often, or in vain. */
export type Decision = PersonAnswer | 'late' | 'not-asked';

/** Decides one call. Never rejects. */
export type Approve = (request: ApprovalRequest, signal: AbortSignal) => Promise<Decision>;
