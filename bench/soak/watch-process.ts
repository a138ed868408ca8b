import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What this process holds, in one moment. Linux. */
export interface Holding {
  readonly processes: number;
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
    processes: countBelow(process.pid),
    descriptors: readdirSync('/proc/self/fd').length,
    rssMb: Math.round(rss / MB),
    heapMb: Math.round(heapUsed / MB),
  };
}

/** A process is the child of the thread that started it. */
function countBelow(pid: number): number {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return children.reduce((sum, child) => sum + 1 + countBelow(child), 0);
  } catch {
    return 0;
  }
}
