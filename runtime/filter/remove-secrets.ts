import type { JsonObject, JsonValue } from '../contract/json.ts';
import { findSecrets, type SecretRange } from './find-secrets.ts';
import { isSecretField } from './secret-fields.ts';

export interface Cleaned<T> {
  readonly value: T;
  /** Kinds of what was removed, each once. */
  readonly removed: readonly string[];
}

/** A name that may stand in a sentence of the server's own: anything else there would speak in its voice. */
const PLAIN_NAME = /^[\w.-]{1,40}$/;

const removedMark = (kind: string): string => `[removed: ${kind}]`;

/** Takes credentials out of a text. */
export async function removeSecretsFromText(text: string): Promise<Cleaned<string>> {
  const ranges = await findSecrets(text);
  return { value: replaceRanges(text, 0, ranges), removed: kinds(ranges) };
}

/**
 * Takes secrets out of a JSON value: the text of fields with a telling name, and credentials known by their
 * form anywhere, in keys too.
 *
 * All texts of the value are searched as one, each on lines of its own, so that the cost is one search.
 */
export async function removeSecrets(value: JsonValue): Promise<Cleaned<JsonValue>> {
  const texts: string[] = [];
  collectTexts(value, texts);
  const ranges = await findSecrets(texts.join('\n\n'));
  const fields = new Set<string>();
  const rebuilt = createRebuilder(ranges, fields)(value);
  return { value: rebuilt, removed: [...kinds(ranges), ...fields] };
}

function collectTexts(value: JsonValue, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (Array.isArray(value)) for (const item of value) collectTexts(item, texts);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      texts.push(key);
      collectTexts(item, texts);
    }
  }
}

/** Walks in the same order as `collectTexts`, so that a running offset finds each text's ranges again. */
function createRebuilder(
  ranges: readonly SecretRange[],
  fields: Set<string>,
): (value: JsonValue) => JsonValue {
  let offset = 0;
  let next = 0;
  const clean = (text: string): string => {
    const start = offset;
    offset += text.length + 2;
    while ((ranges[next]?.end ?? Infinity) <= start) next++;
    if ((ranges[next]?.start ?? Infinity) >= start + text.length) return text;
    return replaceRanges(text, start, ranges, next);
  };
  const rebuild = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return clean(value);
    if (Array.isArray(value)) return value.map(rebuild);
    if (typeof value !== 'object' || value === null) return value;
    const entries: [string, JsonValue][] = [];
    for (const [key, item] of Object.entries(value as JsonObject)) {
      const name = clean(key);
      const rebuilt = rebuild(item);
      if (typeof rebuilt !== 'string' || rebuilt === '' || !isSecretField(name))
        entries.push([name, rebuilt]);
      else {
        const kind = PLAIN_NAME.test(name) ? `field ${name}` : 'field with a telling name';
        fields.add(kind);
        entries.push([name, removedMark(kind)]);
      }
    }
    return Object.fromEntries(entries);
  };
  return rebuild;
}

/** @param offset where `text` begins in the text that `ranges` were found in */
function replaceRanges(text: string, offset: number, ranges: readonly SecretRange[], first = 0): string {
  let result = '';
  let position = 0;
  for (let at = first; at < ranges.length; at += 1) {
    const range = ranges[at] as SecretRange;
    const start = Math.max(range.start - offset, position);
    const end = Math.min(range.end - offset, text.length);
    if (start >= text.length) break;
    if (end <= position) continue;
    result += text.slice(position, start) + removedMark(range.kind);
    position = end;
  }
  return result + text.slice(position);
}

function kinds(ranges: readonly SecretRange[]): readonly string[] {
  return [...new Set(ranges.map(({ kind }) => kind))];
}
