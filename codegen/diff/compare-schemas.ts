import { isDeepStrictEqual } from 'node:util';
import { child, type Properties, refName, type Schema } from '../schema.ts';
import { compareConditions } from './compare-conditions.ts';
import { compareProperties } from './compare-properties.ts';
import type { Comparison } from './comparison.ts';
import { type Direction, directionOfLimit, LIMITS, RULE_OF } from './directions.ts';
import { type Pairs, pairParts } from './pair-parts.ts';
import { describeShape, fits, type Part, type Shape, shapeOf } from './shape.ts';

/** From so many changes of one operation on, a type is told at the first of its places alone. */
const MANY = 20;

/**
 * Compares two schemas by what they let through, and by what they say. What changed in a type is told at every place
 * that has it, but not again inside itself.
 */
export function compareSchemas(before: Schema, after: Schema, pointer: string, comparison: Comparison): void {
  const { seen, told, types } = comparison;
  const [old, now] = [definitionOf(before, types.before), definitionOf(after, types.after)];
  const pairs = seen.get(old) ?? new Map();
  seen.set(old, pairs);
  const state = pairs.get(now);
  if (state === 'open' || state === 'same' || (state === 'changed' && told() > MANY)) return;
  const soFar = told();
  pairs.set(now, 'open');
  compareShapes(before, after, pointer, comparison);
  pairs.set(now, told() === soFar ? 'same' : 'changed');
}

/** What a reference that says nothing else leads to; any other schema itself. */
function definitionOf(schema: Schema, types: Properties): Schema {
  if (typeof schema === 'boolean' || schema.$ref === undefined || Object.keys(schema).length > 1)
    return schema;
  return types[refName(schema.$ref) ?? ''] ?? schema;
}

function compareShapes(before: Schema, after: Schema, pointer: string, comparison: Comparison): void {
  const { types } = comparison;
  const shapes = { before: shapeOf(before, types.before), after: shapeOf(after, types.after) };
  compareAnnotations(shapes.before, shapes.after, pointer, comparison);
  const pairs = pairParts(shapes.before, shapes.after);
  compareTypes(shapes.before, shapes.after, pairs, pointer, comparison);
  for (const [old, now] of pairs.pairs) compareParts(old, now, pointer, comparison);
}

function compareAnnotations(before: Shape, after: Shape, pointer: string, comparison: Comparison): void {
  const { position, tell } = comparison;
  const [old, now] = [before.schema, after.schema];
  if (old.description !== now.description) {
    tell(`${position}-description`, pointer, old.description, now.description);
  }
  if ((old.deprecated === true) !== (now.deprecated === true)) {
    tell(`${position}-${now.deprecated === true ? '' : 'un'}deprecated`, pointer);
  }
  if (old['x-id'] !== now['x-id']) {
    tell(`id-kind-${howChanged(old['x-id'], now['x-id'])}`, pointer, old['x-id'], now['x-id']);
  }
  if (position === 'parameter' && !isDeepStrictEqual(old.default, now.default)) {
    tell(`parameter-default-${howChanged(old.default, now.default)}`, pointer, old.default, now.default);
  }
}

function howChanged(before: unknown, after: unknown): 'added' | 'removed' | 'changed' {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function compareTypes(
  before: Shape,
  after: Shape,
  { pairs, gone, fresh }: Pairs,
  pointer: string,
  { position, tell, types }: Comparison,
): void {
  const removed = before.values.filter((value) => !letsThrough(after, value));
  const added = after.values.filter((value) => !letsThrough(before, value));
  const takesLess = (old: string, now: string) => old === 'number' && now === 'integer';
  const isNarrower =
    (!takesAny(after) && gone.length > 0) || pairs.some(([a, b]) => takesLess(a.type, b.type));
  const isWider =
    (!takesAny(before) && fresh.length > 0) || pairs.some(([a, b]) => takesLess(b.type, a.type));
  if (isNarrower || isWider) {
    const direction = directionOf(isNarrower || removed.length > 0, isWider || added.length > 0);
    const shown = [describeShape(before, types.before), describeShape(after, types.after)];
    tell(RULE_OF.type[position][direction], pointer, ...shown);
    return;
  }
  for (const value of removed) tell(`${position}-value-removed`, pointer, value, undefined);
  for (const value of added) tell(`${position}-value-added`, pointer, undefined, value);
}

function directionOf(isNarrower: boolean, isWider: boolean): Direction {
  if (isNarrower && isWider) return 'different';
  return isNarrower ? 'narrower' : 'wider';
}

function takesAny({ parts }: Shape): boolean {
  return parts.some(({ type }) => type === 'any');
}

function letsThrough({ values, parts }: Shape, value: Shape['values'][number]): boolean {
  const names = parts.map(({ type }) => type);
  return values.some((other) => isDeepStrictEqual(other, value)) || (parts.length > 0 && fits(value, names));
}

/** Two parts of one type: their limits, and what is inside them. */
function compareParts(before: Part, after: Part, pointer: string, comparison: Comparison): void {
  const { position, tell } = comparison;
  const [old, now] = [before.schema, after.schema].map(
    (schema) => new Map<string, unknown>(Object.entries(schema)),
  );
  for (const keyword of LIMITS) {
    const limits = [old?.get(keyword), now?.get(keyword)] as const;
    const direction = directionOfLimit(keyword, ...limits);
    if (direction !== undefined) tell(RULE_OF.limit[position][direction], child(pointer, keyword), ...limits);
  }
  compareConditions(before.schema, after.schema, pointer, comparison, compareSchemas);
  if (before.type === 'array') compareItems(before, after, pointer, comparison);
  if (before.type === 'object' || before.type === 'any')
    compareProperties(before.schema, after.schema, pointer, comparison, compareSchemas);
}

function compareItems(before: Part, after: Part, pointer: string, comparison: Comparison): void {
  const [old, now] = [before.schema, after.schema].map(({ prefixItems = [], items, unevaluatedItems }) => ({
    prefix: prefixItems,
    rest: items ?? unevaluatedItems ?? true,
  }));
  if (old === undefined || now === undefined) return;
  for (let i = 0; i < Math.max(old.prefix.length, now.prefix.length); i++) {
    const at = child(`${pointer}/prefixItems`, i);
    compareSchemas(old.prefix[i] ?? old.rest, now.prefix[i] ?? now.rest, at, comparison);
  }
  compareSchemas(old.rest, now.rest, `${pointer}/items`, comparison);
}
