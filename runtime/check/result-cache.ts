import type { CheckResult } from '../contract/program.ts';

const MOST_RESULTS = 1_000;
/** Bounds the memory: about 2 bytes a character. */
const MOST_CHARACTERS = 8_000_000;

/** The results of the checks done last, by hash of the code. */
export interface ResultCache {
  get(hash: string): CheckResult | undefined;
  set(hash: string, result: CheckResult, characters: number): void;
}

/** Least recently used results leave first. */
export function createResultCache(): ResultCache {
  const entries = new Map<string, { readonly result: CheckResult; readonly characters: number }>();
  let total = 0;
  const remove = (hash: string): void => {
    total -= entries.get(hash)?.characters ?? 0;
    entries.delete(hash);
  };
  return {
    get(hash) {
      const entry = entries.get(hash);
      if (entry === undefined) return undefined;
      entries.delete(hash);
      entries.set(hash, entry);
      return entry.result;
    },
    set(hash, result, characters) {
      remove(hash);
      entries.set(hash, { result, characters });
      total += characters;
      for (const oldest of entries.keys()) {
        if (entries.size <= MOST_RESULTS && total <= MOST_CHARACTERS) break;
        remove(oldest);
      }
    },
  };
}
