import { isRecord } from '../raw-schema.ts';
import { child, type Schema, type SchemaObject } from '../schema.ts';
import type { CompareInner, Comparison } from './comparison.ts';
import { CONDITIONS } from './directions.ts';
import { isSameMeaning } from './meaning.ts';

type Pair = readonly [step: string, before: Schema, after: Schema];

/** Compares what only a run checks: by the schemas in it where those hold under the same condition, else as a whole. */
export function compareConditions(
  before: SchemaObject,
  after: SchemaObject,
  pointer: string,
  comparison: Comparison,
  compareInner: CompareInner,
): void {
  const { position, tell, types } = comparison;
  const [old, now] = [before, after].map((schema) => new Map<string, unknown>(Object.entries(schema)));
  for (const word of CONDITIONS) {
    const values = [old?.get(word), now?.get(word)] as const;
    const at = child(pointer, word);
    const isConditioned =
      ['then', 'else'].includes(word) && isSameMeaning('if', old?.get('if'), now?.get('if'), types);
    const pairs = isConditioned ? branchPairs(...values) : memberPairs(word, ...values);
    if (pairs !== undefined)
      for (const [step, one, other] of pairs)
        compareInner(one, other, step === '' ? at : child(at, step), comparison);
    else if (!isSameMeaning(word, ...values, types)) tell(`${position}-condition-changed`, at, ...values);
  }
}

/**
 * A branch that is not there lets everything through. Of several parts of an `allOf` all branches are listed; undefined
 * where it is not told which became which.
 */
function branchPairs(before: unknown, after: unknown): readonly Pair[] | undefined {
  if (before === undefined && after === undefined) return [];
  if (!Array.isArray(before) && !Array.isArray(after))
    return [['', (before ?? true) as Schema, (after ?? true) as Schema]];
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return undefined;
  const pairs = before.map((one, i) => branchPairs(one, after[i]));
  return pairs.every((pair) => pair !== undefined) ? pairs.flat() : undefined;
}

/** The schemas of the same patterns or of the same names; undefined where they are not the same. */
function memberPairs(word: string, before: unknown, after: unknown): readonly Pair[] | undefined {
  if (word !== 'patternProperties' && word !== 'dependentSchemas') return undefined;
  if (!isRecord(before) || !isRecord(after)) return undefined;
  const names = Object.keys(before);
  const isSame =
    names.length === Object.keys(after).length && names.every((name) => Object.hasOwn(after, name));
  return isSame ? names.map((name) => [name, before[name] as Schema, after[name] as Schema]) : undefined;
}
