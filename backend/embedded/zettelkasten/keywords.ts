import { rounded } from '../rounded.ts';
import { stemOf, tellingWordsOf } from '../words.ts';

export type Keyword = {
  readonly term: string;
  readonly weight: number;
};

/** The words that make a text differ from others. */
export interface Keywords {
  /** Weightiest first. */
  readonly keywords: readonly Keyword[];
  readonly stems: ReadonlySet<string>;
  /** 0 to 1: how few of the other texts the keywords stand in, on average. */
  readonly particularity: number;
}

const MAX_KEYWORDS = 10;

/**
 * Weighs the words of a text by TF-IDF: their share of the text × (ln((1 + N) / (1 + n)) + 1), where n of N texts
 * hold the word in some form. Forms of a word count as one, shown as the first form.
 * @param others the stems of each of the other texts
 */
export function findKeywords(text: string, others: readonly ReadonlySet<string>[]): Keywords {
  const words = tellingWordsOf(text);
  const weighed = [...Map.groupBy(words, stemOf)]
    .map(([stem, [term = stem, ...more]]) => {
      const holders = others.filter((other) => other.has(stem)).length;
      const rarity = Math.log((2 + others.length) / (2 + holders)) + 1;
      return { stem, term, weight: ((1 + more.length) / words.length) * rarity, holders };
    })
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_KEYWORDS);
  const held = weighed.reduce((sum, { holders }) => sum + holders, 0);
  const most = weighed.length * others.length;
  return {
    keywords: weighed.map(({ term, weight }) => ({ term, weight: rounded(weight) })),
    stems: new Set(weighed.map(({ stem }) => stem)),
    particularity: most === 0 ? 0 : 1 - held / most,
  };
}
