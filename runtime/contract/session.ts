import type { OperationId } from './catalogue.ts';
import type { ErrorCode } from './error-codes.ts';
import type { RunHead, RunJournal } from './journal.ts';
import type { JsonValue } from './json.ts';
import type { LimitHit } from './limits.ts';
import type { InterruptedRun, PastRun, ResumeRefusal } from './past-run.ts';
import type { PersonalValue } from './privacy.ts';
import type { RunEnd } from './sandbox.ts';
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

/** What a session, a namespace of its variables, and a project of skills can be called. */
export const GIVEN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** The same in words, after what is named. */
export const NAMED_BY =
  'is named by 1 to 64 letters, digits, dots, dashes and underscores, the first a letter or digit';

/** The namespace of the variables of `session.get` itself. */
export const DEFAULT_NAMESPACE = '';

/**
 * The variables of one session, as one execution sees them. Each is in a namespace, the default one when none is named. What `set` acknowledged is on disk. A variable that
 * the execution has read, or written, is changed only if nobody else changed it since: no write is lost.
 */
export interface SessionVariables {
  get(
    key: string,
    namespace?: string,
  ): Answer<{ readonly found: false } | { readonly found: true; readonly value: JsonValue }>;
  /** @param call the number of the call that wants it, as in `delete`: its answer is noted together with the change */
  set(key: string, value: JsonValue, call: number, namespace?: string): Answer<null>;
  /** False when there was no such variable. */
  delete(key: string, call: number, namespace?: string): Answer<boolean>;
  keys(namespace?: string): Answer<readonly string[]>;
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

/** What a run came to. */
export interface RunRecord {
  /** `finished`, `planned`, `running`, `interrupted` when its process died, or the code of the failure. */
  readonly outcome: string;
  readonly callsMade: number;
  readonly callsWrote: number;
  readonly totalMs: number;
  /** Whether it has saved the skill that it was to save: it does so once. */
  readonly isSkillSaved?: boolean;
}

/** One line of a session's history. */
export interface ExecutionRecord extends RunRecord {
  readonly execution: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly code: string;
  readonly codeHash: string;
  /** What seeded `Math.random`. */
  readonly seed: string;
}

/** A session of one principal, opened for one execution: its variables, its tokens, its history, the whole of cut results. */
export interface Session {
  readonly id: string;
  readonly variables: SessionVariables;
  readonly approvals: SessionApprovals;
  readonly tokens: SessionTokens;
  readonly journal: RunJournal;
  /**
   * Adds to the history, in the background; the store's `close` waits for it.
   * @param end how the run ended in the sandbox: what a replay is compared with
   */
  record(run: RunRecord, end: RunEnd): void;
  /** Keeps a whole result, as JSON text. Resolves to true, or to why it is not kept. */
  keepResult(execution: string, json: string): Promise<true | NotKept>;
}

export type OpenedSession = Promise<{ readonly ok: true; readonly session: Session } | SessionRefusal>;

/** A session as a list shows it. Times are milliseconds since the epoch. */
export interface SessionSummary {
  readonly name: string;
  readonly createdAt: number;
  /** To the minute. */
  readonly usedAt: number;
  /** When it goes if it is not used before. */
  readonly expiresAt: number;
  /** How many it holds. */
  readonly variables: number;
  /** How many of its executions are in the history. */
  readonly executions: number;
}

/** What a variable takes, without its value. */
export interface VariableSize {
  readonly namespace: string;
  readonly key: string;
  /** As JSON. */
  readonly bytes: number;
}

/** A session with all that is known of it but values. */
export interface SessionDetails extends SessionSummary {
  readonly variableSizes: readonly VariableSize[];
  /** Newest first. */
  readonly history: readonly ExecutionRecord[];
}

/** The sessions of each principal, to look through them. None of this counts as use. */
export interface SessionRegister {
  /** The last used first. Those whose time is over are left out. */
  list(principal: string): Promise<readonly SessionSummary[]>;
  describe(principal: string, session: string): Promise<SessionDetails | undefined>;
  /** A run of the history with its journal; undefined when there is none. */
  pastRun(principal: string, execution: string): Promise<PastRun | undefined>;
  /** Removes a session with all it holds; false when there was none. */
  remove(principal: string, session: string): Promise<boolean>;
}

export interface SessionStore extends SessionRegister {
  readonly skills: SkillStore;
  /** Finds or creates a session. Another principal's session is as good as none: its name is refused. */
  open(principal: string, session: string, run: RunHead): OpenedSession;
  /** Opens the session of an interrupted run, for that run to go on. */
  resume(
    principal: string,
    execution: string,
  ): Promise<
    { readonly ok: true; readonly session: Session; readonly run: RunHead } | ResumeRefusal | SessionRefusal
  >;
  /** From now on a run that is stopped counts as interrupted: its process ends. */
  leave(): void;
  /** The runs that were cut off by the death of their process, newest first. */
  interrupted(principal: string): Promise<readonly InterruptedRun[]>;
  /** The whole of a result that was kept, if it belongs to this principal. */
  readResult(principal: string, execution: string): Promise<string | undefined>;
  history(principal: string, session: string): Promise<readonly ExecutionRecord[]>;
  close(): Promise<void>;
}
