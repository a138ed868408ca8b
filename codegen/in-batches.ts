/** So many files at once keep a disk busy, and are far from what a process may have open. */
const AT_ONCE = 32;

/**
 * Does work for all items, some at a time.
 * @returns what it came to, in their order
 * @throws what the first item throws that cannot be done, when nothing is under way any more
 */
export async function inBatches<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const batch = await Promise.allSettled(items.slice(from, from + AT_ONCE).map(work));
    for (const result of batch) {
      if (result.status === 'rejected') throw result.reason;
      done.push(result.value);
    }
  }
  return done;
}
