import type { Violation } from '../contract/catalogue.ts';
import type { JsonValue } from '../contract/json.ts';
import { quote } from '../json/quote.ts';
import { resolvePointer } from '../json/resolve-pointer.ts';

const SHOWN = 5;
const LONGEST_NAME = 60;
/** A name that may stand in a sentence of the server's own: anything else there would speak in its voice. */
const PLAIN_NAME = /^[\w.-]{1,40}$/;

/** The keywords whose violation is plain from the value alone. */
const QUOTED: ReadonlySet<string> = new Set([
  'type',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'format',
  'pattern',
]);
const LEAST: ReadonlySet<string> = new Set(['minLength', 'minItems', 'minProperties']);

/**
 * The violations found by a generated validator, as text that an agent can act on, without a full stop.
 * @param received what was validated, to be quoted; left out for what must not be repeated
 */
export function describeViolations(violations: readonly Violation[], received?: JsonValue): string {
  const shown = violations.slice(0, SHOWN).map((violation) => describeViolation(violation, received));
  const more = violations.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}

function describeViolation(violation: Violation, received: JsonValue | undefined): string {
  const { instancePath, keyword, params } = violation;
  const path = instancePath.slice(1).split('/');
  const place = instancePath === '' ? '' : `\`${path.map((name) => nameOf(name, received)).join('.')}\` `;
  const not =
    received !== undefined && QUOTED.has(keyword)
      ? describeReceived(resolvePointer(received, instancePath))
      : '';
  switch (keyword) {
    case 'required':
      return `${place}needs \`${String(params.missingProperty)}\``;
    case 'additionalProperties':
      return `${place}has no parameter \`${nameOf(String(params.additionalProperty), received)}\``;
    case 'enum':
      return `${place}must be one of ${JSON.stringify(params.allowedValues)}${not}`;
    case 'const':
      return `${place}must be ${JSON.stringify(params.allowedValue)}${not}`;
    default:
      if (LEAST.has(keyword) && params.limit === 1) return `${place}must not be empty`;
      return `${place}${violation.message ?? `fails \`${keyword}\``}${not}`;
  }
}

/** What an agent wrote is quoted back to it; what a backend wrote, where it is a plain name. */
function nameOf(name: string, received: JsonValue | undefined): string {
  if (PLAIN_NAME.test(name)) return name;
  return received === undefined || name.length > LONGEST_NAME ? '…' : name;
}

function describeReceived(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return ', not an array';
  if (typeof value === 'object' && value !== null) return ', not an object';
  return `, not ${quote(value)}`;
}
