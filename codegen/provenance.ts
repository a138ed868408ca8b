import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { LOCK_FILE, listGeneratorFiles, REPOSITORY } from './generator-files.ts';
import { type Hashes, hashText } from './hashes.ts';

/** Raised when the generated code changes its shape. */
export const GENERATOR_VERSION = '1.0.0';

export const PROVENANCE_FILE = 'provenance.json';

const DEPENDENCIES = ['ajv', 'ajv-formats', 'esbuild'];

/** Where `generated/` comes from: hashes are SHA-256 in hex, of texts with LF line ends. */
export interface Provenance {
  /** The root that programs write, and what the output imports the runtime from. */
  readonly backend: string;
  readonly runtime: string;
  readonly generatorVersion: string;
  /** Over the sources of the generator. */
  readonly generatorHash: string;
  /** The packages that shape the output, as the lockfile has them. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Over all schema files, in order of name. */
  readonly schemaHash: string;
  readonly schemas: Readonly<Record<string, string>>;
  /** Over the routes of an OpenAPI document. */
  readonly routesHash?: string;
  readonly counts: { readonly tools: number; readonly operations: number };
  readonly outputs: Readonly<Record<string, string>>;
}

/** The part of the provenance that is known before anything is compiled. */
export type Inputs = Omit<Provenance, 'counts' | 'outputs'>;

interface Text {
  readonly name: string;
  readonly text: string;
}

/** The hash that names a catalogue. */
export function schemaHash(schemas: readonly Text[]): string {
  return hashAll(schemas);
}

export async function readInputs(
  schemas: readonly Text[],
  { name, runtime, routes }: { readonly name: string; readonly runtime: string; readonly routes?: object },
): Promise<Inputs> {
  const texts = listGeneratorFiles().map(async (path) => ({
    name: path,
    text: await readFile(join(REPOSITORY, path), 'utf8'),
  }));
  return {
    backend: name,
    runtime,
    generatorVersion: GENERATOR_VERSION,
    generatorHash: hashAll(await Promise.all(texts)),
    dependencies: await lockedVersions(),
    schemaHash: schemaHash(schemas),
    schemas: Object.fromEntries(schemas.map(({ name, text }) => [name, hashText(text)])),
    ...(routes === undefined ? {} : { routesHash: hashText(JSON.stringify(routes)) }),
  };
}

/** The text of a folder's provenance; undefined when there is none. */
export async function readProvenance(folder: string): Promise<string | undefined> {
  return readFile(join(folder, PROVENANCE_FILE), 'utf8').catch(() => undefined);
}

/** The provenance of outputs, as the text of its file. */
export function emitProvenance(inputs: Inputs, counts: Provenance['counts'], outputs: Hashes): string {
  const provenance: Provenance = { ...inputs, counts, outputs: inOrder(outputs) };
  return `${JSON.stringify(provenance, undefined, 2)}\n`;
}

/** The hashes of a folder that holds what its provenance tells; undefined when that is none. */
export function recordedHashes(text: string | undefined): Hashes | undefined {
  const recorded = parse(text);
  if (text === undefined || recorded === undefined) return undefined;
  return new Map([...Object.entries(recorded.outputs), [PROVENANCE_FILE, hashText(text)]]);
}

function inOrder(hashes: Hashes): Readonly<Record<string, string>> {
  return Object.fromEntries([...hashes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The provenance of a folder if it is the one of these inputs and every file is as it was written.
 * @param text its file's; undefined when there is none
 * @param present all files of the folder
 */
export function currentProvenance(
  inputs: Inputs,
  text: string | undefined,
  present: Hashes,
): Provenance | undefined {
  const recorded = parse(text);
  if (recorded === undefined) return undefined;
  const { counts, outputs, ...rest } = recorded;
  if (!isDeepStrictEqual(rest, inputs)) return undefined;
  const files = new Map(present);
  files.delete(PROVENANCE_FILE);
  return isDeepStrictEqual(inOrder(files), outputs) ? recorded : undefined;
}

/** A recorded provenance; undefined when it is not one. */
function parse(text: string | undefined): Provenance | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isRecord = typeof value === 'object' && value !== null && 'counts' in value && 'outputs' in value;
    return isRecord ? (value as Provenance) : undefined;
  } catch {
    return undefined;
  }
}

function hashAll(texts: readonly Text[]): string {
  const whole = createHash('sha256');
  for (const { name, text } of texts) whole.update(`${name}\0${text.replaceAll('\r\n', '\n')}\0`);
  return whole.digest('hex');
}

async function lockedVersions(): Promise<Readonly<Record<string, string>>> {
  const lock: { readonly packages: Readonly<Record<string, { readonly version?: string }>> } = JSON.parse(
    await readFile(join(REPOSITORY, LOCK_FILE), 'utf8'),
  );
  return Object.fromEntries(
    DEPENDENCIES.map((name) => [name, lock.packages[`node_modules/${name}`]?.version ?? 'unknown']),
  );
}
