import type { JsonObject, JsonValue } from '../contract/json.ts';
import { endWithin } from '../json/end-within.ts';
import { pointerPart } from '../json/resolve-pointer.ts';

export interface CutValue {
  readonly value: JsonValue;
  /** Where something was left out, outermost last. Empty when the value fits. */
  readonly cuts: readonly Cut[];
}

/** One place where something was left out. */
export interface Cut {
  /** JSON pointer; empty for the value itself. */
  readonly path: string;
  readonly unit: 'items' | 'entries' | 'characters';
  readonly total: number;
  readonly shown: number;
  /** The first keys of the entries left out, where entries were. */
  readonly keys: readonly string[];
}

/** Room for the mark that says what was left out. */
const MARK_ROOM = 60;
const MOST_CUTS = 20;
const MOST_KEYS = 20;
/** The fewest characters that an entry of an object takes: `"":1,`. */
const LEAST_ENTRY = 5;

/** Sizes known to be at least so much: each level of a deep value would otherwise look at all below it again. */
type Known = Map<JsonValue, number>;

/** What is shared by all levels of one cut. */
interface Draft {
  readonly cuts: Cut[];
  readonly known: Known;
}

/**
 * Makes a value fit a budget by cutting it along its structure: whole items of arrays, whole entries of
 * objects, the ends of long strings. What is left is JSON, with a mark where something is missing.
 * @param budget characters of JSON
 */
export function cutValue(value: JsonValue, budget: number): CutValue {
  const draft: Draft = { cuts: [], known: new Map() };
  return { value: fit(value, budget, '', draft), cuts: draft.cuts.slice(0, MOST_CUTS) };
}

/** A cut as a sentence: `/items: 340 of 400 items left out`. */
export function describeCut({ path, unit, total, shown }: Cut): string {
  return `${path === '' ? 'The value' : path}: ${total - shown} of ${total} ${unit} left out`;
}

/** Whether a value has more characters as JSON; no more than so many are looked at. */
export function isLonger(value: JsonValue, characters: number): boolean {
  return sizeOf(value, characters, new Map()) > characters;
}

/** Characters as JSON. Of what has more than `most`, no more than that is looked at: some number beyond it. */
function sizeOf(value: JsonValue, most: number, known: Known): number {
  if (typeof value === 'string' && value.length > most) return value.length;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).length;
  const atLeast = known.get(value) ?? 0;
  if (atLeast > most) return atLeast;
  let size = 1;
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) {
      size += 1 + sizeOf(item, most - size, known);
      if (size > most) break;
    }
  } else {
    const object = value as JsonObject;
    // Lists of half a million entries take a second to make; most of this never looks at the second one.
    for (const key in object) {
      size += 2 + sizeOf(key, most - size, known) + sizeOf(object[key] ?? null, most - size, known);
      if (size > most) break;
    }
  }
  // The bracket that closes takes the place of the last comma, but for an empty value.
  if (size === 1) return 2;
  if (size > most) known.set(value, size);
  return size;
}

function fit(value: JsonValue, budget: number, path: string, draft: Draft): JsonValue {
  if (typeof value !== 'object' || value === null) return fitLeaf(value, budget, path, draft);
  if (sizeOf(value, budget, draft.known) <= budget) return value;
  return Array.isArray(value)
    ? fitArray(value, budget, path, draft)
    : fitObject(value as JsonObject, budget, path, draft);
}

function fitLeaf(value: JsonValue, budget: number, path: string, { cuts, known }: Draft): JsonValue {
  if (typeof value !== 'string' || sizeOf(value, budget, known) <= budget) return value;
  const kept = value.slice(0, endWithin(value, 0, budget - MARK_ROOM));
  const rest = value.length - kept.length;
  cuts.push({ path, unit: 'characters', total: value.length, shown: kept.length, keys: [] });
  return `${kept.toWellFormed()}… [${rest} more characters]`;
}

function fitArray(items: readonly JsonValue[], budget: number, path: string, draft: Draft): JsonValue {
  const kept: JsonValue[] = [];
  let room = budget - MARK_ROOM;
  for (const [index, item] of items.entries()) {
    const size = sizeOf(item, room, draft.known) + 1;
    if (size <= room) {
      kept.push(item);
      room -= size;
      continue;
    }
    // The first item is always shown, cut if need be; a later one only whole.
    if (index === 0) kept.push(fit(item, room, `${path}/0`, draft));
    break;
  }
  const rest = items.length - kept.length;
  if (rest > 0) {
    draft.cuts.push({ path, unit: 'items', total: items.length, shown: kept.length, keys: [] });
    kept.push(`[${rest} more of ${items.length} items]`);
  }
  return kept;
}

/** Small entries first get what they need; what remains is shared by the large ones, in their order. */
function fitObject(object: JsonObject, budget: number, path: string, draft: Draft): JsonValue {
  const keys = Object.keys(object);
  // More than these could not fit if each were as small as can be.
  const sized = keys.slice(0, Math.ceil(budget / LEAST_ENTRY)).map((key) => {
    const item = object[key] ?? null;
    const size = Math.min(sizeOf(item, budget, draft.known), budget + 1);
    return { key, item, keySize: sizeOf(key, budget, draft.known) + 2, size };
  });
  let room = budget - MARK_ROOM;
  let large = sized.length;
  const shares = new Map<string, number>();
  for (const { key, keySize, size } of sized.toSorted((a, b) => a.size - b.size)) {
    const share = Math.min(size, Math.floor(room / large) - keySize);
    large--;
    if (share < Math.min(size, MARK_ROOM)) continue;
    shares.set(key, share);
    room -= share + keySize;
  }
  const kept = sized.flatMap(({ key, item }): [string, JsonValue][] => {
    const share = shares.get(key);
    return share === undefined ? [] : [[key, fit(item, share, `${path}/${pointerPart(key)}`, draft)]];
  });
  const rest = keys.length - kept.length;
  if (rest > 0) {
    const left = keys.filter((key) => !shares.has(key)).slice(0, MOST_KEYS);
    draft.cuts.push({ path, unit: 'entries', total: keys.length, shown: kept.length, keys: left });
    kept.push(['…', `[${rest} more of ${keys.length} entries]`]);
  }
  return Object.fromEntries(kept);
}
