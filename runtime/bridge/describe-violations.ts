import type { Violation } from '../contract/catalogue.ts';

const SHOWN = 5;

/** The violations found by a generated validator, as one sentence that an agent can act on. */
export function describeViolations(violations: readonly Violation[]): string {
  const shown = violations.slice(0, SHOWN).map(describeViolation);
  const more = violations.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}

function describeViolation(violation: Violation): string {
  const { params } = violation;
  const place =
    violation.instancePath === '' ? '' : `\`${violation.instancePath.slice(1).replaceAll('/', '.')}\` `;
  switch (violation.keyword) {
    case 'required':
      return `${place}needs \`${String(params.missingProperty)}\``;
    case 'additionalProperties':
      return `${place}has no parameter \`${String(params.additionalProperty)}\``;
    case 'enum':
      return `${place}must be one of ${JSON.stringify(params.allowedValues)}`;
    case 'const':
      return `${place}must be ${JSON.stringify(params.allowedValue)}`;
    default:
      return `${place}${violation.message ?? `fails \`${violation.keyword}\``}`;
  }
}
