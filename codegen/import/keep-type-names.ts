import { methodOf, typeNamesOf } from '../names.ts';
import { mapSchema, type Properties, refName, type Schema, walk } from '../schema.ts';
import { type ImportedFile, withTypes } from './imported-file.ts';
import { type Files, indexOperations, type Known, keyOf } from './merge-files.ts';
import { uniqueName } from './type-store.ts';

/**
 * Gives types the names that the last import gave them. Types that several tools call the same are told apart by
 * numbers, in the order of the tools: one more tool before them would move what a hand wrote of one type to another.
 * @param base what the last import wrote
 * @param theirs what the backend has now
 */
export function keepTypeNames(base: Files, theirs: Files): Files {
  const before = indexOperations(base);
  return Object.fromEntries(Object.entries(theirs).map(([name, file]) => [name, keepInFile(file, before)]));
}

function keepInFile(file: ImportedFile, before: ReadonlyMap<string, Known>): ImportedFile {
  const types = file.$defs ?? {};
  const names = formerNames(file, types, before);
  if ([...names].every(([name, former]) => name === former)) return file;
  const taken = new Set([...reservedIn(file), ...names.values()]);
  for (const name of Object.keys(types).filter((name) => !names.has(name))) {
    const stem = types[stemOf(name)] === undefined ? name : stemOf(name);
    const own = taken.has(name) ? uniqueName(stem, taken) : name;
    names.set(name, own);
    taken.add(own);
  }
  const rename = <Named extends Schema>(schema: Named): Named =>
    mapSchema(schema, (part) => {
      const name = part.$ref === undefined ? undefined : refName(part.$ref);
      const now = name === undefined ? undefined : names.get(name);
      return now === undefined ? part : { ...part, $ref: `#/$defs/${now}` };
    }) as Named;
  const operations = file.operations.map((operation) => ({
    ...operation,
    parameters: rename(operation.parameters),
    result: rename(operation.result),
  }));
  const renamed = Object.entries(types).map(([name, type]) => [names.get(name) ?? name, rename(type)]);
  return withTypes({ ...file, operations }, Object.fromEntries(renamed));
}

/** By its new name, what each type was called where the same operation referred to it at the same place. */
function formerNames(
  file: ImportedFile,
  types: Properties,
  before: ReadonlyMap<string, Known>,
): Map<string, string> {
  const names = new Map<string, string>();
  const taken = reservedIn(file);
  const pair = (now: Schema, last: Schema, lastTypes: Properties): void => {
    const lastNames = referencesIn(last);
    for (const [pointer, name] of referencesIn(now)) {
      const former = lastNames.get(pointer);
      if (former === undefined || names.has(name) || taken.has(former)) continue;
      // Another word is another type, which has come to this place.
      if (stemOf(former) !== stemOf(name)) continue;
      names.set(name, former);
      taken.add(former);
      pair(types[name] ?? true, lastTypes[former] ?? true, lastTypes);
    }
  };
  for (const operation of file.operations) {
    const last = before.get(keyOf(file, operation));
    if (last === undefined) continue;
    pair(operation.parameters, last.operation.parameters, last.types);
    pair(operation.result, last.operation.result, last.types);
  }
  return names;
}

/** The names of types that a schema refers to, by the places where it does. */
function referencesIn(schema: Schema): ReadonlyMap<string, string> {
  const found = walk({ schema, pointer: '' }).flatMap((place): [string, string][] => {
    const ref = typeof place.schema === 'boolean' ? undefined : place.schema.$ref;
    const name = ref === undefined ? undefined : refName(ref);
    return name === undefined ? [] : [[place.pointer, name]];
  });
  return new Map(found);
}

/** What the compiler calls the operations' own types. */
function reservedIn(file: ImportedFile): Set<string> {
  return new Set(file.operations.flatMap((operation) => Object.values(typeNamesOf(methodOf(operation)))));
}

/** `Item` of `Item2`. */
function stemOf(name: string): string {
  return name.replace(/\d+$/, '');
}
