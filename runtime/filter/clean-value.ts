import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { PersonalKind, PersonalValue, Replace } from '../contract/privacy.ts';
import { columnsOf, fieldName } from './field-names.ts';
import { findSensitive, type Sensitive } from './find-sensitive.ts';
import type { Holder } from './personal/context.ts';
import {
  type Change,
  type Changes,
  countPersonal,
  isLong,
  rebuildValue,
  removedMark,
  type SecretPair,
  type SecretPlaces,
} from './rebuild-value.ts';
import { isSecretEntry, isSecretField, isSecretPair } from './secret-fields.ts';

export interface Cleaned<T> {
  readonly value: T;
  /** Kinds of the secrets that were removed, each once. */
  readonly removed: readonly string[];
  /** How much personal data was replaced, by kind. */
  readonly replaced: ReadonlyMap<PersonalKind, number>;
}

/** Between two texts that are searched as one: no pattern reads across it, but for that of a private key. */
const BETWEEN = '\n\n';
/** Shorter than the lines that a private key begins and ends with: a log may hold keys line by line. */
const LONGEST_REPEATED = 24;

/** Takes credentials, and personal data if it is told what to put in its place, out of a text. */
export async function cleanText(text: string, replace: Replace | undefined): Promise<Cleaned<string>> {
  const holder = { start: 0, end: text.length, name: undefined };
  const found = await findSensitive(text, replace && (() => holder));
  const marked = await writeMarks(text, found, replace);
  const replaced = new Map<PersonalKind, number>();
  countPersonal(found, replaced);
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
  const { texts, secrets } = collectTexts(value, replace !== undefined);
  const joined = texts.map(({ text }) => text).join(BETWEEN);
  const found = await findSensitive(joined, replace && ((at) => holderOf(at, texts)));
  const changes = listChanges(texts, await writeMarks(joined, found, replace));
  const { rebuilt, fields, replaced } = rebuildValue(value, changes, secrets);
  return { value: rebuilt, removed: [...secretKinds(found), ...fields], replaced };
}

interface HeldText extends Holder {
  readonly text: string;
}

/** Texts with their places in the joined text, and where secrets are whatever they look like. */
interface Collected {
  readonly texts: readonly HeldText[];
  readonly secrets: SecretPlaces;
}

function collectTexts(value: JsonValue, withNumbers: boolean): Collected {
  const texts: HeldText[] = [];
  const secretNames = new Set<string>();
  const secretPairs = new Set<SecretPair>();
  const known = new Map<string | undefined, Set<string>>();
  const keys = new Set<string>();
  let start = 0;
  const add = (text: string, name: string | undefined): void => {
    if (text === '') return;
    if (text.length <= LONGEST_REPEATED) {
      const sameName = known.get(name) ?? new Set();
      if (sameName.has(text)) return;
      known.set(name, sameName.add(text));
    }
    const end = start + text.length;
    texts.push({ text, name, start, end });
    start = end + BETWEEN.length;
  };
  const addKey = (key: string): void => {
    if (keys.has(key)) return;
    keys.add(key);
    add(key, undefined);
    if (isSecretField(key)) secretNames.add(key);
  };
  const collect = (part: JsonValue, name: string | undefined): void => {
    if (typeof part === 'string') add(part, name);
    else if (typeof part === 'number') {
      if (withNumbers && isLong(part)) add(String(part), name);
    } else if (Array.isArray(part)) {
      if (isSecretEntry(part)) secretPairs.add(part);
      for (const item of part) collect(item, name);
    } else if (typeof part === 'object' && part !== null) collectFields(part as JsonObject, name);
  };
  const collectFields = (object: JsonObject, above: string | undefined): void => {
    if (isSecretPair(object, above)) secretPairs.add(object);
    for (const key of Object.keys(object)) {
      addKey(key);
      const item = object[key] ?? null;
      const name = fieldName(object, key, above);
      const columns = columnsOf(object, key);
      if (columns === undefined) collect(item, name);
      else for (const row of item as readonly JsonValue[]) collectRow(row, columns, name);
      for (const column of columns ?? []) if (isSecretField(column)) secretNames.add(column);
    }
  };
  const collectRow = (row: JsonValue, columns: readonly string[], name: string): void => {
    if (Array.isArray(row)) for (const [at, cell] of row.entries()) collect(cell, columns[at] ?? name);
    else collect(row, name);
  };
  collect(value, undefined);
  return { texts, secrets: { names: secretNames, pairs: secretPairs } };
}

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

/** Each once. */
const secretKinds = (found: readonly Sensitive[]): readonly string[] => [
  ...new Set(found.flatMap(({ secret }) => secret ?? [])),
];
