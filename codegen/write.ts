import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Outputs } from './compile.ts';
import { PROVENANCE_FILE } from './provenance.ts';

/** How a folder differs from what it should hold. Paths are relative to it, with `/`. */
export interface Drift {
  readonly missing: readonly string[];
  readonly different: readonly string[];
  readonly stale: readonly string[];
}

/** The texts of a folder's files, by path; empty when there is no such folder. */
export async function readOutputs(folder: string): Promise<Outputs> {
  const paths = await listFiles(folder);
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
  return new Map(paths.map((path, i) => [path, (texts[i] ?? '').replaceAll('\r\n', '\n')]));
}

export function compareOutputs(wanted: Outputs, present: Outputs): Drift {
  const paths = [...wanted.keys()].sort();
  return {
    missing: paths.filter((path) => !present.has(path)),
    different: paths.filter((path) => present.has(path) && present.get(path) !== wanted.get(path)),
    stale: [...present.keys()].filter((path) => !wanted.has(path)).sort(),
  };
}

/** Whether a folder can be overwritten: it is empty, missing, or was written by codegen. */
export async function isOurs(folder: string): Promise<boolean> {
  const paths = await listFiles(folder);
  return paths.length === 0 || paths.includes(PROVENANCE_FILE);
}

/**
 * Makes a folder hold exactly the outputs. Everything is written beside it first, then moved in file by
 * file, the provenance last: no file is ever half there, and a run that was cut short is seen by the next.
 */
export async function writeOutputs(folder: string, outputs: Outputs, drift: Drift): Promise<void> {
  const target = resolve(folder);
  await mkdir(dirname(target), { recursive: true });
  const staging = await mkdtemp(`${target}.new-`);
  try {
    const changed = [...drift.missing, ...drift.different];
    const last = changed.filter((path) => path === PROVENANCE_FILE);
    const ordered = [...changed.filter((path) => path !== PROVENANCE_FILE), ...last];
    for (const path of ordered) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await writeFile(join(staging, path), outputs.get(path) ?? '');
    }
    for (const path of drift.stale) await rm(join(target, path));
    for (const path of ordered) {
      await mkdir(dirname(join(target, path)), { recursive: true });
      await rename(join(staging, path), join(target, path));
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  // A folder with a provenance of its own is the output of another backend.
  const others = paths.filter((path) => path.endsWith(`/${PROVENANCE_FILE}`)).map((path) => dirname(path));
  return paths.filter((path) => !others.some((other) => path.startsWith(`${other}/`))).sort();
}
