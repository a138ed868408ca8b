import { isSecretField, isSecretNumber, isSecretValue, removedField } from './secret-fields.ts';
import type { SecretRange } from './secret-range.ts';

/**
 * What may stand between a telling name and its value: `password=`, `"apiKey": `, `['pin'] = `. How such names end comes
 * first, since most texts have many colons.
 */
const SEPARATOR =
  /(?<=(?:pass(?:word|wd|phrase|code)?s?|pwds?|secrets?|tokens?|keys?|credentials?|cookie|authorization|otp|cvv|cvc|pin|mnemonic|dsn|base)\d?\\{0,3}["'`]?\]?[ \t]{0,24})(?::=?|=>|=(?![=>~]))[ \t]{0,3}/gi;
/** The last word or two before it. */
const NAME = /(?:([A-Za-z][\w.-]{0,40}) )?([A-Za-z][\w.-]{1,40})\\{0,3}["'`]?\]?[ \t]{0,24}$/;
const LONGEST_NAME = 114;
/** To the same quote, which the text itself has with one more escape; else to any quote like it. */
const QUOTED = /(\\{0,3}["'`])(?!\[removed: |\1)(?:([^\r\n]{1,1000}?)(?<!\\)\1|([^\r\n]{1,1000}?)\1)/y;
/** Right after an equals sign, as in variables of an environment and in queries. */
const ASSIGNED = /(?<==)(?!\[removed: |[$<{%])[^\s&"'`,;<>(){}|\\]{4,500}(?![\w(])/y;
/** One word with letters and digits: a sentence would go on with words. */
const WORD =
  /(?!\[removed: )(?=[^\s"'`,;<>(){}[\]|\\]{0,200}\d)(?=[^\s"'`,;<>(){}[\]|\\]{0,200}[A-Za-z])[^\s"'`,;<>(){}[\]|\\]{6,200}(?![\w([])/y;
/** Base64 that needs no digit to be told: its padding. */
const PADDED = /[A-Za-z\d+/]{4,500}={1,2}(?![\w=([])/y;
const NUMBER = /\d{3,19}(?![\w.])/y;
/** What a program writes where it has no secret: another name for it, an address without a user, or none. */
const NO_SECRET =
  /^(?:true|false|null|none|nil|undefined|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\[(?:\w*\])?)?|[A-Za-z_]\w*\[(?:\w*\])?|https?:\/\/[^\s@]*)$/i;
/** What schemas, rules and the options of requests say of such fields. */
const WORDS = /^(?:omit|include|same-origin|none|null|true|false|required|optional|string)$/i;
/** What else names secrets: without it, no text has any of the forms below. */
const FIRST_LOOK =
  /\bvalue\b|<\/|--\w|\s-u\s|\bENV\s|\bpassword\s|\bidentified\s|["'],\s?\\{0,3}["']|\bdefault\s/i;
/** Other forms than a name, a separator and a value. Without a name of its own, a form is that of a password. */
const FORMS: readonly RegExp[] = [
  // Lists of variables, headers and settings.
  /\b(?:name|key|header|variable)\\{0,3}["']?\s{0,2}[:=]\s{0,2}\\{0,3}["']?(?<name>[A-Za-z][\w.-]{1,60})\\{0,3}["']?[\s,]{1,40}\\{0,3}["']?value\\{0,3}["']?\s{0,2}[:=]\s{0,3}\\{0,3}["']?(?!\[removed: |[$<{%])(?<value>[^\s"',<>\\]{4,500})/dgi,
  /<(?:[A-Za-z]\w{0,20}:)?(?<name>[A-Za-z][\w.-]{1,60})(?:\s[^<>]{1,200})?>(?!\[removed: )(?<value>[^<>\r\n]{1,500})<\/(?:[A-Za-z]\w{0,20}:)?\k<name>>/dg,
  /<\w{1,40}\s(?:name|key)=["'](?<name>[A-Za-z][\w.-]{1,60})["'](?:\s[^<>]{1,100})?>(?=[^\s<>]{0,200}\d)(?=[^\s<>]{0,200}[A-Za-z])(?<value>[^\s<>]{6,200})<\//dg,
  // Options of commands, and variables of images.
  /(?:(?<![\w-])--|\bENV\s)(?<name>[A-Za-z][\w-]{1,60}) ["']?(?=[^\s"']{0,200}\d)(?=[^\s"']{0,200}[A-Za-z])(?<value>[^\s"'<>(){}[\]|]{6,200})(?![\w([])/dg,
  /(?<![\w-])(?:-u|--user)[ =]["']?[^\s:"']{1,64}:(?=[^\s"']{0,200}\d)(?=[^\s"']{0,200}[A-Za-z])(?<value>[^\s"']{4,200})/dg,
  // Calls that set it, `define('DB_PASSWORD', '…')`, and entries: `["x-api-key","…"]`.
  /[([]\\{0,3}["'](?<name>[A-Za-z][\w.-]{1,60})\\{0,3}["'],\s?\\{0,3}["'](?<value>(?:(?:[Bb]asic|[Bb]earer|[Tt]oken) (?=[^\s"'\\]{0,200}(?:\d|[a-z][A-Z]))|(?=[^\s"'\\]{0,200}\d)(?=[^\s"'\\]{0,200}[A-Za-z]))[^\s"'\\]{6,200})\\{0,3}["']/dg,
  // What is to be built, and with which variables.
  /\bvariable\s"(?<name>[A-Za-z][\w-]{1,60})"\s{0,2}\{[^{}]{0,300}?\bdefault\s{1,20}=\s{0,3}"(?<value>[^"\r\n]{1,500})"/dg,
  // The file of passwords that curl and git read.
  /\blogin\s{1,20}[^\s"'=]{1,64}\s{1,20}password\s{1,20}(?!\[removed: )(?<value>[^\s"']{4,200})(?=\s|$)/dg,
  // SQL.
  /\b(?:identified\s(?:with\s\S{1,40}\s)?by|(?:with|encrypted|set)\spassword(?:\s?=)?)\s?'(?!\[removed: )(?<value>[^'\r\n]{1,200})'/dgi,
];

/**
 * Finds the values of telling names within a text: in JSON, in variables, in queries, after a colon, and in `FORMS`.
 * @param offset where `text` begins in the whole text
 * @returns ranges of the values alone
 */
export function findNamedSecrets(text: string, offset: number): readonly SecretRange[] {
  const found = FIRST_LOOK.test(text) ? findForms(text, offset) : [];
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

function findForms(text: string, offset: number): SecretRange[] {
  return FORMS.flatMap((form) =>
    [...text.matchAll(form)].flatMap(({ groups, indices }) => {
      const { name = 'password', value = '' } = groups ?? {};
      const [start, end] = indices?.groups?.value ?? [0, 0];
      if (!isSecretField(name) || NO_SECRET.test(value) || !isSecretValue(name, value)) return [];
      return [{ start: start + offset, end: end + offset, kind: removedField(name) }];
    }),
  );
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
    const value = whole ?? cut;
    if (WORDS.test(value) || !isSecretValue(name, value)) return undefined;
    return [at + quote.length, at + quote.length + value.length];
  }
  const number = isSecretNumber(name) ? match(NUMBER) : null;
  const found = number ?? match(ASSIGNED) ?? match(WORD) ?? match(PADDED);
  if (found === null || NO_SECRET.test(found[0]) || !isSecretValue(name, found[0])) return undefined;
  // An argument that is called like the parameter.
  if (found[0].replace(/^_+/, '') === name) return undefined;
  return [at, at + found[0].length];
}
