import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { PersonalKind, PersonalValue, Replace } from '../contract/privacy.ts';
import { findSensitive, type Sensitive } from './find-sensitive.ts';
import type { Holder } from './personal/context.ts';
import { isSecretField } from './secret-fields.ts';

export interface Cleaned<T> {
  readonly value: T;
  /** Kinds of the secrets that were removed, each once. */
  readonly removed: readonly string[];
  /** How much personal data was replaced, by kind. */
  readonly replaced: ReadonlyMap<PersonalKind, number>;
}

/** A name that may stand in a sentence of the server's own: anything else there would speak in its voice. */
const PLAIN_NAME = /^[\w.-]{1,40}$/;
/** Between two texts that are searched as one: no pattern reads across it. */
const BETWEEN = '\n\n';
/** A shorter number tells of nobody. */
const LEAST_NUMBER = 1_000_000;

const removedMark = (kind: string): string => `[removed: ${kind}]`;

/** Takes credentials, and personal data if it is told what to put in its place, out of a text. */
export async function cleanText(text: string, replace: Replace | undefined): Promise<Cleaned<string>> {
  const holder = { start: 0, end: text.length, name: undefined };
  const found = await findSensitive(text, replace && (() => holder));
  const marks = await writeMarks(text, found, replace);
  return { value: replaceRanges(text, 0, found, marks), ...count(found) };
}

/**
 * Takes secrets out of a JSON value: the text of fields with a telling name, and credentials known by their
 * form anywhere, in keys too. Personal data is replaced as well, in texts, keys and numbers, if `replace` tells
 * by what.
 *
 * All texts of the value are searched as one, each on lines of its own, so that the cost is one search.
 */
export async function cleanValue(
  value: JsonValue,
  replace: Replace | undefined,
): Promise<Cleaned<JsonValue>> {
  const isSecret = rememberSecretNames();
  const texts = collectTexts(value, isSecret, replace !== undefined);
  const joined = texts.map(({ text }) => text).join(BETWEEN);
  const found = await findSensitive(joined, replace && createHolders(texts));
  const marks = await writeMarks(joined, found, replace);
  const fields = new Set<string>();
  const rebuilt =
    found.length === 0 && !texts.some(({ isSecret }) => isSecret)
      ? value
      : createRebuilder(found, marks, fields, isSecret, replace !== undefined)(value);
  const { removed, replaced } = count(found);
  return { value: rebuilt, removed: [...removed, ...fields], replaced };
}

/** Tells whether a name is that of a secret. Rows repeat their names. */
function rememberSecretNames(): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const isSecret = known.get(name) ?? isSecretField(name);
    known.set(name, isSecret);
    return isSecret;
  };
}

interface HeldText {
  readonly text: string;
  readonly name: string | undefined;
  /** Whether it is the name of a field whose text is a secret. */
  readonly isSecret: boolean;
}

function collectTexts(
  value: JsonValue,
  isSecret: (name: string) => boolean,
  withNumbers: boolean,
): readonly HeldText[] {
  const texts: HeldText[] = [];
  const collect = (part: JsonValue, name: string | undefined): void => {
    if (typeof part === 'string') texts.push({ text: part, name, isSecret: false });
    else if (typeof part === 'number') {
      if (withNumbers && isLong(part)) texts.push({ text: String(part), name, isSecret: false });
    } else if (Array.isArray(part)) for (const item of part) collect(item, name);
    else if (typeof part === 'object' && part !== null) {
      for (const [key, item] of Object.entries(part)) {
        texts.push({ text: key, name: undefined, isSecret: isSecret(key) });
        collect(item, key);
      }
    }
  };
  collect(value, undefined);
  return texts;
}

const isLong = (number: number): boolean => Number.isSafeInteger(number) && number >= LEAST_NUMBER;

