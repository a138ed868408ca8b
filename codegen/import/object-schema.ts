import { isDeepStrictEqual } from 'node:util';
import { isRecord, listOf, omit, type RawSchema, recordOf, stringsOf } from '../raw-schema.ts';
import { conditionOf, joinWords } from './join-words.ts';
import { documentOf, scopeIn } from './raw-document.ts';

/** Words of a schema that hold several schemas to choose from. */
export const CHOICES: readonly string[] = ['anyOf', 'oneOf'];
const MAX_STEPS = 20;

/** A schema with the reference at its root followed; what stands beside the reference is kept. */
export function followReference(schema: unknown, document: RawSchema, steps = 0): RawSchema | undefined {
  if (!isRecord(schema)) return undefined;
  if (typeof schema.$ref !== 'string') return schema;
  if (steps > MAX_STEPS) return undefined;
  const whole = documentOf(document);
  const spot = whole.resolve(schema.$ref, scopeIn(whole, schema));
  const target = followReference(spot?.node, document, steps + 1);
  return target === undefined ? undefined : joinObjects(target, omit(schema, '$ref'));
}

/** Two schemas of one object as one schema: what both name has to fit both. */
export function joinObjects(first: RawSchema, whole: RawSchema): RawSchema {
  const condition = first.if === undefined ? undefined : conditionOf(whole);
  const second = condition === undefined ? whole : apart(whole, condition);
  const properties = { ...recordOf(first, 'properties') };
  for (const [name, schema] of Object.entries(recordOf(second, 'properties'))) {
    const own = properties[name];
    properties[name] =
      own === undefined || own === true || isDeepStrictEqual(own, schema) ? schema : joinBoth(own, schema);
  }
  const required = [...new Set([...stringsOf(first.required), ...stringsOf(second.required)])];
  const choices = CHOICES.filter((word) => first[word] !== undefined && second[word] !== undefined);
  const alternatives = choices.flatMap((word) => [pick(first, word), pick(second, word)]);
  const allOf = [...listOf(first.allOf), ...listOf(second.allOf), ...alternatives];
  return {
    ...first,
    ...second,
    ...joinWords(first, second),
    ...(allOf.length === 0 ? {} : { allOf }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** A schema with its condition under `allOf`, beside which another can stand. */
function apart(schema: RawSchema, condition: RawSchema): RawSchema {
  return { ...omit(schema, 'if', 'then', 'else'), allOf: [...listOf(schema.allOf), condition] };
}

/** Without prose of its own, the second only narrows the first. */
function joinBoth(first: unknown, second: unknown): unknown {
  if (!isRecord(first) || !isRecord(second)) return { allOf: [first, second] };
  const isDisjoint = Object.keys(second).every(
    (keyword) => !Object.hasOwn(first, keyword) || isDeepStrictEqual(first[keyword], second[keyword]),
  );
  return isDisjoint ? { ...first, ...second } : { ...omit(first, 'default'), allOf: [second] };
}

function pick(schema: RawSchema, part: string): RawSchema {
  return { [part]: schema[part] };
}

/**
 * The schema of a parameters object with its properties at the top, where the compiler wants them: those of its
 * `allOf` joined in, those of its choices listed beside them. Undefined for what is no object.
 */
export function flattenObject(raw: unknown, document: RawSchema): RawSchema | undefined {
  const followed = followReference(raw, document);
  if (followed === undefined || (followed.type !== undefined && followed.type !== 'object')) return undefined;
  const joined = joinParts(followed, document);
  const choices = CHOICES.flatMap((part) => listOf(joined[part]));
  const branches = choices.map((choice) => followReference(choice, document) ?? {});
  const properties: Record<string, unknown> = { ...recordOf(joined, 'properties') };
  for (const [name, schemas] of choicesOf(branches)) {
    if (!Object.hasOwn(properties, name))
      properties[name] = schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  }
  return { ...joined, type: 'object', properties };
}

/**
 * Takes into the object what its `allOf` says of it; conditions stay where they are, and so do parts that contain
 * themselves.
 * @param around the parts that this one is part of
 */
function joinParts(schema: RawSchema, document: RawSchema, around: readonly unknown[] = []): RawSchema {
  const [joined, kept] = listOf(schema.allOf).reduce<readonly [RawSchema, readonly unknown[]]>(
    ([whole, others], part) => {
      const followed = around.includes(part) ? undefined : followReference(part, document);
      const isPlain = followed !== undefined && followed.if === undefined && followed.not === undefined;
      if (!isPlain) return [whole, [...others, part]];
      return [joinObjects(whole, joinParts(followed, document, [...around, part])), others];
    },
    [omit(schema, 'allOf'), []],
  );
  return kept.length === 0 ? joined : { ...joined, allOf: [...listOf(joined.allOf), ...kept] };
}

/** The schemas that the branches have for each property, without what one that does not hold would fill in. */
function choicesOf(branches: readonly RawSchema[]): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const branch of branches) {
    for (const [name, raw] of Object.entries(recordOf(branch, 'properties'))) {
      const schema = isRecord(raw) ? omit(raw, 'default') : raw;
      const known = found.get(name) ?? [];
      if (!known.some((other) => isDeepStrictEqual(other, schema))) known.push(schema);
      found.set(name, known);
    }
  }
  return found;
}
