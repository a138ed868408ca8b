import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What this process holds, in one moment. Linux. */
export interface Holding {
  /** Those below it, each with its state. */
  readonly processes: readonly string[];
  readonly descriptors: number;
  readonly rssMb: number;
  /** After a garbage collection. */
  readonly heapMb: number;
}

const MB = 1024 * 1024;
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

export function takeHolding(): Holding {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    processes: findBelow(process.pid),
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
