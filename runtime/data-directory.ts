import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartError } from './start-error.ts';

/** The files of a data directory. Several servers may share them. */
export interface DataDirectory {
  readonly path: string;
  /** The embedded Athena. */
  readonly memoryFile: string;
  readonly sessionsFile: string;
  readonly auditFiles: { readonly log: string; readonly key: string };
  /** Compiled code of the type checker: not in a shared temporary folder, where another user could plant it. */
  readonly cacheDirectory: string;
}

/**
 * Makes the directory when it is missing, readable for its owner only.
 * @throws {StartError}
 */
export function openDataDirectory(given: string): DataDirectory {
  const path = resolve(given);
  try {
    makeDirectory(path, 0o700);
    if (!statSync(path).isDirectory()) throw new Error('it is not a directory');
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      'DATA_DIR_UNUSABLE',
      `The data directory ${path} cannot be used: ${why}. Name another with --data-dir or ATHENA_DATA_DIR.`,
      error,
    );
  }
  return locateFiles(path);
}

/** The files of a data directory, whether they are there or not. */
export function locateFiles(given: string): DataDirectory {
  const path = resolve(given);
  return {
    path,
    memoryFile: join(path, 'athena.sqlite'),
    sessionsFile: join(path, 'sessions.sqlite'),
    auditFiles: { log: join(path, 'audit.sqlite'), key: join(path, 'audit.key') },
    cacheDirectory: join(path, 'cache'),
  };
}

/**
 * Makes a directory and those above it that are missing. Node's own recursive form never returns where one exists but
 * nothing can be made in it, as in /proc.
 * @param path absolute
 */
export function makeDirectory(path: string, mode: number): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another server may have been faster.
    if (!existsSync(path)) throw error;
  }
}
