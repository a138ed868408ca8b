import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Confinement } from './confinement.ts';

export type WorkerProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts a confined process that waits for its guest. It gets nothing of the server's: no environment, no folder, no descriptors. */
export function spawnWorker(confinement: Confinement, rootName: string): WorkerProcess {
  const child = spawn(confinement.command, [...confinement.args, rootName], {
    env: {},
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A worker that dies with bytes unread ends the pipe; its death itself is seen elsewhere.
  child.stdin.on('error', () => {});
  child.stdout.on('error', () => {});
  child.stderr.on('error', () => {});
  return child;
}

/** Kills at once what may still be alive. */
export function killProcess(pid: number | undefined): void {
  // 0 would be the server's own process group.
  if (pid === undefined || pid <= 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
