import type { JsonValue } from '../../runtime/contract/json.ts';
import {
  type Properties,
  refName,
  type Schema,
  type SchemaObject,
  type TypeName,
  typeNameOf,
  typeNames,
} from '../schema.ts';
import { meet } from './meet.ts';

/** The values of one type that a schema lets through; `any` where it names no type. */
export interface Part {
  readonly type: TypeName | 'any';
  readonly schema: SchemaObject;
}

/**
 * What a schema lets through, in a form in which schemas that mean the same are the same: references followed,
 * `allOf` merged, the branches of unions and lists of types side by side, constants among the listed values.
 */
export interface Shape {
  /** The schema with its references followed; what it says beside its type: description, default, deprecation. */
  readonly schema: SchemaObject;
  /** Values that are listed one by one, `null` not among them: that is a type. */
  readonly values: readonly JsonValue[];
  readonly parts: readonly Part[];
}

const MOST_STEPS = 64;
const CHOICES = ['anyOf', 'oneOf'] as const;

/** Words that say which properties there have to be. */
const DEMANDS = ['required', 'description', 'dependentRequired', 'minProperties', 'maxProperties'];

export function shapeOf(schema: Schema, types: Properties): Shape {
  const resolved = resolve(schema, types);
  if (resolved === undefined) return { schema: {}, values: [], parts: [] };
  const parts: Part[] = [];
  const values: JsonValue[] = [];
  for (const alternative of alternativesOf(resolved, types)) {
    const listed = alternative.const === undefined ? alternative.enum : [alternative.const];
    const own = typeNames(alternative);
    if (listed === undefined)
      parts.push(...(own ?? ['any' as const]).map((type) => ({ type, schema: alternative })));
    else
      for (const value of listed) {
        if (value === null) parts.push({ type: 'null', schema: {} });
        else if (fits(value, own)) values.push(value);
      }
  }
  return { schema: resolved, values, parts };
}

/** A type in words: `integer | null`, `"a" | "b"`, `object[]`. */
export function describeShape({ values, parts }: Shape, types: Properties): string {
  const severalObjects = parts.filter(({ type }) => type === 'object').length > 1;
  const names = parts.map(({ type, schema }) => {
    if (type === 'object' && severalObjects) return describeBranch(schema);
    if (type !== 'array' || schema.items === undefined) return type;
    const inner = describeShape(shapeOf(schema.items, types), types);
    return inner.includes(' ') ? `(${inner})[]` : `${inner}[]`;
  });
  const all = [...new Set([...values.map((value) => JSON.stringify(value)), ...names])];
  return all.length === 0 ? 'never' : all.join(' | ');
}

/** One object of several: its properties, with the constants that tell it from the others. */
function describeBranch({ properties = {} }: SchemaObject): string {
  const members = Object.entries(properties).map(([name, schema]) => {
    const constant = typeof schema === 'object' ? schema.const : undefined;
    return constant === undefined ? name : `${name}: ${JSON.stringify(constant)}`;
  });
  return `{ ${members.join(', ')} }`;
}

export function fits(value: JsonValue, names: readonly (TypeName | 'any')[] | undefined): boolean {
  const type = typeNameOf(value);
  if (names === undefined || names.includes('any') || names.includes(type)) return true;
  return type === 'number' && Number.isInteger(value) && names.includes('integer');
}

/** A schema with its reference followed and its `allOf` merged; undefined for `false`. */
function resolve(schema: Schema, types: Properties, steps = 0): SchemaObject | undefined {
  if (typeof schema === 'boolean') return schema ? {} : undefined;
  if (steps > MOST_STEPS) return {};
  const { $ref, allOf, ...own } = schema;
  const target = $ref === undefined ? undefined : types[refName($ref) ?? ''];
  const others = [...(target === undefined ? [] : [target]), ...(allOf ?? [])];
  const resolved = others.map((other) => resolve(other, types, steps + 1));
  if (resolved.includes(undefined)) return undefined;
  return [...resolved, own].reduce<SchemaObject>((all, next) => meet(all, next ?? {}), {});
}

/** The branches of the unions in a schema, each complete by itself. */
function alternativesOf(schema: SchemaObject, types: Properties, steps = 0): readonly SchemaObject[] {
  const keyword = CHOICES.find((word) => schema[word]?.every((branch) => isDemand(branch, schema)) === false);
  const branches = keyword === undefined ? undefined : schema[keyword];
  if (keyword === undefined || branches === undefined || steps > MOST_STEPS) return [schema];
  const {
    [keyword]: _taken,
    description: _ofAll,
    default: _default,
    deprecated: _deprecated,
    ...base
  } = schema;
  const alternatives = branches.flatMap((branch) => {
    const resolved = resolve(branch, types);
    return resolved === undefined ? [] : alternativesOf(meet(base, resolved), types, steps + 1);
  });
  // Choices of the same choices double at each level.
  return [...new Map(alternatives.map((one) => [JSON.stringify(one), one])).values()];
}

/** Whether a branch of a schema names no values of its own, only which properties there have to be. */
function isDemand(branch: Schema, { type }: SchemaObject): boolean {
  if (typeof branch === 'boolean') return false;
  return Object.keys(branch).every((word) =>
    word === 'type' ? branch.type === 'object' && type === 'object' : DEMANDS.includes(word),
  );
}
