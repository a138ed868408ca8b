import { readFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { getPriority } from 'node:os';

/** Names of the environment that canaries themselves set. */
export const PLANTED = 'ESCAPE_CANARY';

/** What of this process another could change without a word to it, in the words of whoever finds it changed. */
const READERS: Readonly<Record<string, () => unknown>> = {
  'the priority': getPriority,
  'the limits': () => readFileSync('/proc/self/limits', 'utf8'),
  'the control group': () => readFileSync('/proc/self/cgroup', 'utf8'),
  'the turn to die when memory is short': () => readFileSync('/proc/self/oom_score_adj', 'utf8'),
  'the user, the capabilities or the tracer': () =>
    /^(?:TracerPid|[UG]id|Groups|NoNewPrivs|Cap\w+):.*$/gm[Symbol.match](
      readFileSync('/proc/self/status', 'utf8'),
    ),
  'the environment': () => Object.entries(process.env).filter(([name]) => !name.startsWith(PLANTED)),
  'the directory': () => process.cwd(),
  'the mask of new files': () => process.umask(),
  'the inspector': inspectorUrl,
};

export type ServerState = Readonly<Record<string, string>>;

export function readState(): ServerState {
  return Object.fromEntries(Object.entries(READERS).map(([what, read]) => [what, readSafely(read)]));
}

/** What is not as it was. */
export function findChanges(before: ServerState, after: ServerState): readonly string[] {
  return Object.keys(before)
    .filter((what) => before[what] !== after[what])
    .map((what) => `${what} of the server changed`);
}

function readSafely(read: () => unknown): string {
  try {
    return JSON.stringify(read()) ?? 'none';
  } catch {
    // No such thing on this system.
    return 'none';
  }
}
