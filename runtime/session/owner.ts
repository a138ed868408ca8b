import { readFileSync, readlinkSync } from 'node:fs';

/** Where processes can be told apart only by what they say of themselves: how long a run counts as alive, in ms. */
const DOUBT_MS = 3_600_000;

/** The process that a run is in. */
interface Owner {
  readonly pid: number;
  /** What numbers of processes belong together: a container has its own. Left out where there is no such thing. */
  readonly namespace?: string;
  /** When it was started, in the clock ticks of its machine: numbers of processes are used again. */
  readonly startTicks?: string;
}

let own: string | undefined;

/** This process, as text that another server on the same data understands. */
export function nameOwner(): string {
  own ??= JSON.stringify(describeProcess(process.pid) ?? { pid: process.pid });
  return own;
}

/**
 * Whether the process that a run belongs to is gone.
 * @param sinceMs when the run was begun, in ms since the epoch
 */
export function isGone(owner: string, sinceMs: number): boolean {
  const { pid, namespace, startTicks }: Owner = JSON.parse(owner);
  const here = describeProcess(process.pid);
  if (here?.namespace !== namespace) return Date.now() - sinceMs > DOUBT_MS;
  if (!isThere(pid)) return true;
  return startTicks !== undefined && describeProcess(pid)?.startTicks !== startTicks;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else is there, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** By Linux's `/proc`; undefined elsewhere, and for a process that is gone. */
function describeProcess(pid: number): Owner | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before the fields may hold spaces and brackets itself. State and start are fields 3 and 22 (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTicks = fields[19] ?? '';
    // Dead, and its parent has not asked how it died.
    if (fields[0] === 'Z') return undefined;
    return { pid, namespace: readlinkSync('/proc/self/ns/pid'), startTicks };
  } catch {
    return undefined;
  }
}
