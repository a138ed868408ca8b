import type { ErrorCode } from './error-codes.ts';
import type { LimitHit, LimitName } from './limits.ts';
import type { CallRefusal, GuestError, LogLine } from './sandbox.ts';

/**
 * The frames between the parent and a worker: a 4-byte little-endian length, then that many bytes of UTF-8
 * JSON. The parent treats every frame from a worker as hostile.
 */
export const FRAME_HEADER_BYTES = 4;

/** Parent to worker. */
export type ToWorker =
  | {
      readonly t: 'run';
      /** Numbers the runs of a worker; frames of an earlier run are dropped. */
      readonly run: number;
      readonly source: string;
      /** What the program can call as `skills.<name>`. */
      readonly skills: readonly { readonly name: string; readonly source: string }[];
      readonly operations: readonly string[];
      readonly seed: string;
      readonly now: number;
      readonly limits: {
        readonly calls: number;
        readonly callRequestBytes: number;
        /** Parameters that may be in flight at once; what is beyond waits in the worker. */
        readonly bytesInFlight: number;
        readonly resultBytes: number;
        readonly jsonDepth: number;
        readonly logLines: number;
        readonly logBytes: number;
      };
    }
  | {
      readonly t: 'answers';
      readonly run: number;
      readonly now: number;
      readonly answers: readonly Answer[];
    }
  /** Answered by `rest` with the same number, once nothing of the run is left to do until a call is answered. */
  | { readonly t: 'rest'; readonly run: number; readonly question: number };

/** The limits that the guest keeps a log within. */
export type LogLimit = Extract<LimitName, 'logLines' | 'logBytes'>;

export type Answer =
  | { readonly call: number; readonly json: string }
  | ({ readonly call: number } & CallRefusal);

/**
 * Worker to parent. The calls made in one turn of the guest leave together, in one frame unless they are large. `ready` is sent at the
 * start, and again after each run once nothing of it can run any more.
 */
export type FromWorker =
  | { readonly t: 'ready' }
  | {
      readonly t: 'calls';
      readonly run: number;
      readonly calls: readonly { readonly call: number; readonly name: string; readonly json: string }[];
    }
  | {
      readonly t: 'logs';
      readonly run: number;
      readonly lines: readonly LogLine[];
      /** The limit beyond which this run's further lines are dropped. */
      readonly cut?: LogLimit;
    }
  | { readonly t: 'rest'; readonly run: number; readonly question: number }
  | {
      readonly t: 'done';
      readonly run: number;
      readonly end:
        | { readonly json: string | null }
        | { readonly error: GuestError }
        | {
            readonly refused: Extract<ErrorCode, 'RESULT_TOO_LARGE' | 'RESULT_NOT_JSON'>;
            readonly message: string;
            readonly limit?: LimitHit;
          };
      readonly droppedLogs: number;
    };
