import type { ProgressNotification } from '@modelcontextprotocol/sdk/types.js';
import type { RunProgress } from '../bridge/bridge.ts';
import type { ReportedProgress } from '../bridge/progress-watch.ts';
import type { OperationId } from '../contract/catalogue.ts';
import { escapeLine } from '../filter/escape-line.ts';
import { shorten } from '../json/shorten.ts';

/** A run that lasts longer than this is reported, and again at each further interval. */
const PROGRESS_EVERY_MS = 1_000;
/** What is shown of a backend's message. */
const MESSAGE_CHARACTERS = 200;

export interface ProgressTarget {
  readonly token: string | number;
  readonly notify: (notification: ProgressNotification) => Promise<void>;
}

/** How far a run is, and what holds it up. */
export interface RunState extends RunProgress {
  /** What a person is being asked about, if one is. */
  readonly asked: OperationId | undefined;
}

/**
 * Runs `work` and tells the client every second how long it has been going, what it has called, and how far the
 * backend says that it is with a call.
 * @param target where progress goes; undefined when the client asked for none
 * @param totalMs what the run may take
 * @param look never rejects
 */
export async function runWithProgress<T>(
  target: ProgressTarget | undefined,
  totalMs: number,
  look: () => Promise<RunState>,
  work: () => Promise<T>,
): Promise<T> {
  if (target === undefined) return work();
  const start = performance.now();
  let isOver = false;
  const tell = async (): Promise<void> => {
    const state = await look();
    // A client takes no progress of what it has the reply to.
    if (isOver) return;
    const progress = Math.round(performance.now() - start);
    const message = describe(progress, state);
    const params = { progressToken: target.token, progress, total: Math.max(totalMs, progress), message };
    // A client that has gone away is noticed by the transport, not here.
    await target.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
  const timer = setInterval(() => void tell(), PROGRESS_EVERY_MS);
  try {
    return await work();
  } finally {
    isOver = true;
    clearInterval(timer);
  }
}

function describe(ms: number, { made, wrote, asked, reported }: RunState): string {
  const doing = asked === undefined ? 'Running' : `Waiting for a person to decide on ${asked}, running`;
  const calls = `${made} ${made === 1 ? 'call' : 'calls'} made, of which ${wrote} wrote`;
  const run = `${doing} for ${Math.round(ms / 1000)} s: ${calls}`;
  return reported === undefined ? `${run}.` : `${run}; ${describeReported(reported)}`;
}

/** A backend's words stand last, so that nothing of ours can seem to follow from them. */
function describeReported({ operation, progress, total, message }: ReportedProgress): string {
  const scale = total === undefined ? '' : ` of ${total}`;
  const said = message ? `: ${shorten(escapeLine(message), MESSAGE_CHARACTERS)}` : '';
  return `${operation} ${progress}${scale}${said}`;
}
