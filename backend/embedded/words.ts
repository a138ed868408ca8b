/** English words that say nothing about what a text is about. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about after all also am an and any are as at be because been before being but by can could did do does ' +
    'done for from had has have he her him his how i if in into is it its just let me more most my no not of on ' +
    'or our out over she should so some such than that the their them then there these they this those to too ' +
    'under up us very was we were what when where which while who why will with would you your'
  ).split(' '),
);

/** The endings by which forms of an English word differ, behind at least three letters; the longest is taken. */
const FORM =
  /^(.{3,}?)(?:at(?:ions?|ing|ed|es?|ors?)|ur(?:ing|ed|es?)|e?ments?|ings?|ers?|ies|ed|es|(?<!s)s|ly|(?<![aeiou])y|e)$/;

/** The words of a text in small letters and without accents, in order. */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Like `wordsOf`, without the words that say nothing; with them when there are no others. */
export function tellingWordsOf(text: string): readonly string[] {
  const words = wordsOf(text);
  const telling = words.filter((word) => !STOP_WORDS.has(word));
  return telling.length > 0 ? telling : words;
}

/** The beginning that a word shares with its other forms: `migrations`, `migrated` → `migr`. */
export function stemOf(word: string): string {
  const stem = FORM.exec(word)?.[1] ?? word;
  return stem.length > 3 ? stem.replace(/([bdgmnprt])\1$/, '$1') : stem;
}

/** The set of stems that a text is about. */
export function stemsOf(text: string): ReadonlySet<string> {
  return new Set(tellingWordsOf(text).map(stemOf));
}
