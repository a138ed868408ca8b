import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from './start-error.ts';

/** The files of a data directory. Several servers may share them. */
export interface DataDirectory {
  readonly path: string;
  /** The embedded Athena. */
  readonly memoryFile: string;
  readonly sessionsFile: string;
}

/**
 * Makes the directory when it is missing, readable for its owner only.
 * @throws {StartError}
 */
export function openDataDirectory(given: string): DataDirectory {
  const path = resolve(given);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!statSync(path).isDirectory()) throw new Error('it is not a directory');
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      'DATA_DIR_UNUSABLE',
      `the data directory ${path} cannot be used: ${why}. Name another with --data-dir or ATHENA_DATA_DIR.`,
      error,
    );
  }
  return { path, memoryFile: join(path, 'athena.sqlite'), sessionsFile: join(path, 'sessions.sqlite') };
}
