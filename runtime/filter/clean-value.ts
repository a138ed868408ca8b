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
/** Between two texts that are searched as one: no pattern reads across it, but for that of a private key. */
const BETWEEN = '\n\n';
/** A shorter number tells of nobody. */
const LEAST_NUMBER = 1_000_000;
/** Shorter than the lines that a private key begins and ends with: a log may hold keys line by line. */
const LONGEST_REPEATED = 24;

const removedMark = (kind: string): string => `[removed: ${kind}]`;

/** Takes credentials, and personal data if it is told what to put in its place, out of a text. */
export async function cleanText(text: string, replace: Replace | undefined): Promise<Cleaned<string>> {
  const holder = { start: 0, end: text.length, name: undefined };
  const found = await findSensitive(text, replace && (() => holder));
  const marked = await writeMarks(text, found, replace);
  const replaced = new Map<PersonalKind, number>();
  count(found, replaced);
  return { value: replaceRanges(text, holder, marked), removed: secretKinds(found), replaced };
}

/**
 * Takes secrets out of a JSON value: the text of fields with a telling name, and credentials known by their
 * form anywhere, in keys too. Personal data is replaced as well, in texts, keys and numbers, if `replace` tells
 * by what.
 *
 * All texts of the value are searched as one, each on lines of its own, so that the cost is one search; short
 * ones once, since rows repeat their keys, states and days.
 */
export async function cleanValue(
  value: JsonValue,
  replace: Replace | undefined,
): Promise<Cleaned<JsonValue>> {
  const { texts, secretNames } = collectTexts(value, replace !== undefined);
  const joined = texts.map(({ text }) => text).join(BETWEEN);
  const found = await findSensitive(joined, replace && ((at) => holderOf(at, texts)));
  const replaced = new Map<PersonalKind, number>();
  if (found.length === 0 && secretNames.size === 0) return { value, removed: [], replaced };
  const changes = listChanges(texts, await writeMarks(joined, found, replace));
  const fields = new Set<string>();
  const rebuilt = createRebuilder(changes, secretNames, fields, replaced)(value);
  return { value: rebuilt, removed: [...secretKinds(found), ...fields], replaced };
}

interface HeldText extends Holder {
  readonly text: string;
}

/** Texts with their places in the joined text, and the keys that tell that a secret follows. */
interface Collected {
  readonly texts: readonly HeldText[];
  readonly secretNames: ReadonlySet<string>;
}

function collectTexts(value: JsonValue, withNumbers: boolean): Collected {
  const texts: HeldText[] = [];
  const secretNames = new Set<string>();
  const known = new Map<string | undefined, Set<string>>();
  let start = 0;
  /** Tells whether it was not there before. */
  const add = (text: string, name: string | undefined): boolean => {
    if (text === '') return false;
    if (text.length <= LONGEST_REPEATED) {
      const sameName = known.get(name) ?? new Set();
      if (sameName.has(text)) return false;
      known.set(name, sameName.add(text));
    }
    const end = start + text.length;
    texts.push({ text, name, start, end });
    start = end + BETWEEN.length;
    return true;
  };
  const collect = (part: JsonValue, name: string | undefined): void => {
    if (typeof part === 'string') add(part, name);
    else if (typeof part === 'number') {
      if (withNumbers && isLong(part)) add(String(part), name);
    } else if (Array.isArray(part)) for (const item of part) collect(item, name);
    else if (typeof part === 'object' && part !== null) {
      const object = part as JsonObject;
      for (const key of Object.keys(object)) {
        if (add(key, undefined) && isSecretField(key)) secretNames.add(key);
        collect(object[key] ?? null, key);
      }
    }
  };
  collect(value, undefined);
  return { texts, secretNames };
}

const isLong = (number: number): boolean => Number.isSafeInteger(number) && number >= LEAST_NUMBER;

