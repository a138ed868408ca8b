import type { JudgedEffect } from './policy.ts';

/** What a person is asked before a program starts. */
export interface ApprovalQuestion {
  /** What policy wants the person to agree to. At least one. */
  readonly asked: readonly JudgedEffect[];
  /** What else the program can do. */
  readonly others: readonly JudgedEffect[];
}

/** `unable`: there was nobody who could be asked, or no answer came. */
export type Approval = 'allowed-once' | 'allowed-for-session' | 'denied' | 'unable';

/** Puts a question to the person whom the code runs for. Never rejects. */
export type AskPerson = (question: ApprovalQuestion, signal: AbortSignal) => Promise<Approval>;
