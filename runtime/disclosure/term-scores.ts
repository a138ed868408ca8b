import type MiniSearch from 'minisearch';

export interface FindOptions {
  readonly prefix?: boolean;
  /** Share of the letters that may be wrong. */
  readonly fuzzy?: number;
}

/** The operations that a term meets, by their places in the catalogue, and what it scores with each. */
export interface TermScores {
  readonly places: Uint32Array;
  readonly scores: Float64Array;
}

export type TermFinder = (term: string, options: FindOptions) => TermScores;

/** So many scores are kept in all: 12 MB. */
const MOST_SCORES = 1_000_000;

/**
 * Keeps what terms score: common ones meet thousands of operations, and come in most queries.
 * @param index of documents whose ids are places in the catalogue
 */
export function createTermFinder(index: MiniSearch): TermFinder {
  const known = new Map<string, TermScores>();
  let count = 0;
  return (term, options) => {
    const key = JSON.stringify([term, options]);
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const results = index.search(term, options);
    const found = {
      places: Uint32Array.from(results, ({ id }) => id),
      scores: Float64Array.from(results, ({ score }) => score),
    };
    // Each counts as one more: terms that meet nothing take room as well.
    count += results.length + 1;
    if (count > MOST_SCORES) {
      known.clear();
      count = results.length + 1;
    }
    known.set(key, found);
    return found;
  };
}
