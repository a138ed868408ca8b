import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { PersonalKind } from '../contract/privacy.ts';
import { columnsOf, fieldName } from './field-names.ts';
import type { Sensitive } from './find-sensitive.ts';
import { isLongSecret, isSecretNumber, isSecretValue, isValueKey, removedField } from './secret-fields.ts';

/** What becomes of a text, and what was found in it. */
export interface Change {
  readonly text: string;
  readonly found: readonly Sensitive[];
}

/** Changes by the name of the field, then by its text: what has none stays. */
export type Changes = ReadonlyMap<string | undefined, ReadonlyMap<string, Change>>;

/** A shorter number tells of nobody. */
const LEAST_NUMBER = 1_000_000;

export const removedMark = (kind: string): string => `[removed: ${kind}]`;

export const isLong = (number: number): boolean => Number.isSafeInteger(number) && number >= LEAST_NUMBER;

/** A name and its `value`, or its second item, which is a secret as the name says. */
export type SecretPair = JsonObject | readonly JsonValue[];

/** Where a value holds secrets whatever they look like. */
export interface SecretPlaces {
  /** Keys that say so. */
  readonly names: ReadonlySet<string>;
  readonly pairs: ReadonlySet<SecretPair>;
}

/** What is shared by all levels of one value. */
interface Draft {
  readonly changes: Changes;
  readonly secrets: SecretPlaces;
  readonly fields: Set<string>;
  readonly replaced: Map<PersonalKind, number>;
}

export interface Rebuilt {
  readonly rebuilt: JsonValue;
  /** The fields whose text was removed for their name, in a few words, each once. */
  readonly fields: ReadonlySet<string>;
  /** How much personal data was replaced, by kind. */
  readonly replaced: ReadonlyMap<PersonalKind, number>;
}

/**
 * Makes changes in a value. Most rows have nothing to hide, and stay: nothing is copied before something in it
 * changes.
 */
export function rebuildValue(value: JsonValue, changes: Changes, secrets: SecretPlaces): Rebuilt {
  const fields = new Set<string>();
  const replaced = new Map<PersonalKind, number>();
  if (changes.size + secrets.names.size + secrets.pairs.size === 0)
    return { rebuilt: value, fields, replaced };
  return { rebuilt: rebuild(value, undefined, { changes, secrets, fields, replaced }), fields, replaced };
}

function rebuild(value: JsonValue, name: string | undefined, draft: Draft): JsonValue {
  if (typeof value === 'string') return rebuildText(value, name, draft);
  if (typeof value === 'number') {
    if (!isLong(value)) return value;
    const text = rebuildText(String(value), name, draft);
    return text === String(value) ? value : text;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return rebuildObject(value as JsonObject, name, draft);
  const entryName = draft.secrets.pairs.has(value) ? String(value[0]) : undefined;
  return mapItems(value, (item, at) => {
    const rebuilt = rebuild(item, name, draft);
    return at === 1 && entryName !== undefined ? removeSecrets(rebuilt, entryName, draft) : rebuilt;
  });
}

function rebuildText(text: string, name: string | undefined, { changes, replaced }: Draft): string {
  const change = changes.get(name)?.get(text);
  if (change === undefined) return text;
  countPersonal(change.found, replaced);
  return change.text;
}

/** The same list where nothing changes. */
function mapItems(
  items: readonly JsonValue[],
  change: (item: JsonValue, at: number) => JsonValue,
): readonly JsonValue[] {
  let copy: JsonValue[] | undefined;
  for (let at = 0; at < items.length; at += 1) {
    const item = items[at] ?? null;
    const changed = change(item, at);
    if (changed === item) continue;
    copy ??= [...items];
    copy[at] = changed;
  }
  return copy ?? items;
}

function rebuildObject(object: JsonObject, above: string | undefined, draft: Draft): JsonObject {
  let copy: Record<string, JsonValue> | undefined;
  const keys = Object.keys(object);
  for (const key of keys) {
    const rebuilt = rebuildField(object, key, above, draft);
    if (rebuilt === (object[key] ?? null)) continue;
    copy ??= { ...object };
    // The copy has the key, `__proto__` too: nothing is set but its own field.
    copy[key] = rebuilt;
  }
  const rebuilt = copy ?? object;
  const renamed = draft.changes.get(undefined);
  return renamed !== undefined && keys.some((key) => renamed.has(key)) ? rename(rebuilt, draft) : rebuilt;
}

/** Several keys may come to the same mark: none takes the place of another. */
function rename(object: JsonObject, draft: Draft): JsonObject {
  const named = new Map<string, JsonValue>();
  for (const [key, item] of Object.entries(object)) {
    const name = rebuildText(key, undefined, draft);
    let free = name;
    for (let count = 2; named.has(free); count += 1) free = `${name} (${count})`;
    named.set(free, item);
  }
  return Object.fromEntries(named);
}

function rebuildField(object: JsonObject, key: string, above: string | undefined, draft: Draft): JsonValue {
  const item = object[key] ?? null;
  const name = fieldName(object, key, above);
  const columns = columnsOf(object, key);
  if (columns !== undefined)
    return mapItems(item as readonly JsonValue[], (row) => rebuildRow(row, columns, name, draft));
  const rebuilt = rebuild(item, name, draft);
  const { names, pairs } = draft.secrets;
  const isSecret = names.has(key) || (isValueKey(key) && pairs.has(object));
  return isSecret ? removeSecrets(rebuilt, key, draft) : rebuilt;
}

function rebuildRow(row: JsonValue, columns: readonly string[], name: string, draft: Draft): JsonValue {
  if (!Array.isArray(row)) return rebuild(row, name, draft);
  return mapItems(row, (cell, at) => {
    const column = columns[at] ?? name;
    const rebuilt = rebuild(cell, column, draft);
    return draft.secrets.names.has(column) ? removeSecrets(rebuilt, column, draft) : rebuilt;
  });
}

/** Of a list, each text. What has names of its own is judged by them. */
function removeSecrets(item: JsonValue, key: string, draft: Draft): JsonValue {
  if (Array.isArray(item)) return item.map((one: JsonValue) => removeSecrets(one, key, draft));
  const isSecret =
    typeof item === 'string'
      ? isSecretValue(key, item)
      : typeof item === 'number' && isSecretNumber(key) && isLongSecret(item);
  if (!isSecret) return item;
  const kind = removedField(draft.changes.get(undefined)?.get(key)?.text ?? key);
  draft.fields.add(kind);
  return removedMark(kind);
}

/** Adds how much personal data was found, by kind. */
export function countPersonal(found: readonly Sensitive[], replaced: Map<PersonalKind, number>): void {
  for (const { personal, secret } of found)
    if (personal !== undefined && secret === undefined)
      replaced.set(personal, (replaced.get(personal) ?? 0) + 1);
}
