import type { OperationId } from './catalogue.ts';
import type { ErrorCode } from './error-codes.ts';
import type { JsonValue } from './json.ts';
import type { LimitHit } from './limits.ts';
import type { PersonalValue } from './privacy.ts';
import type { SkillStore } from './skill.ts';

/** Why a session could not be opened, or a variable of it neither read nor stored. */
export type SessionRefusal = {
  readonly ok: false;
  readonly code: Extract<
    ErrorCode,
    | 'INVALID_SESSION'
    | 'SESSION_UNAVAILABLE'
    | 'VARIABLE_CONFLICT'
    | 'VARIABLE_INVALID'
    | 'VARIABLE_TOO_LARGE'
  >;
  readonly message: string;
  readonly limit?: LimitHit;
};

/** Why a whole result is not kept. */
export interface NotKept {
  readonly message: string;
  readonly limit?: LimitHit;
}

type Answer<Value> = Promise<{ readonly ok: true; readonly value: Value } | SessionRefusal>;

/**
 * The variables of one session, as one execution sees them. What `set` acknowledged is on disk. A variable that
 * the execution has read, or written, is changed only if nobody else changed it since: no write is lost.
 */
export interface SessionVariables {
  get(key: string): Answer<{ readonly found: false } | { readonly found: true; readonly value: JsonValue }>;
  set(key: string, value: JsonValue): Answer<null>;
  /** False when there was no such variable. */
  delete(key: string): Answer<boolean>;
  keys(): Answer<readonly string[]>;
}

/** The operations that a person has agreed to for a whole session. */
export interface SessionApprovals {
  /** None where they cannot be read: then the person is asked again. */
  list(): Promise<ReadonlySet<OperationId>>;
  /** What cannot be stored is asked for again next time. */
  add(operations: readonly OperationId[]): Promise<void>;
}

/** What a token stands for. */
export interface KeptValue {
  readonly text: string;
  /** The backends that may know it anyway, by their roots. */
  readonly origins: ReadonlySet<string>;
}

/** The tokens that stand for personal data in one session. No other session makes the same, or knows them. */
export interface SessionTokens {
  /**
   * The same value always has the same token.
   * @param origins where the values came from, as roots of backends
   * @returns in the same order; marks in the place of tokens when no more values can be kept
   */
  make(values: readonly PersonalValue[], origins: readonly string[]): Promise<readonly string[]>;
  /** Looks tokens up. Those that this session did not make are left out. */
  find(tokens: readonly string[]): Answer<ReadonlyMap<string, KeptValue>>;
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

/** A session of one principal, opened for one execution: its variables, its tokens, its history, the whole of cut results. */
export interface Session {
  readonly id: string;
  readonly variables: SessionVariables;
  readonly approvals: SessionApprovals;
  readonly tokens: SessionTokens;
  /** Adds to the history, in the background; the store's `close` waits for it. */
  record(execution: ExecutionRecord): void;
  /** Keeps a whole result, as JSON text. Resolves to true, or to why it is not kept. */
  keepResult(execution: string, json: string): Promise<true | NotKept>;
}

export interface SessionStore {
  readonly skills: SkillStore;
  /** Finds or creates a session. Another principal's session is as good as none: its name is refused. */
  open(
    principal: string,
    session: string,
  ): Promise<{ readonly ok: true; readonly session: Session } | SessionRefusal>;
  /** The whole of a result that was kept, if it belongs to this principal. */
  readResult(principal: string, execution: string): Promise<string | undefined>;
  history(principal: string, session: string): Promise<readonly ExecutionRecord[]>;
  close(): Promise<void>;
}
