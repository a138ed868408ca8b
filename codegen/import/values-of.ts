import { listOf, type RawSchema } from '../raw-schema.ts';
import { followReference } from './object-schema.ts';

/** Choices in choices are read to this depth, so that none that contains itself is read for ever. */
const MAX_STEPS = 20;

/** The strings that a schema lists one by one, with a reference or a constant each too; undefined for any other. */
export function valuesOf(schema: unknown, document: RawSchema, steps = 0): readonly string[] | undefined {
  const followed = followReference(schema, document);
  if (followed === undefined || steps > MAX_STEPS) return undefined;
  const inside = (part: unknown): readonly string[] | undefined => valuesOf(part, document, steps + 1);
  if (followed.const !== undefined) return stringsIn([followed.const]);
  if (followed.enum !== undefined) return stringsIn(listOf(followed.enum));
  const choices = listOf(followed.anyOf ?? followed.oneOf).map(inside);
  if (choices.length > 0)
    return choices.every((values) => values !== undefined) ? [...new Set(choices.flat())] : undefined;
  return listOf(followed.allOf)
    .map(inside)
    .find((values) => values !== undefined);
}

function stringsIn(values: readonly unknown[]): readonly string[] | undefined {
  const strings = values.filter((value) => typeof value === 'string');
  return strings.length > 0 && strings.length === values.length ? [...new Set(strings)] : undefined;
}

/** Whether a schema lets a string through, by the values, types and patterns that it names. */
export function letsThrough(schema: unknown, value: string, document: RawSchema, steps = 0): boolean {
  if (typeof schema === 'boolean') return schema;
  const followed = followReference(schema, document);
  if (followed === undefined || steps > MAX_STEPS) return true;
  const fits = (part: unknown): boolean => letsThrough(part, value, document, steps + 1);
  return Object.entries(followed).every(([word, asked]) => {
    switch (word) {
      case 'const':
        return asked === value;
      case 'enum':
        return listOf(asked).includes(value);
      case 'type':
        return asked === 'string' || listOf(asked).includes('string');
      case 'pattern':
        return matches(asked, value);
      case 'not':
        return !fits(asked);
      case 'allOf':
        return listOf(asked).every(fits);
      case 'anyOf':
        return listOf(asked).some(fits);
      case 'oneOf':
        return listOf(asked).filter(fits).length === 1;
      default:
        return true;
    }
  });
}

function matches(pattern: unknown, value: string): boolean {
  try {
    return new RegExp(String(pattern), 'u').test(value);
  } catch {
    return true;
  }
}
