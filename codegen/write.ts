import type { Dirent } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { codeOf, withPlace } from './error-code.ts';
import { type Hashes, hashFile, hashTexts } from './hashes.ts';
import { inBatches } from './in-batches.ts';
import type { Outputs } from './join-parts.ts';
import { leftoverOf, NEW, OLD } from './leftover.ts';
import { withLock } from './lock.ts';
import { placeOf } from './place-of.ts';
import { PROVENANCE_FILE, readProvenance } from './provenance.ts';

/** How a folder differs from what it should hold. Paths are relative to it, with `/`. */
export interface Drift {
  readonly missing: readonly string[];
  readonly different: readonly string[];
  readonly stale: readonly string[];
}

/** What a folder holds, and which folder that was: a run that replaces it makes another one. */
export interface Present {
  /** Told by `placeOf` before anything was read. */
  readonly place: string;
  /** Hashes of its files, by path; empty when there is no such folder. */
  readonly hashes: Hashes;
}

export async function hashOutputs(folder: string): Promise<Present> {
  const place = placeOf(folder);
  const paths = await listFiles(folder);
  return { place, hashes: new Map(paths.map((path) => [path, hashFile(join(folder, path))])) };
}

/** The texts of a folder's files, by path; empty when there is no such folder. */
export async function readOutputs(folder: string): Promise<Outputs> {
  const paths = await listFiles(folder);
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
  return new Map(paths.map((path, i) => [path, (texts[i] ?? '').replaceAll('\r\n', '\n')]));
}

/** Compares texts by path, or hashes. */
export function compareOutputs(wanted: Outputs, present: Outputs): Drift {
  const paths = [...wanted.keys()].sort();
  return {
    missing: paths.filter((path) => !present.has(path)),
    different: paths.filter((path) => present.has(path) && present.get(path) !== wanted.get(path)),
    stale: [...present.keys()].filter((path) => !wanted.has(path)).sort(),
  };
}

/**
 * Whether a folder can be replaced: it is empty, missing, or codegen's. A folder that merely has one of codegen's
 * somewhere inside, as a project has, is none: all else in it would be gone.
 */
export async function isOurs(folder: string): Promise<boolean> {
  if (await isOutput(folder)) return (await listEntries(folder)).every(isPlain);
  const entries = await listEntries(folder, false);
  if (!entries.every((entry) => entry.isDirectory())) return false;
  for (const { name } of entries) {
    const inner = join(folder, name);
    if (!(await isOutput(inner)) && (await listEntries(inner)).some((entry) => !entry.isDirectory()))
      return false;
  }
  return true;
}

/** Whether a folder was written by codegen, be it in conflict with another version of itself. */
async function isOutput(folder: string): Promise<boolean> {
  return (await readProvenance(folder))?.includes('"generatorVersion"') === true;
}

function isPlain(entry: Dirent): boolean {
  return entry.isFile() || entry.isDirectory();
}

/** Puts a folder back that a run had moved away when it was killed before the new one was in its place. */
export async function recoverOutputs(folder: string): Promise<void> {
  const target = await realPlace(folder);
  if ((await kindOf(target)) !== undefined || (await leftovers(target, OLD)).length === 0) return;
  await withLock(`${target}.lock`, () => restore(target));
}

async function restore(target: string): Promise<void> {
  const [old] = await leftovers(target, OLD);
  if (old !== undefined && (await kindOf(target)) === undefined) await rename(old, target);
}

/** What is known before a folder is written. */
export interface Known {
  /** Hashes of everything that it shall hold. What has no text is in the folder already. */
  readonly hashes: Hashes;
  readonly present: Present;
}

/**
 * Makes a folder hold exactly the outputs. A new folder is filled beside it and takes its place as a whole, so
 * that nobody ever finds a part of one run with a part of another; whoever is killed between the two renames
 * leaves the old folder beside, where the next run finds it.
 * @returns how the folder differed
 * @throws {Error} when another run has replaced what was known to be in the folder
 */
