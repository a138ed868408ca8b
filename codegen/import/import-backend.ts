import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { withLock } from '../lock.ts';
import { describeMistake } from '../mistake.ts';
import { camelCase } from '../names.ts';
import { rootFault } from '../root-names.ts';
import { EXIT, type Exit, plural, say, shown } from '../say.ts';
import { recoverOutputs } from '../write.ts';
import { assembleFiles } from './assemble-files.ts';
import { assignNames, type Renames, unknownRenames } from './assign-names.ts';
import { type BackendNotes, readBackendFolder, writeBackendFolder } from './backend-folder.ts';
import { describeServer } from './describe-server.ts';
import type { Found } from './found-operation.ts';
import { ImportRefused } from './import-refused.ts';
import type { ImportSource } from './import-source.ts';
import { keepTypeNames } from './keep-type-names.ts';
import { listChanges } from './list-changes.ts';
import { type Files, type Merge, mergeFiles } from './merge-files.ts';
import { openProgress, type Progress } from './progress.ts';
import { readServer } from './read-server.ts';
import { readTools } from './read-tool.ts';

export interface ImportOptions {
  /** What programs call it; left out: made from what it calls itself. */
  readonly name: string | undefined;
  readonly source: ImportSource;
  /** The folder of a backend of some name. */
  readonly folderOf: (name: string) => string;
  readonly renames: Renames;
  readonly timeoutMs: number;
  readonly dryRun: boolean;
}

/** What a source came to: its operations, and what `backend.json` tells of it. */
interface Read {
  readonly found: Found;
  readonly notes: Omit<BackendNotes, 'name' | 'importedFrom' | 'renames'>;
}

/**
 * Reads a backend, makes operation files of what it offers, and merges them into its folder.
 * @throws {ImportRefused} when nothing can be imported; then nothing has been written
 */
export async function importBackend(options: ImportOptions): Promise<Exit> {
  const { dryRun } = options;
  if (options.name !== undefined) {
    refuseFault(options.name);
    // What cannot be imported into is told before anybody is asked.
    await readBackendFolder(options.folderOf(options.name));
  }
  const read = await readWithProgress(options);
  const name = options.name ?? nameFrom(read.notes.server.name);
  const target = resolve(options.folderOf(name));
  if (dryRun) return await mergeInto(target, name, options, read);
  await mkdir(dirname(target), { recursive: true });
  // Between reading the folder and writing it no other import may write it: one would undo the other.
  return await withLock(`${target}.import.lock`, async () => {
    await recoverOutputs(target);
    return await mergeInto(target, name, options, read);
  });
}

/** Merges what was read into the folder as it is now. */
async function mergeInto(folder: string, name: string, options: ImportOptions, read: Read): Promise<Exit> {
  const { source, dryRun } = options;
  const before = await readBackendFolder(folder);
  const renames = chooseRenames(read.found, before.notes?.renames ?? {}, options.renames);
  const named = assignNames(read.found.operations, renames);
  const assembled = await assembleFiles(name, named);
  const leftOut = [...read.found.leftOut, ...assembled.leftOut];
  const theirs = keepTypeNames(before.base, assembled.files);
  const merge = mergeFiles(before.base, before.ours, theirs);
  const notes: BackendNotes = {
    name,
    importedFrom: source.told,
    ...read.notes,
    ...(Object.keys(renames).length === 0 ? {} : { renames }),
  };
  const problems = await problemsIn(merge.files, name);
  const changed = dryRun ? [] : await writeBackendFolder(folder, merge.files, theirs, notes);
  for (const line of listChanges(merge, leftOut, assembled.wider)) process.stdout.write(`${line}\n`);
  const did = dryRun ? 'Would write' : `Wrote ${plural(changed.length, 'file')} in`;
  say('green', `${did} ${shown(folder)}: ${countsOf(merge)}`);
  return report(leftOut.length, problems, folder);
}

function refuseFault(name: string): void {
  const fault = rootFault(name);
  if (fault !== undefined)
    throw new ImportRefused(`A backend needs ${fault}; ${JSON.stringify(name)} is not.`);
}

/** Words in the names of servers that tell nothing. */
const EMPTY_WORDS = /^(?:mcp|servers?)$/i;

/** `mcp-servers/everything` becomes `everything`. */
function nameFrom(ownName: unknown): string {
  const words = String(ownName)
    .replace(/^.*\//s, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '' && !EMPTY_WORDS.test(word));
  const name = camelCase(words.join('-'));
  if (rootFault(name) === undefined) return name;
  throw new ImportRefused(
    `The backend calls itself ${JSON.stringify(ownName)}, which makes no name that programs can write. Give one: codegen import <name> …`,
  );
}

function countsOf({ files, added, changed, removed, conflicts }: Merge): string {
  const operations = Object.values(files).flatMap((file) => file.operations).length;
  return `${plural(operations, 'operation')}: ${added.length} added, ${changed.length} changed, ${removed.length} removed, ${plural(conflicts.length, 'conflict')}`;
}

async function readWithProgress(options: ImportOptions): Promise<Read> {
  const progress = openProgress();
  try {
    return await readFrom(options, progress);
  } finally {
    progress.close();
  }
}

async function readFrom({ source, timeoutMs }: ImportOptions, progress: Progress): Promise<Read> {
  switch (source.kind) {
    case 'server': {
      const listing = await readServer(source.address, { timeoutMs, onProgress: progress.show });
      for (const stray of listing.strayMessages.slice(0, 1))
        process.stderr.write(`The server sent something that is no MCP message: ${stray.slice(0, 200)}\n`);
      return { found: readTools(listing.tools, listing.name), notes: describeServer(listing) };
    }
    case 'openapi': {
      const { readDocument } = await import('./read-document.ts');
      return readDocument(source.location, { timeoutMs, onProgress: progress.show });
    }
    default:
      return source satisfies never;
  }
}

/** Those that are remembered and still name something, with those of this run, which have to. */
function chooseRenames({ operations }: Found, remembered: Renames, given: Renames): Renames {
  const unknown = unknownRenames(operations, given);
  if (unknown.length > 0) {
    throw new ImportRefused(
      `--rename names what the backend does not have: ${unknown.map((old) => JSON.stringify(old)).join(', ')}. Use a tool's name, "tool.operation", or a namespace.`,
    );
  }
  const gone = unknownRenames(operations, remembered);
  const kept = Object.entries(remembered).filter(([old]) => !gone.includes(old));
  return { ...Object.fromEntries(kept), ...given };
}

/** What the compiler will refuse: a hand-written example, say, that no longer fits. */
async function problemsIn(files: Files, name: string): Promise<readonly string[]> {
  const { loadSchemas } = await import('../load.ts');
  const sources = Object.entries(files).map(([file, content]) => ({
    name: file,
    text: `${JSON.stringify(content, undefined, 2)}\n`,
  }));
  const loaded = await loadSchemas(sources, { name, isImported: true });
  return loaded.ok ? [] : loaded.mistakes.map(describeMistake);
}

function report(leftOut: number, problems: readonly string[], folder: string): Exit {
  for (const problem of problems) process.stderr.write(`${problem}\n\n`);
  if (problems.length > 0)
    say('red', `${plural(problems.length, 'mistake')} in ${shown(folder)} to be mended by hand.`);
  if (leftOut > 0) say('red', `${plural(leftOut, 'tool')} left out; everything else was imported.`);
  return problems.length > 0 || leftOut > 0 ? EXIT.refused : EXIT.done;
}
