import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Limits } from '../contract/limits.ts';

const KB = 1024;
const MB = 1024 * 1024;

/**
 * Lowers the limits of a worker that is ready: Node maps far more memory and opens more files at its start
 * than a program may use later, so they cannot be set before.
 * @param prlimit path of the tool
 * @returns what went wrong; undefined when the limits are in force
 */
export async function limitProcess(
  prlimit: string,
  pid: number,
  limits: Limits,
): Promise<string | undefined> {
  try {
    const [data, files] = await Promise.all([readDataBytes(pid), readOpenFiles(pid)]);
    await promisify(execFile)(
      prlimit,
      [
        `--pid=${pid}`,
        `--data=${data + (limits.heapMb + limits.externalMb) * MB}`,
        `--nofile=${files + limits.openFiles}`,
        '--fsize=0',
        '--core=0',
        // Counts the threads of the user: one that has any can make no more.
        '--nproc=1',
      ],
      { env: {} },
    );
    return undefined;
  } catch (error) {
    return `limits could not be set: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Finds the worker behind its wrapper, which may have forked: the last in a chain of only children. */
export async function findWorkerPid(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const child = Number.parseInt(children, 10);
  return Number.isNaN(child) ? pid : findWorkerPid(child);
}

async function readDataBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const found = /^VmData:\s*(\d+) kB$/m.exec(status);
  if (found === null) throw new Error('no VmData in its status');
  return Number(found[1]) * KB;
}

/** One more than the highest descriptor in use: the kernel's limit is on the number, not on the count. */
async function readOpenFiles(pid: number): Promise<number> {
  const names = await readdir(`/proc/${pid}/fd`);
  return Math.max(...names.map(Number)) + 1;
}
