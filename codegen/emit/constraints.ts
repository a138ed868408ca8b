import { type Schema, type SchemaObject, typeNames } from '../schema.ts';
import { unsaidWords } from './unsaid.ts';

/** What a schema demands beyond its TypeScript type, shortest first: `1–100`, `≤ 200 characters`. */
export function constraintsOf(schema: Schema): readonly string[] {
  if (typeof schema === 'boolean') return [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const parts = [
    range(minimum, maximum, ''),
    exclusiveMinimum === undefined ? '' : `> ${exclusiveMinimum}`,
    exclusiveMaximum === undefined ? '' : `< ${exclusiveMaximum}`,
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' items'),
    range(schema.minProperties, schema.maxProperties, ' entries'),
    schema.uniqueItems === true ? 'no repetitions' : '',
    schema.multipleOf === undefined ? '' : `multiple of ${schema.multipleOf}`,
    schema.format ?? '',
    schema.pattern === undefined ? '' : `/${schema.pattern}/`,
  ];
  return parts.filter((part) => part !== '');
}

/** What only a run will check, as a sentence; empty when there is nothing. */
function runTimeChecks(schema: SchemaObject, withLimits: boolean): string {
  const keywords = unsaidWords(schema, withLimits);
  return keywords.length === 0 ? '' : `Checked when it runs: ${keywords.join(', ')}`;
}

/** A parameter's documentation: what it is, its default, its limits. */
export function describeParameter(schema: Schema): string {
  if (typeof schema === 'boolean') return '';
  const defaults = schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`];
  const whole = typeNames(schema)?.includes('integer') === true ? ['integer'] : [];
  return sentences(schema, [...defaults, ...whole, ...constraintsOf(schema)], true);
}

/** A result's documentation: what it is, its format. Its limits are no concern of who reads it. */
export function describeResult(schema: Schema): string {
  if (typeof schema === 'boolean') return '';
  return sentences(schema, schema.format === undefined ? [] : [schema.format], false);
}

function sentences(schema: SchemaObject, remarks: readonly string[], withLimits: boolean): string {
  const limits = remarks.join('; ');
  const parts = [
    schema.description ?? '',
    limits.charAt(0).toUpperCase() + limits.slice(1),
    runTimeChecks(schema, withLimits),
  ];
  return parts.filter((part) => part !== '').reduce(joinSentences, '');
}

function joinSentences(before: string, after: string): string {
  if (before === '') return after;
  return /[.!?]$/.test(before) ? `${before} ${after}` : `${before}. ${after}`;
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least !== undefined && most !== undefined) return `${least}–${most}${unit}`;
  if (least !== undefined) return `≥ ${least}${unit}`;
  return most === undefined ? '' : `≤ ${most}${unit}`;
}
