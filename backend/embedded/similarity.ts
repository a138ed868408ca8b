import type { Pause } from './handler.ts';
import { stemsOf } from './words.ts';

/** Two texts by their places in the list, and how alike they are. */
export interface LikePair {
  readonly first: number;
  readonly second: number;
  readonly likeness: number;
}

type Stems = ReadonlySet<string>;

/**
 * All pairs of texts that are at least so much alike.
 * @param threshold above 0 and at most 1
 */
export async function findLikePairs(
  texts: readonly string[],
  threshold: number,
  pause: Pause,
): Promise<readonly LikePair[]> {
  const pairs: LikePair[] = [];
  await visitCandidates(texts, threshold, pause, (first, second, likeness) => {
    const value = likeness();
    if (value >= threshold) pairs.push({ first, second, likeness: value });
  });
  return pairs;
}

/**
 * Groups the places of texts so that any two that are at least so much alike are in one group, directly or
 * over others.
 * @param threshold above 0 and at most 1
 */
export async function groupLike(
  texts: readonly string[],
  threshold: number,
  pause: Pause,
): Promise<readonly (readonly number[])[]> {
  const groups = texts.map((_, place) => [place]);
  await visitCandidates(texts, threshold, pause, (first, second, likeness) => {
    const [one, other] = [groups[first], groups[second]];
    // Most candidates share a group already: comparing those would make a thousand like texts a million pairs.
    if (one === undefined || other === undefined || one === other || likeness() < threshold) return;
    const [large, small] = one.length >= other.length ? [one, other] : [other, one];
    for (const place of small) {
      large.push(place);
      groups[place] = large;
    }
  });
  return [...new Set(groups)].map((group) => group.toSorted((a, b) => a - b));
}

/** Jaccard index: what two sets share over all they have. */
export function likenessOf(a: Stems, b: Stems): number {
  const shared = a.intersection(b).size;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

/** Two sets that are that much alike must share one of their rarest stems: only texts that do are compared. */
async function visitCandidates(
  texts: readonly string[],
  threshold: number,
  pause: Pause,
  visit: (first: number, second: number, likeness: () => number) => void,
): Promise<void> {
  const sets: Stems[] = [];
  for (const text of texts) {
    sets.push(stemsOf(text));
    await pause();
  }
  const counts = new Map<string, number>();
  for (const set of sets) for (const stem of set) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const byRarity = (a: string, b: string) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || (a < b ? -1 : 1);
  const placesByStem = new Map<string, number[]>();
  for (const [second, set] of sets.entries()) {
    const candidates = new Set<number>();
    const looked = set.size - Math.ceil(set.size * threshold) + 1;
    for (const stem of [...set].sort(byRarity).slice(0, looked)) {
      const places = placesByStem.get(stem);
      for (const first of places ?? []) candidates.add(first);
      if (places === undefined) placesByStem.set(stem, [second]);
      else places.push(second);
    }
    for (const first of candidates) visit(first, second, () => likenessOf(sets[first] ?? new Set(), set));
    await pause();
  }
}
