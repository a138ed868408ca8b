/** A JSON Schema as it came from outside: of any draft, or no schema at all. */
export type RawSchema = { readonly [keyword: string]: unknown };

export function isRecord(value: unknown): value is RawSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A record's member that is a record itself; empty when it is not. */
export function recordOf(schema: RawSchema, keyword: string): RawSchema {
  const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function stringsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

/** A record without some members. */
export function omit(schema: RawSchema, ...keywords: readonly string[]): RawSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}
