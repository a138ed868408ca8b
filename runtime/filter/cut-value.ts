import type { JsonObject, JsonValue } from '../contract/json.ts';

export interface CutValue {
  readonly value: JsonValue;
  /** What was left out, as sentences: `items: 340 of 400 items left out`. Empty when the value fits. */
  readonly left: readonly string[];
}

/** Room for the mark that says what was left out. */
const MARK_ROOM = 60;
const MOST_REMARKS = 20;

/**
 * Makes a value fit a budget by cutting it along its structure: whole items of arrays, whole entries of
 * objects, the ends of long strings. What is left is JSON, with a mark where something is missing.
 * @param budget characters of JSON
 */
export function cutValue(value: JsonValue, budget: number): CutValue {
  const left: string[] = [];
  return { value: fit(value, budget, '', left), left: left.slice(0, MOST_REMARKS) };
}

const sizeOf = (value: JsonValue): number => JSON.stringify(value).length;

function fit(value: JsonValue, budget: number, path: string, left: string[]): JsonValue {
  if (typeof value !== 'object' || value === null) return fitLeaf(value, budget, path, left);
  if (sizeOf(value) <= budget) return value;
  return Array.isArray(value)
    ? fitArray(value, budget, path, left)
    : fitObject(value as JsonObject, budget, path, left);
}

function fitLeaf(value: JsonValue, budget: number, path: string, left: string[]): JsonValue {
  if (typeof value !== 'string' || sizeOf(value) <= budget) return value;
  // Escapes make JSON longer than the text: halve until it fits.
  let kept = value.slice(0, Math.max(0, budget - MARK_ROOM));
  while (kept.length > 0 && sizeOf(kept) > budget - MARK_ROOM) kept = kept.slice(0, kept.length >> 1);
  const rest = value.length - kept.length;
  left.push(`${name(path)}: ${rest} of ${value.length} characters left out`);
  return `${kept.toWellFormed()}… [${rest} more characters]`;
}

function fitArray(items: readonly JsonValue[], budget: number, path: string, left: string[]): JsonValue {
  const kept: JsonValue[] = [];
  let room = budget - MARK_ROOM;
  for (const [index, item] of items.entries()) {
    const size = sizeOf(item) + 1;
    if (size <= room) {
      kept.push(item);
      room -= size;
      continue;
    }
    // The first item is always shown, cut if need be; a later one only whole.
    if (index === 0) kept.push(fit(item, room, `${path}/0`, left));
    break;
  }
  const rest = items.length - kept.length;
  if (rest > 0) {
    left.push(`${name(path)}: ${rest} of ${items.length} items left out`);
    kept.push(`[${rest} more of ${items.length} items]`);
  }
  return kept;
}

/** Small entries first get what they need; what remains is shared by the large ones, in their order. */
function fitObject(object: JsonObject, budget: number, path: string, left: string[]): JsonValue {
  const sized = Object.entries(object).map(([key, item]) => ({
    key,
    item,
    keySize: JSON.stringify(key).length + 2,
    size: sizeOf(item),
  }));
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
    return share === undefined ? [] : [[key, fit(item, share, `${path}/${pointerPart(key)}`, left)]];
  });
  const rest = sized.length - kept.length;
  if (rest > 0) {
    left.push(`${name(path)}: ${rest} of ${sized.length} entries left out`);
    kept.push(['…', `[${rest} more of ${sized.length} entries]`]);
  }
  return Object.fromEntries(kept);
}

const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const name = (path: string): string => (path === '' ? 'The value' : path);
