import { existsSync } from 'node:fs';
import type { Limits } from '../contract/limits.ts';
import type { SessionRegister } from '../contract/session.ts';
import { StartError } from '../start-error.ts';

/** Where the sessions of a data directory are. */
export interface SessionsPlace {
  readonly file: string;
  /** What the server is told, which decide when a session expires. */
  readonly limits: Limits;
}

/**
 * Looks through the sessions of a data directory, which are there already.
 * @throws {StartError} when they are not
 */
export async function withRegister<Value>(
  { file, limits }: SessionsPlace,
  work: (register: SessionRegister) => Promise<Value>,
): Promise<Value> {
  assertSessions(file);
  const { openSessionRegister } = await import('../session/session-register.ts');
  const register = await openSessionRegister(file, limits);
  try {
    return await work(register);
  } finally {
    await register.close();
  }
}

/**
 * Opening would make the file, and a mistyped directory would look like an empty one.
 * @throws {StartError}
 */
export function assertSessions(file: string): void {
  if (existsSync(file)) return;
  throw new StartError(
    'DATA_DIR_UNUSABLE',
    `There are no sessions: ${file} is missing. Name the data directory with --data-dir or ATHENA_DATA_DIR.`,
  );
}
