import type { ProgressNotification } from '@modelcontextprotocol/sdk/types.js';
import type { OperationId } from '../contract/catalogue.ts';
import type { CallTally } from '../contract/outcome.ts';

/** A run that lasts longer than this is reported, and again at each further interval. */
const PROGRESS_EVERY_MS = 1_000;

export interface ProgressTarget {
  readonly token: string | number;
  readonly notify: (notification: ProgressNotification) => Promise<void>;
}

/** How far a run is. */
export interface RunState extends CallTally {
  /** What a person is being asked about, if one is. */
  readonly asked: OperationId | undefined;
}

/**
 * Runs `work` and tells the client every second how long it has been going and what it has called.
 * @param target where progress goes; undefined when the client asked for none
 * @param totalMs what the run may take
 */
export async function runWithProgress<T>(
  target: ProgressTarget | undefined,
  totalMs: number,
  look: () => RunState,
  work: () => Promise<T>,
): Promise<T> {
  if (target === undefined) return work();
  const start = performance.now();
  const timer = setInterval(() => {
    const progress = Math.round(performance.now() - start);
    const { made, wrote, asked } = look();
    const doing = asked === undefined ? 'Running' : `Waiting for a person to decide on ${asked}, running`;
    const message = `${doing} for ${Math.round(progress / 1000)} s: ${made} calls made, of which ${wrote} wrote.`;
    const params = { progressToken: target.token, progress, total: Math.max(totalMs, progress), message };
    // A client that has gone away is noticed by the transport, not here.
    target.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  }, PROGRESS_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
