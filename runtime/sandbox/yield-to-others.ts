import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

const LOOK_EVERY_MS = 50;
/** The processor time after which a run is no trivial one, in ms. */
const TRIVIAL_MS = 40;
/** So far below the server a worker gets about a tenth of what the server gets: enough to end at last. */
const STEPS_DOWN = 10;
/** Linux counts processor time for `/proc` in hundredths of a second, on every machine that Node runs on. */
const TICK_MS = 10;

/**
 * Lowers the priority of a worker whose program keeps a processor busy, so that other clients' short runs do
 * not wait for it. Best effort: where the system does not let it, nothing happens.
 * @param areThereOthers asked as long as the program is busy: a client by itself is in nobody's way
 * @returns ends the watch, and answers whether the worker's priority was lowered. An ordinary user cannot
 * raise it again.
 */
export function yieldToOthers(pid: number, areThereOthers: () => boolean): () => boolean {
  let before: number | undefined;
  let lowered = false;
  const look = (): void => {
    const used = readCpuMs(pid);
    before ??= used;
    if (used === undefined || before === undefined || used - before < TRIVIAL_MS) return;
    if (!areThereOthers()) return;
    lowered = true;
    if (lower(pid)) clearInterval(timer);
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    return lowered;
  };
}

/** The processor time that a process has used with all its threads. */
function readCpuMs(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name, which may hold anything; user and system time are the 14th and the 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** False when it has to be tried again. */
function lower(pid: number): boolean {
  try {
    // The priority is a thread's own: the ones that collect garbage are as busy as the program.
    for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), below(getPriority()));
    // Where the kernel groups processes by session, priorities count within a group alone, and groups have their own.
    writeFileSync(`/proc/${pid}/autogroup`, String(below(readGroupPriority())));
    return true;
  } catch (error) {
    // The kernel takes one such write in 100 ms from all of its ordinary users together.
    return !(error instanceof Error && 'code' in error && error.code === 'EAGAIN');
  }
}

/** Higher numbers are lower priorities. A server that was started with a low one has no room below it. */
const below = (priority: number): number => Math.min(constants.priority.PRIORITY_LOW, priority + STEPS_DOWN);

function readGroupPriority(): number {
  return Number(/nice (-?\d+)/.exec(readFileSync('/proc/self/autogroup', 'utf8'))?.[1] ?? 0);
}
