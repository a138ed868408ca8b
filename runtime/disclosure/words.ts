/** Words that say nothing about an operation. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about after all already am an and any anybody anything are as at be been being before by can could did do does doing done ' +
    'each else ever every everything for from get gets give given go goes had has have having he her here him his how i if in ' +
    'into is it its just kind let lot make makes many may me might more most much must my need needs no not nothing now ' +
    'of off on one only or other our out over own please put really right shall she should so some still somebody ' +
    'someone something sort such than that the their them then there these they thing things this those through ' +
    'to too up upon us use used using very want wants was way we were what when where which while who whom whose ' +
    'why will with without would yes yet you your'
  ).split(' '),
);

const VOWEL = /[aeiouy]/;

/** The words of a text or of a name, lower case: `updateTaskStatus` and `update_task_status` are three. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** The stem that a word is looked up by; undefined for a word that says nothing. */
export function termOf(word: string): string | undefined {
  return STOP_WORDS.has(word) || word.length < 2 ? undefined : stem(word);
}

/** Takes off plural, -ing, -ed, -ion, -ic and a final e or y, so that `stores`, `stored` and `storing` meet. */
export function stem(word: string): string {
  const singular = dropPlural(word);
  return dropFinal(dropEnding(singular));
}

function dropPlural(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.length > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

function dropEnding(word: string): string {
  if (word.length > 7 && word.endsWith('ization')) return word.slice(0, -5);
  const adverb = /^(.{4,})ic(?:ally)?$/.exec(word)?.[1];
  if (adverb !== undefined) return adverb;
  if (word.length > 5 && /[st]ion$/.test(word)) return word.slice(0, -3);
  const root = /^(.{2,})(?:ing|(?<!e)ed)$/.exec(word)?.[1];
  if (root === undefined || !VOWEL.test(root)) return word;
  return root.replace(/([bdgmnprt])\1$/, '$1');
}

function dropFinal(word: string): string {
  return word.length > 3 && /(?:e|[^aeiou]y)$/.test(word) ? word.slice(0, -1) : word;
}
