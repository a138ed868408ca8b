import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Route } from '../../runtime/contract/route.ts';
import { codeOf } from '../error-code.ts';
import { BACKEND_FILE } from '../folders.ts';
import { isRecord } from '../raw-schema.ts';
import { shown } from '../say.ts';
import { compareOutputs, readOutputs, writeOutputs } from '../write.ts';
import { ImportRefused } from './import-refused.ts';
import type { Files } from './merge-files.ts';

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
}

/** @throws {ImportRefused} when the folder is not one that an import wrote, or a file of it is no JSON */
export async function readBackendFolder(folder: string): Promise<BackendFolder> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link !== undefined) {
    throw new ImportRefused(
      `${shown(join(folder, link.name))} is a link, which an import would lose. Put the file itself there, or link to the whole folder.`,
    );
  }
  const names = entries.map(({ name }) => name);
  const json = names.filter(isOperationFile).sort();
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
 * Makes a backend's folder hold what an import came to, as a whole: nobody ever finds a part of it. What else
 * lies in the folder stays.
 * @returns the names of the files that changed
 */
export async function writeBackendFolder(
  folder: string,
  merged: Files,
  theirs: Files,
  notes: BackendNotes,
): Promise<readonly string[]> {
  const present = await readOutputs(folder);
  const others = [...present].filter(([name]) => !isOperationFile(name));
  const wanted = new Map([
    ...others,
    ...Object.entries(merged).map(([name, file]): [string, string] => [name, print(file)]),
    [BACKEND_FILE, print(notes)],
    [IMPORTED_FILE, print({ files: theirs })],
  ]);
  const drift = compareOutputs(wanted, present);
  const changed = [...drift.missing, ...drift.different, ...drift.stale];
  if (changed.length > 0) await writeOutputs(folder, wanted);
  return changed;
}

/** Whether an import may replace a file of the folder, by its path from there. */
function isOperationFile(path: string): boolean {
  return path.endsWith('.json') && !path.includes('/');
}

function print(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
