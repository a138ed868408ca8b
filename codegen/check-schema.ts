import { quote, type Report } from './mistake.ts';
import {
  child,
  type Place,
  type Properties,
  refName,
  type Schema,
  type SchemaObject,
  scalarItems,
  typeNames,
  walk,
} from './schema.ts';

/** Keywords that would give a file a second way to name or find schemas. */
const NAMING_KEYWORDS = new Set([
  '$id',
  '$schema',
  '$anchor',
  '$defs',
  'definitions',
  '$comment',
  '$vocabulary',
]);

/** Names that every JavaScript object answers to: a check for their presence would be wrong. */
const INHERITED_NAMES = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);

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
    checkUnique(schema, pointer, types, report);
    checkKind(schema, pointer, report);
  }
}

function checkKeywords(
  schema: SchemaObject,
  pointer: string,
  isKeyword: (keyword: string) => boolean,
  report: Report,
): void {
  for (const [keyword, value] of Object.entries(schema)) {
    if (NAMING_KEYWORDS.has(keyword)) {
      report(child(pointer, keyword), 'named types only under $defs at the top of the file', value);
    } else if (!isKeyword(keyword)) {
      report(child(pointer, keyword), 'a keyword of JSON Schema 2020-12 that the generator knows', keyword);
    }
  }
}

function checkReference(schema: SchemaObject, pointer: string, types: Properties, report: Report): void {
  if (schema.$ref === undefined) return;
  const name = refName(schema.$ref);
  const at = child(pointer, '$ref');
  if (name === undefined) report(at, 'a reference within the file, #/$defs/Name', schema.$ref);
  else if (!Object.hasOwn(types, name))
    report(at, `one of ${quote(Object.keys(types))} under $defs`, schema.$ref);
}

function checkObject(schema: SchemaObject, pointer: string, report: Report): void {
  const names = Object.keys(schema.properties ?? {});
  for (const name of names) {
    if (!INHERITED_NAMES.has(name)) continue;
    report(child(`${pointer}/properties`, name), 'a name that not every JavaScript object has', name);
  }
  const nameless = schema.required?.indexOf('') ?? -1;
  if (nameless >= 0) report(`${pointer}/required/${nameless}`, 'a name that is not empty', '');
  if (schema.additionalProperties !== false || schema.patternProperties !== undefined) return;
  schema.required?.forEach((name, i) => {
    if (!names.includes(name)) report(`${pointer}/required/${i}`, `one of ${quote(names)}`, name);
  });
}

/** Objects would be compared pair by pair: a list of a megabyte would keep the server busy for minutes. */
function checkUnique(schema: SchemaObject, pointer: string, types: Properties, report: Report): void {
  if (schema.uniqueItems !== true || scalarItems(schema.items, types) !== undefined) return;
  report(`${pointer}/uniqueItems`, 'items of scalar types', schema.items);
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
    return [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some(reaches);
  };
  return reaches(types[start]);
}
