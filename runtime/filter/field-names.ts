import type { JsonObject, JsonValue } from '../contract/json.ts';

/** Keys that say nothing of what they hold: what is above or beside them does. */
const SILENT: ReadonlySet<string> = new Set(['value', 'number', 'Value', 'Number']);
/** Members that say what stands beside them, as in lists of variables, headers, settings and contacts. */
const NAMING: readonly string[] = [
  ...['name', 'key', 'header', 'variable', 'type', 'label'],
  ...['Name', 'Key', 'Header', 'Variable', 'Type', 'Label'],
];
/** A longer text is no name. */
const LONGEST_NAME = 60;
const HEADS: readonly string[] = ['columns', 'fields', 'headers', 'header'];

/** The names that stand beside an object's `value` or `number`. */
export function namesBeside(object: JsonObject): readonly string[] {
  return NAMING.flatMap((naming) => {
    const name = Object.hasOwn(object, naming) ? object[naming] : undefined;
    return typeof name === 'string' && name.length <= LONGEST_NAME ? [name] : [];
  });
}

/**
 * What a field is called: by its key or, where that is silent, also by what is above and beside it.
 * @param above the name of the object that has the field
 */
export function fieldName(object: JsonObject, key: string, above: string | undefined): string {
  if (!SILENT.has(key)) return key;
  return [above ?? '', ...namesBeside(object), key].join(' ');
}

/** The names of the cells of a table's rows, where one object has both; undefined for everything else. */
export function columnsOf(object: JsonObject, key: string): readonly string[] | undefined {
  const rows = object[key];
  if (!Array.isArray(rows) || !Array.isArray(rows[0])) return undefined;
  for (const head of HEADS) {
    const names = head !== key && Object.hasOwn(object, head) ? object[head] : undefined;
    if (Array.isArray(names) && names.every(isName)) return names;
  }
  return undefined;
}

const isName = (name: JsonValue): name is string => typeof name === 'string';
