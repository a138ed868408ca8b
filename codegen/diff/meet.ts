import { isDeepStrictEqual } from 'node:util';
import type { Properties, Schema, SchemaObject, TypeName } from '../schema.ts';
import { LOWER, UPPER } from './directions.ts';

/** Words that have one value: of two, the one nearer to the place counts. */
const SINGULAR = ['description', 'default', 'deprecated', 'x-id', 'const', 'nullable'];

/** Words that hold a schema that all of something has to fit. */
const INNER = ['items', 'additionalProperties', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'];

/**
 * Two schemas that hold at once as one. What cannot be said as one value is a list of both, which is as good for
 * telling whether something changed.
 */
export function meet(first: SchemaObject, second: SchemaObject): SchemaObject {
  const words = new Map<string, unknown>(Object.entries(first));
  for (const [word, value] of Object.entries(second)) {
    const before = words.get(word);
    const isNew = before === undefined || isDeepStrictEqual(before, value);
    words.set(word, isNew || SINGULAR.includes(word) ? value : both(word, before, value));
  }
  return Object.fromEntries(words);
}

function both(word: string, first: unknown, second: unknown): unknown {
  if (LOWER.includes(word)) return Math.max(Number(first), Number(second));
  if (UPPER.includes(word)) return Math.min(Number(first), Number(second));
  if (INNER.includes(word)) return meetSchemas(first as Schema, second as Schema);
  switch (word) {
    case 'properties':
      return meetProperties(first as Properties, second as Properties);
    case 'required':
      return [...new Set([...(first as readonly string[]), ...(second as readonly string[])])];
    case 'type':
      return meetTypes(listed(first as TypeName), listed(second as TypeName));
    case 'enum':
      return (first as readonly unknown[]).filter((value) =>
        (second as readonly unknown[]).some((other) => isDeepStrictEqual(other, value)),
      );
    case 'uniqueItems':
      return first === true || second === true;
    case 'anyOf':
    case 'oneOf':
      return (first as readonly Schema[]).map((branch) => ({
        allOf: [branch, { [word]: second as readonly Schema[] }],
      }));
    default:
      return [first, second];
  }
}

function meetProperties(first: Properties, second: Properties): Properties {
  const shared = Object.entries(second).map(([name, schema]): [string, Schema] => [
    name,
    Object.hasOwn(first, name) ? meetSchemas(first[name] ?? true, schema) : schema,
  ]);
  return { ...first, ...Object.fromEntries(shared) };
}

function meetSchemas(first: Schema, second: Schema): Schema {
  if (first === false || second === false) return false;
  if (first === true || isDeepStrictEqual(first, second)) return second;
  return second === true ? first : joinParts(first, second);
}

/** What schemas that were made here consist of. */
const partsOf = new WeakMap<SchemaObject, readonly SchemaObject[]>();
const numbers = new WeakMap<SchemaObject, number>();
const joined = new Map<string, SchemaObject>();
let count = 0;

/**
 * The same schemas make the same one each time, in whatever steps they come together: by it the end of types that
 * contain themselves is known.
 */
function joinParts(...schemas: readonly SchemaObject[]): SchemaObject {
  const parts = new Set(schemas.flatMap((schema) => partsOf.get(schema) ?? [schema]));
  const allOf = [...parts].sort((a, b) => numberOf(a) - numberOf(b));
  const key = allOf.map(numberOf).join();
  const made = joined.get(key) ?? { allOf };
  joined.set(key, made);
  partsOf.set(made, allOf);
  return made;
}

function numberOf(schema: SchemaObject): number {
  const known = numbers.get(schema);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(schema, count);
  return count;
}

function meetTypes(first: readonly TypeName[], second: readonly TypeName[]): readonly TypeName[] {
  const both = first.filter(
    (name) => second.includes(name) || (name === 'integer' && second.includes('number')),
  );
  const isInteger = second.includes('integer') && first.includes('number') && !first.includes('integer');
  return isInteger ? [...both.filter((name) => name !== 'number'), 'integer'] : both;
}

function listed(types: TypeName | readonly TypeName[]): readonly TypeName[] {
  return typeof types === 'string' ? [types] : types;
}
