import { FORBIDDEN_KEYS, type JsonValue } from '../contract/json.ts';

export type ParsedJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: 'syntax' | 'depth' | 'key' | 'number'; readonly message: string };

/**
 * Reads JSON text that nobody vouches for. Its size must have been checked before.
 * @param text JSON
 * @param maxDepth limit jsonDepth: how deep arrays and objects may be nested; text beyond it is not parsed at all
 */
export function parseJson(text: string, maxDepth: number): ParsedJson {
  if (isDeeperThan(text, maxDepth)) {
    return { ok: false, reason: 'depth', message: `it is nested deeper than limit jsonDepth (${maxDepth})` };
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    return {
      ok: false,
      reason: 'syntax',
      message: error instanceof Error ? error.message : 'it is not JSON',
    };
  }
  const fault = findFault(value);
  return fault === undefined ? { ok: true, value } : { ok: false, ...fault };
}

/**
 * Counts brackets outside strings, so that hostile text is measured before anything recursive sees it, and before
 * `JSON.parse` does, which takes seconds for megabytes of brackets.
 */
export function isDeeperThan(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = endOfString(text, index);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index;
    index += code === 0x5c ? 2 : 1;
  }
  return index;
}

interface Fault {
  readonly reason: 'key' | 'number';
  readonly message: string;
}

const INFINITE: Fault = { reason: 'number', message: 'a number in it is larger than any number can be' };

/**
 * What `JSON.parse` lets through and nobody behind it expects: keys that reach a prototype, and `1e999`, which is
 * read as Infinity and written as null. Recursion is bounded: the depth was checked on the text.
 */
function findFault(value: JsonValue): Fault | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : INFINITE;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) {
      const found = findFault(item);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) return { reason: 'key', message: `the key "${key}" is not allowed` };
    const found = findFault(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
