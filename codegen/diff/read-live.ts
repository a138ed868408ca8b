import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BACKEND_FILE } from '../folders.ts';
import { assembleFiles } from '../import/assemble-files.ts';
import { assignNames } from '../import/assign-names.ts';
import type { BackendNotes } from '../import/backend-folder.ts';
import { readSource } from '../import/import-source.ts';
import { openProgress } from '../import/progress.ts';
import { readServer } from '../import/read-server.ts';
import { readTools } from '../import/read-tool.ts';
import type { ReadLive } from './read-side.ts';

const STDIO = 'stdio:';
const TIMEOUT_MS = 30_000;

/**
 * Reads live backends for a comparison: as an import into a folder would, with the names that were chosen there.
 * @param folders where the imported backend may lie
 */
export function createLiveReader(folders: readonly string[]): ReadLive {
  return async (spec) => {
    const address = spec.startsWith(STDIO) ? { stdio: spec.slice(STDIO.length) } : { url: spec };
    const source = readSource({ ...address, header: [] });
    if (source.kind !== 'server') throw new Error(`${spec} is no MCP server.`);
    const [notes] = (await Promise.all(folders.map(readNotes))).filter((one) => one !== undefined);
    const progress = openProgress();
    try {
      const options = { timeoutMs: TIMEOUT_MS, onProgress: progress.show };
      const listing = await readServer(source.address, options);
      const { operations } = readTools(listing.tools, listing.name);
      const named = assignNames(operations, notes?.renames ?? {});
      const { files } = await assembleFiles(notes?.name ?? listing.name, named);
      return Object.entries(files).map(([name, file]) => ({
        name,
        text: JSON.stringify(file, undefined, 2),
      }));
    } finally {
      progress.close();
    }
  };
}

/** What an import has noted in a folder; undefined where there was none. */
async function readNotes(folder: string): Promise<Pick<BackendNotes, 'name' | 'renames'> | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, BACKEND_FILE), 'utf8'));
  } catch {
    return undefined;
  }
}
