import type { ErrorCode } from './error-codes.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { LimitHit } from './limits.ts';

/** An operation as the backend names it: a tool and, where the tool has several, its `operation` argument. */
export interface WireOperation {
  readonly tool: string;
  readonly operation: string | null;
  /** What the argument is called where it is not `operation`. */
  readonly argument?: string;
}

/** On whose behalf a call is made. Comes from the connection, never from the program's data. */
export interface CallContext {
  readonly principal: string;
  readonly session: string;
  readonly execution: string;
}

/** How far a backend says that a call is, on a scale of its own. */
export interface CallProgress {
  readonly progress: number;
  /** What `progress` will come to, where the backend knows. */
  readonly total: number | undefined;
  /** For people, and hostile like all that a backend says. */
  readonly message: string | undefined;
}

/** One call, parameters already validated and completed with their defaults. */
export interface BackendCall extends WireOperation {
  readonly params: JsonObject;
  readonly context: CallContext;
  /** Aborted on cancellation, on a time-out and when the run ends. */
  readonly signal: AbortSignal;
  /** Of a call that may change data: the same when it is made again because its answer was lost. */
  readonly key?: string;
  /** Told how far the call is, as often as the backend says so; left out where nobody wants to know. */
  readonly onProgress?: (progress: CallProgress) => void;
}

export type BackendErrorCode = Extract<
  ErrorCode,
  | 'OPERATION_FAILED'
  | 'OPERATION_NOT_SERVED'
  | 'BACKEND_LOST'
  | 'BACKEND_UNAVAILABLE'
  | 'CALL_TOO_LARGE'
  | 'CALL_RESULT_TOO_LARGE'
>;

export type BackendAnswer = { readonly ok: true; readonly value: JsonValue } | BackendFailure;

/** `limit` is there when one was hit. */
export interface BackendFailure {
  readonly ok: false;
  readonly code: BackendErrorCode;
  readonly message: string;
  readonly limit?: LimitHit;
}

/**
 * Where operations are carried out: the embedded Athena, or any MCP server. An operation that fails is
 * answered, not thrown; a rejection is a bug.
 */
export interface Backend {
  /** For people: `embedded Athena (SQLite)`. */
  readonly name: string;
  /** Whether this backend carries the operation out at all. May change when a remote one reconnects. */
  serves(operation: WireOperation): boolean;
  call(call: BackendCall): Promise<BackendAnswer>;
  /**
   * Whether calls with the same key are carried out once, and answered the same for at least a day. Left out where
   * no operation's are.
   */
  keepsKeys?(operation: WireOperation): boolean;
  close(): Promise<void>;
}
