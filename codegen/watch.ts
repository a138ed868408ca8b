import { watch } from 'node:fs';
import { sep } from 'node:path';

/** Editors write a file in several steps. */
const QUIET_MS = 30;

/**
 * Calls `onChange` after something in a folder changed, one call at a time, until `signal` is aborted.
 * @param onChange told the first step of each path that changed since it was last called, from the folder on
 * @throws what `onChange` throws, and what a file system says that cannot be watched
 */
export async function watchFolder(
  folder: string,
  signal: AbortSignal,
  onChange: (changed: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  const flush = (): void => {
    const since = changed;
    changed = new Set();
    work = work.then(() => onChange(since));
    work.catch(reject);
  };
  const watcher = watch(folder, { recursive: true }, (_event, path) => {
    if (path?.endsWith('.json') === true) changed.add(path.split(sep)[0] ?? '');
    if (changed.size === 0) return;
    clearTimeout(timer);
    timer = setTimeout(flush, QUIET_MS);
  });
  watcher.on('error', reject);
  signal.addEventListener('abort', () => resolve(), { once: true });
  try {
    await promise;
    await work;
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
}
