import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, withPlace } from './error-code.ts';

/** How long one run waits for another that writes the same folder, in milliseconds. Writing takes far less. */
const PATIENCE_MS = 3_000;
const POLL_MS = 25;

/** What is appended to the name of a lock that is being removed. */
const GONE = '.gone';

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Does work while no other run does: a lock file says who is at it. One whose process is gone is taken over.
 * @throws when another run holds the lock for longer than a write takes
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await acquire(path);
  try {
    await rm(`${path}${GONE}`, { force: true });
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<void> {
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const text = JSON.stringify(holder);
  for (let waited = 0; ; waited += POLL_MS) {
    if (await create(path, text)) return;
    const present = await readFile(path, 'utf8').catch(() => undefined);
    const other = parseHolder(present);
    const isPatient = waited < PATIENCE_MS;
    if (present !== undefined && (other === undefined ? !isPatient : isGone(other)))
      await takeAway(path, present);
    else if (!isPatient) throw new Error(describeHolder(path, other));
    else await sleep(POLL_MS);
  }
}

/** False when there is one already. What could not be written whole is removed again. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (codeOf(error) === 'ENOSPC') await rm(path, { force: true });
    throw withPlace(error, path);
  }
}

/** Removes a stale lock. It is moved first: of two runs that find it, only one moves it. */
async function takeAway(path: string, text: string): Promise<void> {
  const aside = `${path}${GONE}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const taken = await readFile(aside, 'utf8').catch(() => text);
  // Another run was faster, and this is its own lock, in use: it goes back.
  if (taken === text) await rm(aside, { force: true });
  else await rename(aside, path);
}

/** Whether the process that holds a lock has ended; of another machine's, nobody here can tell. */
function isGone({ pid, host }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

function describeHolder(path: string, holder: Holder | undefined): string {
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  return `another run is writing the same folder (${who}). Wait for it to end; if that is no codegen, delete ${path} and run again.`;
}

/** Undefined while a lock is being written. */
function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isHolder = typeof value === 'object' && value !== null && 'pid' in value && 'host' in value;
    return isHolder && Number.isInteger(value.pid) ? (value as Holder) : undefined;
  } catch {
    return undefined;
  }
}
