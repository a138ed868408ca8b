import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Limits } from '../contract/limits.ts';
import type { Confinement } from './confinement.ts';

const KB = 1024;
const MB = 1024 * 1024;

/** The descriptors of a worker where they cannot be listed: Node holds some 20 once it is ready. */
const ASSUMED: readonly string[] = Array.from({ length: 32 }, (_, descriptor) => String(descriptor));

/**
 * Lowers the limits of a worker that is ready: Node maps far more memory and opens more files at its start
 * than a program may use later, so they cannot be set before.
 * @returns what went wrong; undefined when the limits are in force, or when there is no tool to set them
 */
export async function limitProcess(
  { prlimit, user }: Confinement,
  pid: number,
  limits: Limits,
): Promise<string | undefined> {
  if (prlimit === undefined) return undefined;
  try {
    const [data, files] = await Promise.all([readDataBytes(pid), readFileLimit(pid, limits.openFiles)]);
    await promisify(execFile)(
      prlimit,
      [
        `--pid=${pid}`,
        `--data=${data + (limits.heapMb + limits.externalMb) * MB}`,
        `--nofile=${files}`,
        '--fsize=0',
        '--core=0',
        // Counts the threads of the user: one that has any can make no more. Root is exempt.
        '--nproc=1',
      ],
      // As the worker's own user, since a server in a container may not limit another's processes.
      { env: {}, ...(user !== undefined && { uid: user, gid: user }) },
    );
    return undefined;
  } catch (error) {
    return `limits could not be set: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function readDataBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const found = /^VmData:\s*(\d+) kB$/m.exec(status);
  if (found === null) throw new Error('no VmData in its status');
  return Number(found[1]) * KB;
}

/**
 * The limit that leaves room for `more` new descriptors. The kernel's limit is on their numbers, not on how
 * many there are, and numbers in use may lie far apart.
 */
async function readFileLimit(pid: number, more: number): Promise<number> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => ASSUMED);
  const used = new Set(names.map(Number));
  let limit = 0;
  for (let free = 0; free < more; limit += 1) {
    if (!used.has(limit)) free += 1;
  }
  return limit;
}
