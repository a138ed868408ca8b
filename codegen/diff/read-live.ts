import { assembleFiles } from '../import/assemble-files.ts';
import { assignNames } from '../import/assign-names.ts';
import { type BackendFolder, readBackendFolder } from '../import/backend-folder.ts';
import { readSource } from '../import/import-source.ts';
import { keepTypeNames } from '../import/keep-type-names.ts';
import { type Files, mergeFiles } from '../import/merge-files.ts';
import { openProgress } from '../import/progress.ts';
import { readServer } from '../import/read-server.ts';
import { readTools } from '../import/read-tool.ts';
import type { ReadLive } from './read-side.ts';

const STDIO = 'stdio:';
const TIMEOUT_MS = 30_000;

/**
 * Reads live backends for a comparison: what an import into a folder would leave there, with the names that were
 * chosen and what was written by hand, which is no change of the backend's.
 * @param folders where the imported backend may lie
 */
export function createLiveReader(folders: readonly string[]): ReadLive {
  return async (spec) => {
    const address = spec.startsWith(STDIO) ? { stdio: spec.slice(STDIO.length) } : { url: spec };
    const source = readSource({ ...address, header: [] });
    if (source.kind !== 'server') throw new Error(`${spec} is no MCP server.`);
    const [imported] = (await Promise.all(folders.map(readImported))).filter((one) => one !== undefined);
    const progress = openProgress();
    try {
      const options = { timeoutMs: TIMEOUT_MS, onProgress: progress.show };
      const listing = await readServer(source.address, options);
      const { operations } = readTools(listing.tools, listing.name);
      const named = assignNames(operations, imported?.notes?.renames ?? {});
      const { files } = await assembleFiles(imported?.notes?.name ?? listing.name, named);
      const merged = imported === undefined ? files : mergeInto(imported, files);
      return Object.entries(merged).map(([name, file]) => ({
        name,
        text: JSON.stringify(file, undefined, 2),
      }));
    } finally {
      progress.close();
    }
  };
}

function mergeInto({ base, ours }: BackendFolder, files: Files): Files {
  return mergeFiles(base, ours, keepTypeNames(base, files)).files;
}

/** What an import has left in a folder; undefined where there was none. */
async function readImported(folder: string): Promise<BackendFolder | undefined> {
  const imported = await readBackendFolder(folder).catch(() => undefined);
  return imported?.notes === undefined ? undefined : imported;
}
