import { isDeepStrictEqual } from 'node:util';
import { EFFECTS } from '../../runtime/contract/catalogue.ts';
import { BULK_TAG } from '../../runtime/contract/policy.ts';
import type { OperationSchema, Properties } from '../schema.ts';
import type { Tell } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import type { Position } from './directions.ts';
import type { RuleId } from './rules.ts';

/** An operation with the `$defs` of its file. */
export interface KnownOperation {
  readonly schema: OperationSchema;
  readonly types: Properties;
}

/** Fields that agent code does not depend on, and the rule that a change of each falls under. */
const PROSE = ['summary', 'description', 'examples', 'related'] as const satisfies readonly RuleId[];

/** Compares two states of one operation. */
export function compareOperations(before: KnownOperation, after: KnownOperation, tell: Tell): void {
  compareTraits(before.schema, after.schema, tell);
  compareTags(before.schema, after.schema, tell);
  compareDeprecations(before.schema, after.schema, tell);
  compareAliases(before.schema, after.schema, tell);
  const types = { before: before.types, after: after.types };
  let told = 0;
  const tellSchema: Tell = (...change) => {
    told += 1;
    tell(...change);
  };
  const compare = (part: 'parameters' | 'result', position: Position) =>
    compareSchemas(before.schema[part], after.schema[part], `/${part}`, {
      position,
      tell: tellSchema,
      told: () => told,
      types,
      seen: new Map(),
    });
  compare('parameters', 'parameter');
  compare('result', 'result');
  for (const field of PROSE) {
    const [old, now] = [before.schema[field], after.schema[field]];
    const isSet = field === 'related';
    const isEqual = isSet
      ? isSameSet(before.schema.related, after.schema.related)
      : isDeepStrictEqual(old, now);
    if (!isEqual) tell(field, `/${field}`, old, now);
  }
}

/** Effect, repetition, time. */
function compareTraits(before: OperationSchema, after: OperationSchema, tell: Tell): void {
  if (before.effect !== after.effect) {
    const isRaised = EFFECTS.indexOf(after.effect) > EFFECTS.indexOf(before.effect);
    tell(isRaised ? 'effect-raised' : 'effect-lowered', '/effect', before.effect, after.effect);
  }
  if (before.idempotent !== after.idempotent) {
    const rule = after.idempotent ? 'idempotent-gained' : 'idempotent-lost';
    tell(rule, '/idempotent', before.idempotent, after.idempotent);
  }
  if (before.timeoutMs !== after.timeoutMs) {
    const rule = after.timeoutMs < before.timeoutMs ? 'timeout-lowered' : 'timeout-raised';
    tell(rule, '/timeoutMs', before.timeoutMs, after.timeoutMs);
  }
}

function compareTags(before: OperationSchema, after: OperationSchema, tell: Tell): void {
  const [was, is] = [before, after].map(({ tags }) => tags.includes(BULK_TAG));
  if (was !== is) tell(is === true ? 'bulk-gained' : 'bulk-lost', '/tags');
  const [old, now] = [before, after].map(({ tags }) => tags.filter((tag) => tag !== BULK_TAG));
  if (!isSameSet(old, now)) tell('tags', '/tags', old, now);
}

function compareDeprecations(before: OperationSchema, after: OperationSchema, tell: Tell): void {
  const [old, now] = [before, after].map(({ deprecated }) => (deprecated === false ? undefined : deprecated));
  if (isDeepStrictEqual(old, now)) return;
  if (old !== undefined && now !== undefined) tell('deprecation-text', '/deprecated', old, now);
  else if (now === undefined) tell('operation-undeprecated', '/deprecated');
  else tell('operation-deprecated', '/deprecated', undefined, now);
}

function compareAliases(before: OperationSchema, after: OperationSchema, tell: Tell): void {
  const [old, now] = [before.aliasOf, after.aliasOf];
  if (old === now) return;
  const changed: RuleId = old === undefined ? 'alias-gained' : 'alias-lost';
  tell(old !== undefined && now !== undefined ? 'alias-target-changed' : changed, '/aliasOf', old, now);
}

function isSameSet(first: readonly string[] = [], second: readonly string[] = []): boolean {
  return isDeepStrictEqual([...first].sort(), [...second].sort());
}
