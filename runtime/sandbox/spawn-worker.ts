import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Confinement } from './confinement.ts';
import { ConfinementFailed } from './confinement-failed.ts';

export type WorkerProcess = ChildProcessByStdio<Writable, Readable, Readable>;

const WRAPPER_MS = 500;

const ENVIRONMENT = {
  // The machine's time zone is nobody's business: programs see UTC.
  TZ: 'UTC',
  // Its default, which glibc would raise once a large buffer was given back, and then keep such memory from the next run.
  MALLOC_MMAP_THRESHOLD_: '131072',
};

/**
 * Starts a confined process that waits for its guest. It gets nothing of the server's environment, folder and descriptors.
 * @throws {ConfinementFailed} when the machine has no descriptors or memory left for a process; where it has
 * no process left, or the command is gone, the process says so by its `error`
 */
export function spawnWorker(confinement: Confinement, roots: readonly string[]): WorkerProcess {
  const child = spawnPiped(confinement, roots);
  // A worker that dies with bytes unread ends the pipe; its death itself is seen elsewhere.
  for (const pipe of child.stdio) pipe?.on('error', () => {});
  return child;
}

function spawnPiped({ command, args }: Confinement, roots: readonly string[]): WorkerProcess {
  let reason = 'there are no descriptors left for it';
  try {
    const child = spawn(command, [...args, roots.join(',')], {
      env: ENVIRONMENT,
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
      // A process group of its own: a signal to group 0 crosses every namespace, and would reach the server.
      detached: true,
    });
    // Without descriptors there are no pipes, whatever their types say.
    if (child.stdio !== undefined) return child;
    child.on('error', () => {});
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new ConfinementFailed(`no process can be started: ${reason}`);
}

/** Finds the worker behind the wrappers that started it: the last in a chain of only children. */
export function findWorkerPid(child: WorkerProcess): number {
  let pid = child.pid ?? 0;
  for (let next = onlyChild(pid); next !== undefined; next = onlyChild(pid)) pid = next;
  return pid;
}

/**
 * Kills a worker. A wrapper sees that, takes the dead process off the system's hands and ends; one that does
 * not is killed too.
 * @param pid the worker's, if it is known already
 */
export function killWorker(child: WorkerProcess, pid = findWorkerPid(child)): void {
  kill(pid);
  const backstop = setTimeout(() => kill(child.pid ?? 0), WRAPPER_MS).unref();
  child.once('close', () => clearTimeout(backstop));
}

function onlyChild(pid: number): number | undefined {
  try {
    const child = Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10);
    return Number.isNaN(child) ? undefined : child;
  } catch {
    // Gone already, or no Linux.
    return undefined;
  }
}

function kill(pid: number): void {
  // 0 would be the server's own process group.
  if (pid <= 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
