import { setTimeout as wait } from 'node:timers/promises';

/** Shorter than the runner's own limit for a test, which would leave the wait going on behind the test's back. */
const PATIENCE_MS = 100_000;

/** Waits until `holds` does; throws when that takes too long. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${PATIENCE_MS} ms in vain for ${holds}`);
    await wait(10);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