/** Finds the text that holds an offset of the joined text. */
function createHolders(texts: readonly HeldText[]): (at: number) => Holder {
  let length = 0;
  const starts = texts.map(({ text }) => {
    const start = length;
    length += text.length + BETWEEN.length;
    return start;
  });
  return (at) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? Infinity) <= at) low = middle;
      else high = middle - 1;
    }
    const start = starts[low] ?? 0;
    const held = texts[low];
    return { start, end: start + (held?.text.length ?? 0), name: held?.name };
  };
}

/** What takes the place of each range, in the same order. */
async function writeMarks(
  text: string,
  found: readonly Sensitive[],
  replace: Replace | undefined,
): Promise<readonly string[]> {
  const values = new Map<string, PersonalValue>();
  const keyOf = (range: Sensitive): string => `${range.personal}\n${text.slice(range.start, range.end)}`;
  for (const range of found) {
    if (range.personal === undefined || range.secret !== undefined) continue;
    values.set(keyOf(range), { kind: range.personal, text: text.slice(range.start, range.end) });
  }
  const written = values.size === 0 ? [] : ((await replace?.([...values.values()])) ?? []);
  const byKey = new Map([...values.keys()].map((key, index) => [key, written[index]]));
  return found.map((range) => byKey.get(keyOf(range)) ?? removedMark(range.secret ?? range.personal ?? ''));
}

/** Walks in the same order as `collectTexts`, so that a running offset finds each text's ranges again. */
function createRebuilder(
  found: readonly Sensitive[],
  marks: readonly string[],
  fields: Set<string>,
  isSecret: (name: string) => boolean,
  withNumbers: boolean,
): (value: JsonValue) => JsonValue {
  let offset = 0;
  let next = 0;
  const clean = (text: string): string => {
    const start = offset;
    offset += text.length + BETWEEN.length;
    while ((found[next]?.end ?? Infinity) <= start) next++;
    if ((found[next]?.start ?? Infinity) >= start + text.length) return text;
    return replaceRanges(text, start, found, marks, next);
  };
  const rebuild = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return clean(value);
    if (typeof value === 'number' && withNumbers && isLong(value)) {
      const text = clean(String(value));
      return text === String(value) ? value : text;
    }
    if (Array.isArray(value)) {
      const items = value.map(rebuild);
      return items.every((item, at) => item === value[at]) ? value : items;
    }
    if (typeof value !== 'object' || value === null) return value;
    // Most rows have nothing to hide, and stay.
    let isSame = true;
    const entries: [string, JsonValue][] = [];
    for (const [key, item] of Object.entries(value as JsonObject)) {
      const name = clean(key);
      const rebuilt = rebuild(item);
      if (typeof rebuilt !== 'string' || rebuilt === '' || !isSecret(name)) {
        if (name !== key || rebuilt !== item) isSame = false;
        entries.push([name, rebuilt]);
      } else {
        isSame = false;
        const kind = PLAIN_NAME.test(name) ? `field ${name}` : 'field with a telling name';
        fields.add(kind);
        entries.push([name, removedMark(kind)]);
      }
    }
    return isSame ? value : Object.fromEntries(entries);
  };
  return rebuild;
}

/** @param offset where `text` begins in the text that the ranges were found in */
function replaceRanges(
  text: string,
  offset: number,
  found: readonly Sensitive[],
  marks: readonly string[],
  first = 0,
): string {
  let result = '';
  let position = 0;
  for (let at = first; at < found.length; at += 1) {
    const range = found[at] as Sensitive;
    const start = Math.max(range.start - offset, position);
    const end = Math.min(range.end - offset, text.length);
    if (start >= text.length) break;
    if (end <= position) continue;
    result += text.slice(position, start) + marks[at];
    position = end;
  }
  return result + text.slice(position);
}

function count(found: readonly Sensitive[]): Omit<Cleaned<never>, 'value'> {
  const replaced = new Map<PersonalKind, number>();
  for (const { personal, secret } of found)
    if (personal !== undefined && secret === undefined)
      replaced.set(personal, (replaced.get(personal) ?? 0) + 1);
  return { removed: [...new Set(found.flatMap(({ secret }) => secret ?? []))], replaced };
}
