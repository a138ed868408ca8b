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

/** What a reference within a document leads to; undefined when it leads nowhere, or out of the document. */
export function resolveReference(document: unknown, ref: string): unknown {
  if (ref === '#' || ref === '') return document;
  if (ref.startsWith('#/')) return stepInto(document, ref.slice(2));
  return ref.startsWith('#') ? findNamed(document, ref) : findNamed(document, ref, '$id', 'id');
}

function stepInto(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split('/')) {
    const key = decode(step).replaceAll('~1', '/').replaceAll('~0', '~');
    const isInside = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    value = isInside ? Reflect.get(value as object, key) : undefined;
  }
  return value;
}

/** A reference with its percent signs read, so that one place has one name. */
export function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** The definition that carries an anchor or an id: only the named ones are looked at. */
function findNamed(document: unknown, ref: string, ...keywords: readonly string[]): unknown {
  if (!isRecord(document)) return undefined;
  const anchors = keywords.length > 0 ? keywords : ['$anchor', '$dynamicAnchor', '$id', 'id'];
  const named = [recordOf(document, '$defs'), recordOf(document, 'definitions')].flatMap(Object.values);
  return [document, ...named].find(
    (schema) =>
      isRecord(schema) &&
      anchors.some((keyword) => [ref, ref.slice(1)].includes(String(schema[keyword] ?? ''))),
  );
}
