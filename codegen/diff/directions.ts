import { isDeepStrictEqual } from 'node:util';
import type { RuleId } from './rules.ts';

/** Where a schema stands: what goes in, or what comes out. */
export type Position = 'parameter' | 'result';

/** What a schema lets through now, against what it let through before. */
export type Direction = 'narrower' | 'wider' | 'different';

/**
 * The rule that a difference falls under. Parameters are contravariant and results covariant: what narrows the
 * one for the worse narrows the other for the better.
 */
export const RULE_OF = {
  type: {
    parameter: {
      narrower: 'parameter-type-narrowed',
      wider: 'parameter-type-widened',
      different: 'parameter-type-changed',
    },
    result: {
      narrower: 'result-type-narrowed',
      wider: 'result-type-widened',
      different: 'result-type-changed',
    },
  },
  limit: {
    parameter: {
      narrower: 'parameter-limit-tightened',
      wider: 'parameter-limit-loosened',
      different: 'parameter-limit-changed',
    },
    result: {
      narrower: 'result-limit-tightened',
      wider: 'result-limit-loosened',
      different: 'result-limit-changed',
    },
  },
} as const satisfies Record<string, Record<Position, Record<Direction, RuleId>>>;

/** Limits where a larger number lets less through, and those where a smaller one does. */
export const LOWER: readonly string[] = [
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
];
export const UPPER: readonly string[] = [
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
];

/** Keywords that let less through than none; two values of one cannot be compared. */
const EITHER_OR = ['multipleOf', 'pattern', 'format', 'uniqueItems'];

export const LIMITS: readonly string[] = [...LOWER, ...UPPER, ...EITHER_OR];

/** What only a run checks, and what is compared as a whole: choices where they only demand properties. */
export const CONDITIONS: readonly string[] = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'minContains',
  'maxContains',
  'dependentRequired',
  'dependentSchemas',
  'propertyNames',
  'patternProperties',
  'anyOf',
  'oneOf',
];

/** Whether every value keeps to a limit: no number of items, characters or properties is below 0. */
export function isNoLimit(keyword: string, value: unknown): boolean {
  if (keyword === 'uniqueItems') return value === false;
  return value === 0 && ['minLength', 'minItems', 'minProperties'].includes(keyword);
}

/** How a limit moved; undefined when it did not. */
export function directionOfLimit(keyword: string, before: unknown, after: unknown): Direction | undefined {
  const [old, now] = [before, after].map((value) => (isNoLimit(keyword, value) ? undefined : value));
  if (isDeepStrictEqual(old, now)) return undefined;
  if (old === undefined) return 'narrower';
  if (now === undefined) return 'wider';
  if (typeof old !== 'number' || typeof now !== 'number' || EITHER_OR.includes(keyword)) return 'different';
  return now > old === LOWER.includes(keyword) ? 'narrower' : 'wider';
}
