import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Hashes } from './hashes.ts';
import { inBatches } from './in-batches.ts';
import type { CompiledFile, Part } from './part.ts';
import type { CompileFiles } from './part-threads.ts';
import type { Inputs } from './provenance.ts';
import type { SourceFile } from './sources.ts';
import { storeFolder } from './store-folder.ts';

/** What schema files came to in earlier runs, by the hash of all that it depends on. */
export interface PartStore {
  get(key: string): Promise<CompiledFile | undefined>;
  put(key: string, file: CompiledFile): Promise<void>;
  /** Forgets all others. */
  keepOnly(keys: ReadonlySet<string>): Promise<void>;
}

/** Tells within a store which output folder it is for. */
const PLACE_FILE = 'place.txt';

/**
 * The store of an output folder. A part that cannot be read or written is compiled again next time: nothing depends
 * on a store but time.
 * @param folder where all stores are; those of output folders that are gone are removed
 */
export async function openStore(folder: string, out: string): Promise<PartStore> {
  await attempt(() => removeForgotten(folder));
  return createStore(storeFolder(folder, out), resolve(out));
}

async function removeForgotten(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const store = join(folder, name);
    const place = await attempt(() => readFile(join(store, PLACE_FILE), 'utf8'));
    if (place === undefined || !existsSync(place)) await rm(store, { recursive: true, force: true });
  }
}

function createStore(folder: string, place: string): PartStore {
  const fileOf = (key: string): string => join(folder, `${key}.json`);
  return {
    get: (key) => attempt(async () => JSON.parse(await readFile(fileOf(key), 'utf8'))),
    put: (key, file) =>
      attempt(async () => {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, PLACE_FILE), place);
        await writeFile(fileOf(key), JSON.stringify(file));
      }),
    keepOnly: (keys) =>
      attempt(async () => {
        const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
        const stale = names.filter((name) => !keys.has(name.replace(/\.json$/, '')));
        await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
      }),
  };
}

/**
 * Compiles only the files that changed since the store has seen them, and those whose own files are not in the output
 * folder as they were written: a store keeps no texts that lie there.
 * @param inputs what else shapes a part: the generator, its dependencies, what is compiled for
 * @param present what the output folder holds
 */
export function withStore(
  store: PartStore,
  inputs: Inputs,
  present: Hashes,
): (compileFiles: CompileFiles) => CompileFiles {
  const isThere = ({ part }: CompiledFile): boolean =>
    Object.entries(part?.hashes ?? {}).every(([path, hash]) => present.get(path) === hash);
  return (compileFiles) => async (sources) => {
    const keyed = sources.map((source) => ({ source, key: keyOf(source, inputs) }));
    const known = new Map<string, CompiledFile>();
    await inBatches(keyed, async ({ key }) => {
      const file = await store.get(key);
      if (file !== undefined && isThere(file)) known.set(key, file);
    });
    const missing = keyed.filter(({ key }) => !known.has(key));
    const fresh = await compileFiles(missing.map(({ source }) => source));
    await inBatches([...fresh.entries()], async ([i, file]) => {
      const key = missing[i]?.key ?? '';
      known.set(key, file);
      if (file.part !== undefined) await store.put(key, withoutTexts(file, file.part));
    });
    await store.keepOnly(new Set(known.keys()));
    return keyed.flatMap(({ key }) => known.get(key) ?? []);
  };
}

function withoutTexts(file: CompiledFile, { files: _texts, ...part }: Part): CompiledFile {
  return { ...file, part };
}

function keyOf({ name, text }: SourceFile, inputs: Inputs): string {
  const { backend, runtime, generatorHash, dependencies } = inputs;
  const shaping = [backend, runtime, generatorHash, dependencies, name, text];
  return createHash('sha256').update(JSON.stringify(shaping)).digest('hex');
}

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
