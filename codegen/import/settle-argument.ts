import { isRecord, listOf, omit, type RawSchema, recordOf, stringsOf } from '../raw-schema.ts';
import { CHOICES, followReference, joinObjects } from './object-schema.ts';
import { letsThrough } from './values-of.ts';

/** An argument of a tool, and the value that it has in every call of one operation. */
export interface SettledArgument {
  readonly argument: string;
  readonly value: string;
}

/** Words that say nothing about a value, and the names that references are about. */
const SILENT = ['title', 'description', '$comment', '$schema', '$id', '$defs', 'definitions', 'examples'];

/** Words of a schema that hold schemas of the same object. */
const DEPENDENTS = ['dependentRequired', 'dependentSchemas', 'dependencies'];
const PARTS = ['if', 'then', 'else', 'allOf', ...CHOICES, 'not', ...DEPENDENTS];

/**
 * What is left of an object's schema once one of its members has a value: the branches that the value decides are
 * taken or gone, and the member itself is nowhere named any more.
 * @returns true where everything fits, false where nothing does
 */
export function settleArgument(
  schema: unknown,
  argument: SettledArgument,
  document: RawSchema,
): RawSchema | boolean {
  const settled = new Map<unknown, RawSchema | boolean>();
  const settle: Settle = (part) => {
    if (typeof part === 'boolean') return part;
    const known = settled.get(part);
    const followed = known === undefined ? followReference(part, document) : undefined;
    if (followed === undefined) return known ?? (isRecord(part) ? part : true);
    // A part that contains itself stays as it is in there.
    settled.set(part, followed);
    const result = settlePart(followed, argument, document, settle);
    settled.set(part, result);
    return result;
  };
  return settle(schema);
}

type Settle = (part: unknown) => RawSchema | boolean;

function settlePart(
  schema: RawSchema,
  { argument, value }: SettledArgument,
  document: RawSchema,
  settle: Settle,
): RawSchema | boolean {
  const properties = recordOf(schema, 'properties');
  const isRefused =
    (Object.hasOwn(properties, argument) && !letsThrough(properties[argument], value, document)) ||
    !letsThrough(schema.propertyNames ?? true, argument, document);
  const { own, kept, parts } = settleParts(schema, argument, settle);
  if (isRefused || parts.includes(false)) return false;
  const whole = parts.filter((part) => typeof part !== 'boolean').reduce(joinObjects, own);
  return kept.length === 0 ? whole : { ...whole, allOf: [...listOf(whole.allOf), ...kept] };
}

interface Settled {
  readonly own: RawSchema;
  /** What stands beside the rest under `allOf`. */
  readonly kept: readonly RawSchema[];
  /** What holds as well. */
  readonly parts: readonly (RawSchema | boolean)[];
}

function settleParts(schema: RawSchema, argument: string, settle: Settle): Settled {
  const own: Record<string, unknown> = { ...withoutMember(omit(schema, ...PARTS), argument) };
  const condition = settleCondition(schema, settle);
  const inAll = listOf(schema.allOf).map(settle);
  const parts = [condition.chosen, ...inAll.filter((part) => !isCondition(part))];
  for (const word of CHOICES) {
    if (schema[word] === undefined) continue;
    const admitted = listOf(schema[word])
      .map(settle)
      .filter((part) => part !== false);
    if (admitted.length > 1) own[word] = admitted.map((part) => (part === true ? {} : part));
    else parts.push(admitted[0] ?? false);
  }
  if (schema.not !== undefined) {
    const not = settle(schema.not);
    if (isAll(not)) parts.push(false);
    else if (not !== false) own.not = not;
  }
  const dependents = settleDependents(schema, argument, settle);
  Object.assign(own, dependents.others);
  const kept = [condition.undecided, ...inAll.filter(isCondition)].filter((part) => part !== undefined);
  return { own, kept, parts: [...parts, ...dependents.parts] };
}

interface SettledCondition {
  /** What holds, where the value decides. */
  readonly chosen: RawSchema | boolean;
  readonly undecided?: RawSchema;
}

function settleCondition(schema: RawSchema, settle: Settle): SettledCondition {
  if (schema.if === undefined) return { chosen: true };
  const asked = settle(schema.if);
  if (asked === false) return { chosen: settle(schema.else ?? true) };
  if (isAll(asked)) return { chosen: settle(schema.then ?? true) };
  const branches = ['then', 'else'].filter((word) => schema[word] !== undefined);
  const settled = branches.map((word) => [word, settle(schema[word])]);
  return { chosen: true, undecided: { if: asked, ...Object.fromEntries(settled) } };
}

/** What the member demands by being there, and what others demand. */
function settleDependents(
  schema: RawSchema,
  argument: string,
  settle: Settle,
): { readonly others: RawSchema; readonly parts: readonly (RawSchema | boolean)[] } {
  const demanded = DEPENDENTS.flatMap((word) => {
    const dependents = recordOf(schema, word);
    return Object.hasOwn(dependents, argument) ? [dependents[argument]] : [];
  });
  const parts = demanded.map((asked) =>
    Array.isArray(asked) ? { required: stringsOf(asked).filter((name) => name !== argument) } : settle(asked),
  );
  const others = DEPENDENTS.flatMap((word) => {
    const left = Object.entries(omit(recordOf(schema, word), argument)).map(([name, asked]) => [
      name,
      Array.isArray(asked) ? asked.filter((other) => other !== argument) : settle(asked),
    ]);
    return left.length === 0 ? [] : [[word, Object.fromEntries(left)]];
  });
  return { others: Object.fromEntries(others), parts };
}

/** The object without its member, which is always there. */
function withoutMember(schema: RawSchema, argument: string): RawSchema {
  const properties = omit(recordOf(schema, 'properties'), argument);
  const required = stringsOf(schema.required).filter((name) => name !== argument);
  const { minProperties, maxProperties } = schema;
  return {
    ...omit(schema, 'properties', 'required', 'minProperties', 'maxProperties'),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
    ...(typeof minProperties === 'number' && minProperties > 1 ? { minProperties: minProperties - 1 } : {}),
    ...(typeof maxProperties === 'number' ? { maxProperties: Math.max(0, maxProperties - 1) } : {}),
  };
}

/** Conditions cannot be joined to others: each stands by itself. */
function isCondition(part: RawSchema | boolean): part is RawSchema {
  return typeof part === 'object' && (part.not !== undefined || part.if !== undefined);
}

/** Whether every object fits. */
function isAll(part: RawSchema | boolean): boolean {
  if (typeof part === 'boolean') return part;
  return Object.entries(part).every(
    ([word, asked]) =>
      SILENT.includes(word) || (word === 'type' && (asked === 'object' || listOf(asked).includes('object'))),
  );
}
