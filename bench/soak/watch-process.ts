import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What this process holds, in one moment. Linux. */
export interface Holding {
  /** Those below it that live. */
  readonly processes: readonly string[];
  /**
   * Those that are dead and stay in the system's table until this process ends: a compiler whose thread was stuck
   * in a text, and had to be ended before it could take it off the system's hands.
   */
  readonly dead: number;
  readonly descriptors: number;
  readonly rssMb: number;
  /** After a garbage collection. */
  readonly heapMb: number;
}

const MB = 1024 * 1024;
const DEAD = /^\d+ Z /;
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

export function takeHolding(): Holding {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  const below = findBelow(process.pid);
  return {
    processes: below.filter((one) => !DEAD.test(one)),
    dead: below.filter((one) => DEAD.test(one)).length,
    descriptors: readdirSync('/proc/self/fd').length,
    rssMb: Math.round(rss / MB),
    heapMb: Math.round(heapUsed / MB),
  };
}

/** A process is the child of the thread that started it. */
function findBelow(pid: number): readonly string[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return children.flatMap((child) => [describe(child), ...findBelow(child)]);
  } catch {
    return [];
  }
}

/** Its number, its state and what it runs. */
function describe(pid: number): string {
  try {
    const state = /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 80);
    return `${pid} ${state} ${command}`;
  } catch {
    return `${pid}`;
  }
}
