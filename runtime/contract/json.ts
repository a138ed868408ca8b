/** A JSON value, as it crosses every boundary of the product. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. Keys keep the names they have on the wire. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The keys that no JSON text from a guest or a backend may carry: each can reach a prototype. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
