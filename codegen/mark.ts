import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Folder } from './folders.ts';
import { LOCK_FILE, listGeneratorFiles, REPOSITORY } from './generator-files.ts';
import { placeOf } from './place-of.ts';
import { PROVENANCE_FILE } from './provenance.ts';
import { storeFolder } from './store-folder.ts';

/**
 * How long files must not have changed before a mark is made: within one tick of a file system's clock, a change
 * leaves no trace. Some count in seconds.
 */
const TICK_MS = 20;
const COARSE_TICK_MS = 2_000;

const MARK_FILE = 'unchanged.mark';

/** Between the parts of a mark. */
const GAP = '\n\n';

/** What tells that files are as they were without reading them: their sizes, times and places on disk. */
interface Stamp {
  readonly text: string;
  /** When the last of them changed, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** What a folder is compiled from, and what it came to, as they lie on disk. */
export interface Sight {
  /** Which folder the outputs are in. */
  readonly place: string;
  readonly inputs: Stamp;
  readonly outputs: Stamp;
}

/** What an earlier run noted of what is still as it was. */
export interface Recollection {
  /** What the folder holds, in words; left out when it has to be compiled again. */
  readonly counts?: string;
  /** Whether the outputs are those that their provenance tells of. */
  readonly hasOutputs: boolean;
}

/** Looks at a folder. Nothing is read but directories. */
export function lookAt({ schemas, out, target }: Folder): Sight {
  const place = placeOf(out);
  const sources = [...listGeneratorFiles(), LOCK_FILE].map((path) => join(REPOSITORY, path));
  const inputs = stampOf([...sources, ...filesIn(schemas, false)]);
  const { name, runtime } = target;
  const heading = JSON.stringify([resolve(out), name, runtime]);
  return {
    place,
    inputs: { ...inputs, text: `${heading}\n${inputs.text}` },
    // What is none of ours can be as large as a disk.
    outputs: stampOf(existsSync(join(out, PROVENANCE_FILE)) ? filesIn(out, true) : []),
  };
}

/** What is known of a folder without reading it. */
export function recall(stores: string, { out }: Folder, { inputs, outputs }: Sight): Recollection {
  try {
    const [counts = '', ...parts] = readFileSync(markFile(stores, out), 'utf8').split(GAP);
    const hasOutputs = parts.at(-1) === outputs.text;
    return parts[0] === inputs.text && hasOutputs ? { counts, hasOutputs } : { hasOutputs };
  } catch {
    return { hasOutputs: false };
  }
}

/**
 * Notes what a folder holds, for the next run. A mark that cannot be made costs that run some time.
 * @param seen what the folder was compiled from, looked at before it was read
 * @param isWritten whether the outputs are new since then
 */
export async function remember(
  stores: string,
  folder: Folder,
  seen: Sight,
  isWritten: boolean,
  counts: string,
): Promise<void> {
  if (isWritten) await sleep(TICK_MS);
  const { outputs } = isWritten ? lookAt(folder) : seen;
  if (![seen.inputs, outputs].every(isSettled)) return;
  try {
    writeFileSync(markFile(stores, folder.out), [counts, seen.inputs.text, outputs.text].join(GAP));
  } catch {
    // There is no store to keep it in.
  }
}

function markFile(stores: string, out: string): string {
  return join(storeFolder(stores, out), MARK_FILE);
}

function isSettled({ changedAt }: Stamp): boolean {
  return Date.now() - changedAt >= (changedAt % 1_000 === 0 ? COARSE_TICK_MS : TICK_MS);
}

function stampOf(paths: readonly string[]): Stamp {
  let changedAt = 0;
  const lines = paths.map((path) => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return `${path} gone`;
    const { size, ino, mtimeNs, ctimeNs, ctimeMs } = stats;
    changedAt = Math.max(changedAt, Number(ctimeMs));
    return `${path} ${size} ${ino} ${mtimeNs} ${ctimeNs}`;
  });
  return { text: lines.join('\n'), changedAt };
}

/** The files of a folder, sorted; none when there is no such folder. */
function filesIn(folder: string, recursive: boolean): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
  } catch {
    return [];
  }
}
