import { fullFormats } from 'ajv-formats/dist/formats.js';
import { closest, distance } from 'fastest-levenshtein';
import { FORBIDDEN_KEYS } from '../runtime/contract/json.ts';
import { quote, type Report } from './mistake.ts';
import {
  child,
  type Place,
  type Properties,
  refName,
  type Schema,
  type SchemaObject,
  typeNames,
  walk,
} from './schema.ts';

/** Shorter names of formats are alike by chance: `cuid` is no slip of the pen for `uuid`. */
const SLIP_LETTERS = 8;

/**
 * The rules for one schema and those inside it.
 * @param types the file's `$defs`
 * @param isKeyword whether the validator knows a keyword
 */
export function checkSchema(
  root: Place,
  types: Properties,
  isKeyword: (keyword: string) => boolean,
  report: Report,
): void {
  const name = refName(`#${root.pointer}`);
  if (name !== undefined && leadsBack(name, types)) {
    report(root.pointer, 'a type that does not consist of itself', root.schema);
    return;
  }
  for (const { schema, pointer } of walk(root)) {
    if (typeof schema === 'boolean') continue;
    checkKeywords(schema, pointer, isKeyword, report);
    checkReference(schema, pointer, types, report);
    checkObject(schema, pointer, report);
    checkTexts(schema, pointer, report);
    checkKind(schema, pointer, report);
  }
}

function checkKeywords(
  schema: SchemaObject,
  pointer: string,
  isKeyword: (keyword: string) => boolean,
  report: Report,
): void {
  for (const keyword of Object.keys(schema)) {
    if (isKeyword(keyword)) continue;
    report(child(pointer, keyword), 'a keyword of JSON Schema 2020-12 that the generator knows', keyword);
  }
}

/** Other references than these have been followed by `normalise`, or reported by it. */
function checkReference(schema: SchemaObject, pointer: string, types: Properties, report: Report): void {
  const name = schema.$ref === undefined ? undefined : refName(schema.$ref);
  if (name === undefined || Object.hasOwn(types, name)) return;
  report(child(pointer, '$ref'), `one of ${quote(Object.keys(types))} under $defs`, schema.$ref);
}

function checkObject(schema: SchemaObject, pointer: string, report: Report): void {
  const names = Object.keys(schema.properties ?? {});
  for (const name of names) {
    const at = child(`${pointer}/properties`, name);
    if (FORBIDDEN_KEYS.has(name)) report(at, 'a name that cannot change what objects are', name);
    if (!name.isWellFormed()) report(at, 'a name of whole characters, not of half a surrogate pair', name);
  }
  if (schema.additionalProperties !== false || schema.patternProperties !== undefined) return;
  schema.required?.forEach((name, i) => {
    if (!names.includes(name)) report(`${pointer}/required/${i}`, `one of ${quote(names)}`, name);
  });
}

/** Patterns that are none, and formats that look like a misspelt one. Formats of others' making pass unchecked. */
function checkTexts(schema: SchemaObject, pointer: string, report: Report): void {
  const { pattern, format, patternProperties } = schema;
  if (pattern !== undefined) checkPattern(pattern, child(pointer, 'pattern'), report);
  for (const key of Object.keys(patternProperties ?? {})) {
    checkPattern(key, child(child(pointer, 'patternProperties'), key), report);
  }
  if (format === undefined || Object.hasOwn(fullFormats, format)) return;
  const known = closest(format, Object.keys(fullFormats));
  const isLike = format.length === known.length && distance(format, known) <= 2;
  if (isLike && format.length >= SLIP_LETTERS)
    report(child(pointer, 'format'), `a format; "${known}" is one`, format);
}

function checkPattern(pattern: string, pointer: string, report: Report): void {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    report(pointer, `a regular expression of ECMAScript with the u flag (${why})`, pattern);
  }
}

/** Of what an id is the id: it is told apart where it is a number or a string. */
function checkKind(schema: SchemaObject, pointer: string, report: Report): void {
  const kind = schema['x-id'];
  if (kind === undefined) return;
  const at = child(pointer, 'x-id');
  if (typeof kind !== 'string' || !/^[a-z][a-z0-9 -]*$/.test(kind))
    report(at, 'a kind of thing, in lower case', kind);
  const names = typeNames(schema)?.filter((name) => name !== 'null') ?? [];
  if (!['integer', 'number', 'string'].includes(names.join()))
    report(at, 'a schema of type integer, number or string', names);
}

/** Whether a type is made of itself with no property or item between: no value could ever be told to fit. */
function leadsBack(start: string, types: Properties): boolean {
  const seen = new Set<string>();
  const reaches = (schema: Schema | undefined): boolean => {
    if (typeof schema !== 'object') return false;
    const name = schema.$ref === undefined ? undefined : refName(schema.$ref);
    if (name === start) return true;
    if (name !== undefined && !seen.has(name)) {
      seen.add(name);
      if (reaches(types[name])) return true;
    }
    const { allOf, anyOf, oneOf, not, if: condition, then, else: otherwise, dependentSchemas } = schema;
    const lists = [
      allOf,
      anyOf,
      oneOf,
      [not, condition, then, otherwise],
      Object.values(dependentSchemas ?? {}),
    ];
    return lists.some((list) => list?.some(reaches) === true);
  };
  return reaches(types[start]);
}
