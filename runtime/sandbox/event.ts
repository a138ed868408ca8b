/** What the log is told of workers. Free text in it may come from a worker: it is for people only. */
export type SandboxEvent =
  | { readonly kind: 'canary'; readonly findings: readonly Finding[] }
  | { readonly kind: 'worker-ready'; readonly pid: number; readonly startMs: number }
  | {
      readonly kind: 'worker-bound';
      readonly pid: number;
      readonly principal: string;
      readonly session: string;
    }
  | {
      readonly kind: 'worker-ended';
      readonly pid: number;
      readonly reason: string;
      readonly runs: number;
      /** What it wrote to its standard error, cut. */
      readonly stderr: string;
    };

/** The finding that a worker can name the server's process. */
export const SIGNAL_POWER = 'signal the server';

/** One thing the canary tried. */
export interface Finding {
  readonly power: string;
  /** Before the realm was emptied, under the process layer alone; or after. */
  readonly layer: 'process' | 'realm';
  /** Whether the layer held. */
  readonly denied: boolean;
  readonly detail: string;
}
