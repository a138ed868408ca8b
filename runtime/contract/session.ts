import type { ErrorCode } from './error-codes.ts';
import type { JsonValue } from './json.ts';
import type { LimitHit } from './limits.ts';

/** A session variable that could not be stored. */
export type VariableRefusal = {
  readonly ok: false;
  readonly code: Extract<ErrorCode, 'VARIABLE_INVALID' | 'VARIABLE_TOO_LARGE'>;
  readonly message: string;
  readonly limit?: LimitHit;
};

/** The variables of one session. What `set` acknowledged is on disk. */
export interface SessionVariables {
  get(key: string): Promise<{ readonly found: false } | { readonly found: true; readonly value: JsonValue }>;
  set(key: string, value: JsonValue): Promise<{ readonly ok: true } | VariableRefusal>;
  /** False when there was no such variable. */
  delete(key: string): Promise<boolean>;
  keys(): Promise<readonly string[]>;
}

/** One line of a session's history. */
export interface ExecutionRecord {
  readonly execution: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly code: string;
  readonly codeHash: string;
  /** What seeded `Math.random`. */
  readonly seed: string;
  /** `finished`, `planned`, or the code of the failure. */
  readonly outcome: string;
  readonly callsMade: number;
  readonly callsWrote: number;
  readonly totalMs: number;
}

/** A session of one principal: its variables, its history, the whole of results that a reply cut. */
export interface Session {
  readonly id: string;
  readonly variables: SessionVariables;
  /** Adds to the history, in the background; the store's `close` waits for it. */
  record(execution: ExecutionRecord): void;
  /** Keeps a whole result, as JSON text. False when it is larger than what a session may keep. */
  keepResult(execution: string, json: string): Promise<boolean>;
}

export interface SessionStore {
  /** Finds or creates a session. Another principal's session is as good as none: its name is refused. */
  open(
    principal: string,
    session: string,
  ): Promise<
    | { readonly ok: true; readonly session: Session }
    | { readonly ok: false; readonly code: Extract<ErrorCode, 'INVALID_SESSION'>; readonly message: string }
  >;
  /** The whole of a result that was kept, if it belongs to this principal. */
  readResult(principal: string, execution: string): Promise<string | undefined>;
  history(principal: string, session: string): Promise<readonly ExecutionRecord[]>;
  close(): Promise<void>;
}
