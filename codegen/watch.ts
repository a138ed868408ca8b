import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import { codeOf } from './error-code.ts';

/** Editors write a file in several steps. */
const QUIET_MS = 30;

/** What changed when the folder as a whole was replaced. */
const ALL = '';

/**
 * Calls `onChange` after something in a folder changed, one call at a time, until `signal` is aborted. A folder
 * that is replaced, as an import does, is watched in its new place.
 * @param onChange told the first step of each path that changed since it was last called, from the folder on; an
 * empty one stands for the folder itself
 * @throws what `onChange` throws, and what a file system says that cannot be watched
 */
export async function watchFolder(
  folder: string,
  signal: AbortSignal,
  onChange: (changed: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  const { promise, resolve: end, reject } = Promise.withResolvers<void>();
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  const flush = (): void => {
    const since = changed;
    changed = new Set();
    work = work.then(() => onChange(since));
    work.catch(reject);
  };
  const note = (...steps: readonly string[]): void => {
    for (const step of steps) changed.add(step);
    if (changed.size === 0) return;
    clearTimeout(timer);
    timer = setTimeout(flush, QUIET_MS);
  };
  const place = resolve(folder);
  const openInside = (): FSWatcher | undefined =>
    openWatcher(place, true, reject, (path) => {
      if (path.endsWith('.json')) note(path.split(sep)[0] ?? ALL);
      else note();
    });
  let inside = openInside();
  const around = openWatcher(dirname(place), false, reject, (path) => {
    if (path !== basename(place)) return;
    inside?.close();
    inside = openInside();
    note(ALL, ...namesIn(place));
  });
  signal.addEventListener('abort', () => end(), { once: true });
  try {
    await promise;
    await work;
  } finally {
    clearTimeout(timer);
    inside?.close();
    around?.close();
  }
}

/** Undefined where there is no such folder. */
function openWatcher(
  folder: string,
  recursive: boolean,
  onError: (error: unknown) => void,
  onPath: (path: string) => void,
): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { recursive }, (_event, path) => onPath(path ?? ''));
    return watcher.on('error', (error) => {
      if (codeOf(error) !== 'ENOENT') onError(error);
    });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