export async function writeOutputs(folder: string, outputs: Outputs, known?: Known): Promise<Drift> {
  const target = await realPlace(folder);
  const wanted = known?.hashes ?? hashTexts(outputs);
  await mkdir(dirname(target), { recursive: true });
  return withLock(`${target}.lock`, async () => {
    await restore(target);
    const isAsKnown = known !== undefined && known.present.place === placeOf(target);
    const { hashes } = isAsKnown ? known.present : await hashOutputs(target);
    const drift = compareOutputs(wanted, hashes);
    const changed = new Set([...drift.missing, ...drift.different]);
    if ([...changed].some((path) => !outputs.has(path)))
      throw new Error(`Another run has written ${folder} meanwhile; run this one again.`);
    const suffix = `${process.pid}-${Date.now().toString(36)}`;
    const staging = `${target}${NEW}${suffix}`;
    const old = `${target}${OLD}${suffix}`;
    await removeAll([...(await leftovers(target, NEW)), ...(await leftovers(target, OLD))]);
    try {
      await fill(staging, [...wanted.keys()], changed, outputs, target);
      await keepOthers(staging, target);
      await replace(target, staging, old);
    } finally {
      await removeAll([staging, old]);
    }
    return drift;
  });
}

/** Fills a new folder: what changed is written, the rest is the same file under a second name. */
async function fill(
  staging: string,
  paths: readonly string[],
  changed: ReadonlySet<string>,
  outputs: Outputs,
  target: string,
): Promise<void> {
  await mkdir(staging);
  for (const folder of new Set(paths.map((path) => dirname(join(staging, path))))) {
    await mkdir(folder, { recursive: true });
  }
  await inBatches(paths, async (path) => {
    if (changed.has(path)) await writeWhole(join(staging, path), outputs.get(path) ?? '');
    else await keep(join(target, path), join(staging, path));
  });
}

/** The outputs of other backends inside the folder go along. */
async function keepOthers(staging: string, target: string): Promise<void> {
  const { others } = await splitFiles(target);
  for (const path of others) {
    await mkdir(dirname(join(staging, path)), { recursive: true });
    await keep(join(target, path), join(staging, path));
  }
}

/** Writes a file. A full disk is told without a place, which is added. */
async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw withPlace(error, path);
  }
}

/** Gives a file a second name, or copies it where a file system knows none. */
async function keep(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

async function replace(target: string, staging: string, old: string): Promise<void> {
  const hadOne = (await kindOf(target)) !== undefined;
  if (hadOne) await rename(target, old);
  try {
    await rename(staging, target);
  } catch (error) {
    if (hadOne) await rename(old, target);
    throw error;
  }
}

/** The folder itself where a link was named: the link stays. */
async function realPlace(folder: string): Promise<string> {
  const path = resolve(folder);
  return (await kindOf(path)) === undefined ? path : realpath(path);
}

async function kindOf(path: string): Promise<'folder' | 'other' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What earlier runs that were killed left beside a folder. */
async function leftovers(target: string, kind: string): Promise<readonly string[]> {
  const names = await readdir(dirname(target)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const own = basename(target);
  return names
    .filter((name) => leftoverOf(name) === own && name.startsWith(`${own}${kind}`))
    .map((name) => join(dirname(target), name));
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const { own } = await splitFiles(folder);
  return own;
}

/** Which files of a folder are its own, and which are the outputs of other backends inside it. */
async function splitFiles(
  folder: string,
): Promise<{ readonly own: readonly string[]; readonly others: readonly string[] }> {
  const paths = (await listEntries(folder))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
  const inside = paths.filter((path) => path.endsWith(`/${PROVENANCE_FILE}`)).map((path) => dirname(path));
  const isOther = (path: string): boolean => inside.some((other) => path.startsWith(`${other}/`));
  return { own: paths.filter((path) => !isOther(path)), others: paths.filter(isOther) };
}

async function listEntries(folder: string, recursive = true): Promise<readonly Dirent[]> {
  return readdir(folder, { recursive, withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
}
