import { isSecretField, isSecretNumber, removedField } from './secret-fields.ts';
import type { SecretRange } from './secret-range.ts';

/**
 * What may stand between a telling name and its value: `password=`, `"apiKey": `, `\"pin\":`. How such names end comes
 * first, since most texts have many colons.
 */
const SEPARATOR =
  /(?<=(?:pass(?:word|wd|phrase|code)?s?|pwds?|secrets?|tokens?|keys?|credentials?|cookie|authorization|otp|cvv|cvc|pin|mnemonic|dsn)\d?\\{0,3}["'`]?\s?)(?::|=>|=(?![=>~]))[ \t]{0,3}/gi;
/** The last word or two before it. */
const NAME = /(?:([A-Za-z][\w.-]{0,40}) )?([A-Za-z][\w.-]{1,40})\\{0,3}["'`]?\s?$/;
const LONGEST_NAME = 90;
/** To the same quote, which the text itself has with one more escape; else to any quote like it. */
const QUOTED = /(\\{0,3}["'`])(?!\[removed: )(?:([^\r\n]{1,1000}?)(?<!\\)\1|([^\r\n]{1,1000}?)\1)/y;
/** Right after an equals sign, as in variables of an environment and in queries. */
const ASSIGNED = /(?<==)(?!\[removed: |[$<{%])[^\s&"'`,;<>(){}|\\]{4,500}(?![\w(])/y;
/** One word with letters and digits: a sentence would go on with words. */
const WORD =
  /(?!\[removed: )(?=[^\s"'`]{0,200}\d)(?=[^\s"'`]{0,200}[A-Za-z])[^\s"'`,;<>(){}[\]|\\]{6,200}(?![\w([])/y;
const NUMBER = /\d{3,19}(?![\w.])/y;
/** What a program writes where it has no secret: another name for it, or none. */
const NO_SECRET = /^(?:true|false|null|none|nil|undefined|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)$/i;

/**
 * Finds the values of telling names within a text: in JSON, in variables, in queries, and after a colon.
 * @param offset where `text` begins in the whole text
 * @returns ranges of the values alone
 */
export function findNamedSecrets(text: string, offset: number): readonly SecretRange[] {
  const found: SecretRange[] = [];
  for (const { 0: separator, index } of text.matchAll(SEPARATOR)) {
    const name = nameBefore(text.slice(Math.max(0, index - LONGEST_NAME), index));
    if (name === undefined) continue;
    const value = valueAt(text, index + separator.length, name);
    if (value === undefined) continue;
    const [start, end] = value;
    found.push({ start: start + offset, end: end + offset, kind: removedField(name) });
  }
  return found;
}

function nameBefore(before: string): string | undefined {
  const [, first, last = ''] = NAME.exec(before) ?? [];
  const both = first === undefined ? last : `${first}_${last}`;
  // `page token` is none, though `token` is one.
  if (isSecretField(last)) return /token\d?$/i.test(last) && !isSecretField(both) ? undefined : last;
  return isSecretField(both) ? both : undefined;
}

/** Where a value begins and ends; undefined where none is a secret. */
function valueAt(text: string, at: number, name: string): readonly [number, number] | undefined {
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const quoted = match(QUOTED);
  if (quoted !== null) {
    const [, quote = '', whole, cut = ''] = quoted;
    return [at + quote.length, at + quote.length + (whole ?? cut).length];
  }
  const number = isSecretNumber(name) ? match(NUMBER) : null;
  const found = number ?? match(ASSIGNED) ?? match(WORD);
  return found === null || NO_SECRET.test(found[0]) ? undefined : [at, at + found[0].length];
}
