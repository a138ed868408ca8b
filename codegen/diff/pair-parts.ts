import { isDeepStrictEqual } from 'node:util';
import type { SchemaObject } from '../schema.ts';
import type { Part, Shape } from './shape.ts';

export interface Pairs {
  readonly pairs: readonly (readonly [before: Part, after: Part])[];
  /** What is let through no longer, and what is let through now. */
  readonly gone: readonly Part[];
  readonly fresh: readonly Part[];
}

/** Which part of a type became which: the very same first, then what its constants tell, then in order. */
export function pairParts(before: Shape, after: Shape): Pairs {
  const severalObjects = [before, after].some(
    ({ parts }) => parts.filter(({ type }) => type === 'object').length > 1,
  );
  const candidates = before.parts.flatMap((old, i) =>
    after.parts.map((now, j) => ({ old, now, i, j, score: likeness(old, now, severalObjects) })),
  );
  const pairs: [Part, Part][] = [];
  const taken = { before: new Set<number>(), after: new Set<number>() };
  for (const { old, now, i, j, score } of candidates.sort((a, b) => b.score - a.score)) {
    if (score === 0 || taken.before.has(i) || taken.after.has(j)) continue;
    taken.before.add(i);
    taken.after.add(j);
    pairs.push([old, now]);
  }
  return {
    pairs,
    gone: before.parts.filter((_, i) => !taken.before.has(i)),
    fresh: after.parts.filter((_, j) => !taken.after.has(j)),
  };
}

function likeness(before: Part, after: Part, severalObjects: boolean): number {
  if (before.type !== after.type) return isNumeric(before) && isNumeric(after) ? 1 : 0;
  if (isDeepStrictEqual(before.schema, after.schema)) return 4;
  if (before.type !== 'object' || !severalObjects) return 2;
  return haveSameConstants(before.schema, after.schema) ? 3 : 0;
}

function isNumeric({ type }: Part): boolean {
  return type === 'integer' || type === 'number';
}

/** Whether no property that tells the branches of a union apart differs. */
function haveSameConstants(before: SchemaObject, after: SchemaObject): boolean {
  return Object.entries(before.properties ?? {}).every(([name, schema]) => {
    const values = [schema, after.properties?.[name]].map((inner) => constantOf(inner));
    return values.includes(undefined) || isDeepStrictEqual(values[0], values[1]);
  });
}

function constantOf(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if ('const' in schema) return schema.const;
  return 'enum' in schema && Array.isArray(schema.enum) && schema.enum.length === 1
    ? schema.enum[0]
    : undefined;
}
