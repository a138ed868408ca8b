import type { Decision } from './approval.ts';
import type { Effect, OperationId } from './catalogue.ts';
import type { ErrorCode } from './error-codes.ts';
import type { Verdict } from './policy.ts';

/** Of whom, and of what, an entry tells. Nothing in an entry was written by a program but by way of a hash. */
export interface AuditedExecution {
  readonly execution: string;
  readonly principal: string;
  /** Without what looks like a credential. */
  readonly session: string;
  /** SHA-256 of the agent's code, hex; empty when it was not even read. */
  readonly code: string;
}

/** One entry of the audit log. Times are milliseconds. */
export type AuditEntry =
  /** Written before the program starts: what it may call, and what policy said of that. */
  | ({
      readonly kind: 'started';
      readonly operations: Readonly<Record<OperationId, Verdict>>;
    } & AuditedExecution)
  /** What became of a call that a person must agree to. `ms` is how long that took. */
  | {
      readonly kind: 'decision';
      readonly execution: string;
      readonly operation: OperationId;
      readonly effect: Effect;
      /** As in the entry of the call. */
      readonly parameters: string;
      readonly decision: Decision;
      readonly ms: number;
    }
  | {
      readonly kind: 'call';
      readonly execution: string;
      /** Null when the worker named an operation that does not exist. */
      readonly operation: OperationId | null;
      readonly effect: Effect | null;
      /** HMAC-SHA256 of the parameters' JSON as the program sent it, hex. */
      readonly parameters: string;
      readonly verdict: Verdict | 'not granted';
      readonly outcome: 'answered' | ErrorCode;
      readonly ms: number;
    }
  | ({
      readonly kind: 'ended';
      /** `finished`, `planned` (a dry run), or why there is no result. */
      readonly outcome: 'finished' | 'planned' | ErrorCode;
      readonly calls: number;
      readonly wrote: number;
      readonly ms: number;
    } & AuditedExecution)
  /** Entries that could not be written, told of once the log could be written again. */
  | { readonly kind: 'lost'; readonly entries: number };

/** The audit log as the stages see it: it only grows. */
export interface AuditTrail {
  /** The hash by which an entry tells of parameters. */
  hashParameters(json: string): string;
  /** Takes an entry down. On disk after the next `flush`, or soon by itself. */
  note(entry: AuditEntry): void;
  /** Resolves to whether all that was noted is on disk. */
  flush(): Promise<boolean>;
  close(): Promise<void>;
}
