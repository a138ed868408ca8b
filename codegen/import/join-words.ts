import { isDeepStrictEqual } from 'node:util';
import { isRecord, type RawSchema } from '../raw-schema.ts';

/** How two values of one word hold at once. Any other word is prose, of which the second counts. */
const JOINS: Readonly<Record<string, (first: unknown, second: unknown) => unknown>> = {
  minProperties: (first, second) => Math.max(Number(first), Number(second)),
  maxProperties: (first, second) => Math.min(Number(first), Number(second)),
  additionalProperties: joinSchemas,
  unevaluatedProperties: joinSchemas,
  propertyNames: joinSchemas,
  not: (first, second) => ({ anyOf: [first, second] }),
  patternProperties: (first, second) => joinMaps(first, second, joinSchemas),
  dependentSchemas: (first, second) => joinMaps(first, second, joinSchemas),
  dependencies: (first, second) => joinMaps(first, second, joinDemands),
  dependentRequired: (first, second) => joinMaps(first, second, joinDemands),
};

/** The words that two schemas of one object both have, as they hold at once; those that are the same are left out. */
export function joinWords(first: RawSchema, second: RawSchema): RawSchema {
  const joined = Object.entries(JOINS).flatMap(([word, join]) => {
    const [own, other] = [first[word], second[word]];
    const isSame = own === undefined || other === undefined || isDeepStrictEqual(own, other);
    return isSame ? [] : [[word, join(own, other)]];
  });
  return Object.fromEntries(joined);
}

function joinSchemas(first: unknown, second: unknown): unknown {
  if (first === false || second === false) return false;
  if (first === true) return second;
  return second === true ? first : { allOf: [first, second] };
}

/** Names that have to be there, or schemas that have to fit, in drafts that have one word for both. */
function joinDemands(first: unknown, second: unknown): unknown {
  if (Array.isArray(first) && Array.isArray(second)) return [...new Set([...first, ...second])];
  return joinSchemas(asSchema(first), asSchema(second));
}

function asSchema(demand: unknown): unknown {
  return Array.isArray(demand) ? { required: demand } : demand;
}

function joinMaps(
  first: unknown,
  second: unknown,
  join: (first: unknown, second: unknown) => unknown,
): unknown {
  if (!isRecord(first) || !isRecord(second)) return second;
  const both = Object.keys(second).filter((name) => Object.hasOwn(first, name));
  const joined = both.map((name) => [name, join(first[name], second[name])]);
  return { ...first, ...second, ...Object.fromEntries(joined) };
}

/** A condition apart from what else a schema says; undefined where it has none. */
export function conditionOf(schema: RawSchema): RawSchema | undefined {
  if (schema.if === undefined) return undefined;
  const words = ['if', 'then', 'else'].filter((word) => schema[word] !== undefined);
  return Object.fromEntries(words.map((word) => [word, schema[word]]));
}
