import { stemOf, stemsOf, tellingWordsOf } from '../words.ts';

/**
 * The words that most of these texts have and the query has not, at most `limit`; of equally frequent ones
 * those of the earlier texts come first.
 */
export function standingOutWords(texts: readonly string[], query: string, limit: number): readonly string[] {
  const known = stemsOf(query);
  const words = new Map<string, { readonly word: string; texts: number }>();
  for (const text of texts) {
    const ofText = new Map(tellingWordsOf(text).map((word) => [stemOf(word), word]));
    for (const [stem, word] of ofText) {
      if (known.has(stem) || word.length < 3 || /^\p{N}+$/u.test(word)) continue;
      const entry = words.get(stem) ?? { word, texts: 0 };
      entry.texts += 1;
      words.set(stem, entry);
    }
  }
  return [...words.values()]
    .sort((a, b) => b.texts - a.texts)
    .slice(0, limit)
    .map(({ word }) => word);
}
