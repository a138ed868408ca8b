import { distance } from 'fastest-levenshtein';

/** From how much likeness on something is taken to be the same under another name; 1 is the very same. */
const LIKELY = 0.5;

/**
 * Guesses which of the new names stand for which of the old ones: the likest first, each name once.
 * @param likeness of two things beside their names, 0 to 1; 0 rules the pair out
 */
export function guessRenames<T>(
  gone: ReadonlyMap<string, T>,
  fresh: ReadonlyMap<string, T>,
  likeness: (before: T, after: T) => number,
): ReadonlyMap<string, string> {
  const candidates = [...gone].flatMap(([from, before]) =>
    [...fresh].flatMap(([to, after]) => {
      const content = likeness(before, after);
      const score = content === 0 ? 0 : (likenessOfNames(from, to) + content) / 2;
      return score >= LIKELY ? [{ from, to, score }] : [];
    }),
  );
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of candidates.sort((a, b) => b.score - a.score)) {
    if (renames.has(from) || taken.has(to)) continue;
    renames.set(from, to);
    taken.add(to);
  }
  return renames;
}

/** The share of names that both have. */
export function sharedShare(first: readonly string[], second: readonly string[]): number {
  const all = new Set([...first, ...second]);
  const both = first.filter((name) => second.includes(name)).length;
  return all.size === 0 ? 1 : both / all.size;
}

function likenessOfNames(first: string, second: string): number {
  const letters = 1 - distance(first, second) / Math.max(first.length, second.length);
  return Math.max(letters, sharedShare(first.split(/[._-]/), second.split(/[._-]/)));
}
