import type { JsonValue } from '../contract/json.ts';

/** In UTF-16 code units. */
const LONGEST = 100;

/**
 * A value as JSON, to stand in a sentence. Of a long one only the length: the filter knows an address or a key as a
 * whole, and not what is left of it where a text was cut.
 */
export function quote(value: JsonValue | undefined): string {
  const json = JSON.stringify(value) ?? 'undefined';
  if (json.length <= LONGEST) return json;
  return typeof value === 'string' ? `a text of ${value.length} characters` : 'a large value';
}
