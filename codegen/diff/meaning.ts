import { isDeepStrictEqual } from 'node:util';
import { mapSchema, type Properties, refName, type Schema, type SchemaObject } from '../schema.ts';
import { isNoLimit } from './directions.ts';

/** Words that no value is checked against. */
const PROSE = ['description', 'default', 'deprecated', 'x-id'];

/** Whether a word of a schema means the same on both sides: prose aside, and with what its references lead to. */
export function isSameMeaning(
  word: string,
  before: unknown,
  after: unknown,
  types: { readonly before: Properties; readonly after: Properties },
): boolean {
  if (before === undefined || after === undefined) return before === after;
  return isDeepStrictEqual(meaningOf(word, before, types.before), meaningOf(word, after, types.after));
}

/** A word with all types that it reaches, by number in order of discovery: by whatever names. */
function meaningOf(word: string, value: unknown, types: Properties): unknown {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    numbers.set(name, numbers.get(name) ?? numbers.size);
    return numbers.get(name) ?? 0;
  };
  const whole = plain(word, value, numberOf);
  const reached: Schema[] = [];
  // It grows while it is gone through.
  for (const name of numbers.keys()) reached.push(plainSchema(types[name] ?? true, numberOf));
  return [whole, reached];
}

/** Of a word that several parts of an `allOf` have, all values are listed. */
function plain(word: string, value: unknown, numberOf: (name: string) => number): unknown {
  const isList = Array.isArray(value) && word !== 'anyOf' && word !== 'oneOf';
  if (isList) return value.map((one) => plain(word, one, numberOf));
  return plainSchema({ [word]: value } as SchemaObject, numberOf);
}

function plainSchema(schema: Schema, numberOf: (name: string) => number): Schema {
  return mapSchema(schema, (inner) => {
    const entries = Object.entries<unknown>(inner).flatMap(([word, value]): [string, unknown][] => {
      if (PROSE.includes(word) || isNoLimit(word, value)) return [];
      switch (word) {
        case '$ref':
          return [[word, numberOf(refName(String(value)) ?? String(value))]];
        case 'const':
          return [['enum', [value]]];
        case 'type':
          return [[word, [value].flat().sort()]];
        case 'required':
          return [[word, [...(value as readonly string[])].sort()]];
        default:
          return [[word, value]];
      }
    });
    return Object.fromEntries(entries);
  });
}
