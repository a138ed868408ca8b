import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Route } from '../../runtime/contract/route.ts';
import { codeOf } from '../error-code.ts';
import { BACKEND_FILE } from '../folders.ts';
import { shown } from '../say.ts';
import { ImportRefused } from './import-refused.ts';
import type { Files } from './merge-files.ts';
import { isRecord } from './raw-schema.ts';

/** What the last import wrote, beside what people made of it. */
export const IMPORTED_FILE = 'imported.json';

/** What `backend.json` holds. Nothing in it is secret: of variables and headers only the names. */
export interface BackendNotes {
  readonly name: string;
  readonly importedFrom: Readonly<Record<string, unknown>>;
  readonly server: Readonly<Record<string, unknown>>;
  readonly instructions?: string;
  readonly resources?: readonly Readonly<Record<string, unknown>>[];
  readonly renames?: Readonly<Record<string, string>>;
  /** How a document's operations are called over HTTP, by the name of their tool. */
  readonly routes?: Readonly<Record<string, Route>>;
}

/** A folder of an imported backend as it lies on disk. */
export interface BackendFolder {
  readonly notes: BackendNotes | undefined;
  readonly base: Files;
  readonly ours: Files;
  /** All files of the folder, by name. */
  readonly texts: ReadonlyMap<string, string>;
}

/** @throws {ImportRefused} when the folder is not one that an import wrote, or a file of it is no JSON */
export async function readBackendFolder(folder: string): Promise<BackendFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const json = names.filter((name) => name.endsWith('.json')).sort();
  const texts = new Map(
    await Promise.all(
      json.map(async (name): Promise<[string, string]> => [name, await readFile(join(folder, name), 'utf8')]),
    ),
  );
  if (texts.size > 0 && !texts.has(BACKEND_FILE)) {
    throw new ImportRefused(
      `${shown(folder)} holds schemas that no import wrote. Choose another folder with --schemas.`,
    );
  }
  const parsed = new Map([...texts].map(([name, text]) => [name, parse(join(folder, name), text)]));
  const own = [...parsed].filter(([name]) => name !== BACKEND_FILE && name !== IMPORTED_FILE);
  return {
    notes: parsed.get(BACKEND_FILE) as BackendNotes | undefined,
    base: filesOf(parsed.get(IMPORTED_FILE)),
    ours: Object.fromEntries(own) as Files,
    texts,
  };
}

function filesOf(imported: unknown): Files {
  return isRecord(imported) && isRecord(imported.files) ? (imported.files as Files) : {};
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ImportRefused(
      `${shown(path)} is no JSON: ${why}. Mend it, or take it back from version control.`,
    );
  }
}

/**
 * Writes a backend's folder: beside it first, then file by file, what the import wrote last. A run that is cut short
 * leaves whole files, of which the next import takes the new ones for its own.
 * @returns the names of the files that changed
 */
export async function writeBackendFolder(
  folder: string,
  { texts }: BackendFolder,
  merged: Files,
  theirs: Files,
  notes: BackendNotes,
): Promise<readonly string[]> {
  const wanted = new Map([
    ...Object.entries(merged).map(([name, file]): [string, string] => [name, print(file)]),
    [BACKEND_FILE, print(notes)],
    [IMPORTED_FILE, print({ files: theirs })],
  ]);
  const changed = [...wanted.keys()].filter((name) => texts.get(name) !== wanted.get(name));
  const stale = [...texts.keys()].filter((name) => !wanted.has(name));
  const target = resolve(folder);
  await mkdir(dirname(target), { recursive: true });
  const staging = await mkdtemp(`${target}.new-`);
  try {
    for (const name of changed) await writeFile(join(staging, name), wanted.get(name) ?? '');
    await mkdir(target, { recursive: true });
    for (const name of changed.filter((name) => name !== IMPORTED_FILE))
      await rename(join(staging, name), join(target, name));
    for (const name of stale) await rm(join(target, name));
    if (changed.includes(IMPORTED_FILE))
      await rename(join(staging, IMPORTED_FILE), join(target, IMPORTED_FILE));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return [...changed, ...stale];
}

function print(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
