import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ATHENA } from './backend-kind.ts';
import { codeOf } from './error-code.ts';
import { REPOSITORY } from './generator-files.ts';
import { leftoverOf } from './leftover.ts';
import type { Target } from './model.ts';
import { rootFault } from './root-names.ts';
import { shown } from './say.ts';

/** What an import writes beside the operation files: whose they are. */
export const BACKEND_FILE = 'backend.json';

/** A folder of schemas and where it is compiled to. */
export interface Folder {
  readonly schemas: string;
  readonly out: string;
  readonly target: Target;
}

/** What a person chose; what is left out has its default. */
export interface FolderChoice {
  readonly schemas?: string | undefined;
  readonly out?: string | undefined;
  /** What generated code imports the runtime from. */
  readonly runtime?: string | undefined;
}

/**
 * The folders to compile: the one that was chosen, else Athena's and every imported backend's beside it.
 * @throws {Error} when a `backend.json` does not say whose folder it is, or two say the same
 */
export async function listFolders(
  choice: FolderChoice,
  repository: string = REPOSITORY,
): Promise<readonly Folder[]> {
  const own = join(repository, 'schemas');
  const describe = (schemas: string): Promise<Folder> => describeFolder(schemas, choice, repository);
  if (choice.schemas !== undefined || choice.out !== undefined)
    return [await describe(choice.schemas ?? own)];
  const entries = await readdir(own, { withFileTypes: true });
  const inside = entries
    .filter((entry) => entry.isDirectory() && leftoverOf(entry.name) === undefined)
    .map(({ name }) => join(own, name));
  const folders = await Promise.all([own, ...inside.sort()].map(describe));
  const [athena, ...others] = folders;
  const imported = others.filter(({ target }) => target.isImported);
  refuseCollisions(imported);
  return athena === undefined ? [] : [athena, ...imported];
}

/** Puts back the folders of schemas that an import had moved away when it was killed. */
export async function recoverFolders(repository: string = REPOSITORY): Promise<void> {
  const own = join(repository, 'schemas');
  const moved = new Set((await readdir(own)).flatMap((name) => leftoverOf(name) ?? []));
  if (moved.size === 0) return;
  const { recoverOutputs } = await import('./write.ts');
  for (const name of moved) await recoverOutputs(join(own, name));
}

async function describeFolder(
  schemas: string,
  { out, runtime }: FolderChoice,
  repository: string,
): Promise<Folder> {
  const notes = await readNotes(schemas);
  const { name, routes } = notes ?? {};
  const kind = name === undefined ? ATHENA : { name, isImported: true };
  const target = out ?? join(repository, 'generated', name ?? '');
  return {
    schemas,
    out: target,
    target: { ...kind, ...(routes && { routes }), runtime: runtime ?? runtimeFrom(target) },
  };
}

/** What a compiler needs of a `backend.json`. */
interface Notes {
  readonly name: string;
  readonly routes?: Target['routes'];
}

/** The name that a folder's `backend.json` gives; undefined where there is none. */
export async function readBackendName(folder: string): Promise<string | undefined> {
  return (await readNotes(folder))?.name;
}

/** What a folder's `backend.json` says; undefined where there is none. */
async function readNotes(folder: string): Promise<Notes | undefined> {
  const path = join(folder, BACKEND_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const { name, routes } = parseNotes(text);
  const fault = typeof name !== 'string' ? 'a name' : rootFault(name);
  if (typeof name !== 'string' || fault !== undefined)
    throw new Error(`${shown(path)} must have ${fault}; "name" is ${JSON.stringify(name)}. Change it there.`);
  return { name, ...(typeof routes === 'object' && routes !== null ? { routes } : {}) };
}

function parseNotes(text: string): { readonly name?: unknown; readonly routes?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** File systems, and readers, may disregard case. */
function refuseCollisions(folders: readonly Folder[]): void {
  const taken = new Map<string, Folder>();
  for (const folder of folders) {
    const key = folder.target.name.toLowerCase();
    const other = taken.get(key);
    taken.set(key, folder);
    if (other === undefined) continue;
    const both = `${shown(other.schemas)} and ${shown(folder.schemas)}`;
    throw new Error(
      `${both} are both called "${folder.target.name}"; change "name" in the ${BACKEND_FILE} of one.`,
    );
  }
}

function runtimeFrom(out: string): string {
  const path = relative(resolve(out), join(REPOSITORY, 'runtime/adapter/v1.ts')).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}