/** The text that holds an offset of the joined text. */
function holderOf(at: number, texts: readonly HeldText[]): Holder {
  let low = 0;
  let high = texts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((texts[middle]?.start ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return texts[low] ?? { start: 0, end: 0, name: undefined };
}

/** What was found, with what takes its place. */
interface Marked extends Sensitive {
  readonly mark: string;
}

async function writeMarks(
  text: string,
  found: readonly Sensitive[],
  replace: Replace | undefined,
): Promise<readonly Marked[]> {
  const values = new Map<string, PersonalValue>();
  const keys = found.map(({ start, end, personal, secret }) => {
    if (personal === undefined || secret !== undefined) return '';
    const value = { kind: personal, text: text.slice(start, end) };
    const key = `${personal}\n${value.text}`;
    values.set(key, value);
    return key;
  });
  const written = values.size === 0 ? [] : ((await replace?.([...values.values()])) ?? []);
  const byKey = new Map([...values.keys()].map((key, index) => [key, written[index]]));
  return found.map((range, at) => {
    const mark = byKey.get(keys[at] ?? '') ?? removedMark(range.secret ?? range.personal ?? '');
    return { ...range, mark };
  });
}

/** What becomes of a text, and what was found in it. */
interface Change {
  readonly text: string;
  readonly found: readonly Marked[];
}

/** Changes by the name of the field, then by its text: what has none stays. */
type Changes = ReadonlyMap<string | undefined, ReadonlyMap<string, Change>>;

/** @param found in order, as `texts` are */
function listChanges(texts: readonly HeldText[], found: readonly Marked[]): Changes {
  const changes = new Map<string | undefined, Map<string, Change>>();
  let first = 0;
  for (const held of texts) {
    while ((found[first]?.end ?? Infinity) <= held.start) first += 1;
    let next = first;
    while ((found[next]?.start ?? Infinity) < held.end) next += 1;
    if (next === first) continue;
    const here = found.slice(first, next);
    const text = replaceRanges(held.text, held, here);
    const sameName = changes.get(held.name) ?? new Map<string, Change>();
    changes.set(held.name, sameName.set(held.text, { text, found: here }));
  }
  return changes;
}

function createRebuilder(
  changes: Changes,
  secretNames: ReadonlySet<string>,
  fields: Set<string>,
  replaced: Map<PersonalKind, number>,
): (value: JsonValue) => JsonValue {
  const clean = (text: string, name: string | undefined): string => {
    const change = changes.get(name)?.get(text);
    if (change === undefined) return text;
    count(change.found, replaced);
    return change.text;
  };
  const rebuild = (value: JsonValue, name: string | undefined): JsonValue => {
    if (typeof value === 'string') return clean(value, name);
    if (typeof value === 'number') {
      if (!isLong(value)) return value;
      const text = clean(String(value), name);
      return text === String(value) ? value : text;
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => rebuild(item, name));
      return items.every((item, at) => item === value[at]) ? value : items;
    }
    return typeof value === 'object' && value !== null ? rebuildObject(value as JsonObject) : value;
  };
  const rebuildObject = (object: JsonObject): JsonObject => {
    const keys = Object.keys(object);
    const names = keys.map((key) => clean(key, undefined));
    const items = keys.map((key, at) => {
      const item = rebuild(object[key] ?? null, key);
      if (typeof item !== 'string' || item === '' || !secretNames.has(key)) return item;
      const name = names[at] ?? '';
      const kind = PLAIN_NAME.test(name) ? `field ${name}` : 'field with a telling name';
      fields.add(kind);
      return removedMark(kind);
    });
    // Most rows have nothing to hide, and stay.
    return keys.every((key, at) => names[at] === key && items[at] === object[key])
      ? object
      : Object.fromEntries(names.map((name, at) => [name, items[at] ?? null]));
  };
  return (value) => rebuild(value, undefined);
}

/** @param holder where `text` lies in the text that the ranges were found in */
function replaceRanges(text: string, { start: offset }: Holder, found: readonly Marked[]): string {
  let result = '';
  let position = 0;
  for (const { start, end, mark } of found) {
    result += text.slice(position, Math.max(start - offset, position)) + mark;
    position = Math.min(end - offset, text.length);
  }
  return result + text.slice(position);
}

/** Adds how much personal data was found, by kind. */
function count(found: readonly Sensitive[], replaced: Map<PersonalKind, number>): void {
  for (const { personal, secret } of found)
    if (personal !== undefined && secret === undefined)
      replaced.set(personal, (replaced.get(personal) ?? 0) + 1);
}

/** Each once. */
const secretKinds = (found: readonly Sensitive[]): readonly string[] => [
  ...new Set(found.flatMap(({ secret }) => secret ?? [])),
];
