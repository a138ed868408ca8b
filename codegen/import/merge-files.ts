import { isDeepStrictEqual } from 'node:util';
import type { OperationId } from '../../runtime/contract/catalogue.ts';
import { methodOf, namespaceOf } from '../names.ts';
import { type OperationSchema, type Properties, reachableTypes } from '../schema.ts';
import { type ImportedFile, withTypes } from './imported-file.ts';
import { type Conflict, mergeValue } from './merge-value.ts';

/** Files by name: `tools.json`. */
export type Files = Readonly<Record<string, ImportedFile>>;

/** What a merge came to, by operation: `tools.echo`. */
export interface Merge {
  readonly files: Files;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** What the backend changed, and in which of its parts. */
  readonly changed: readonly { readonly id: string; readonly parts: readonly string[] }[];
  readonly conflicts: readonly Conflict[];
}

export interface Known {
  readonly id: OperationId;
  readonly operation: OperationSchema;
  /** The types of its file. */
  readonly types: Properties;
}

/**
 * @param base what the last import wrote; empty for the first one
 * @param ours what lies in the folder
 * @param theirs what the backend has now
 */
export function mergeFiles(base: Files, ours: Files, theirs: Files): Merge {
  const before = indexOperations(base);
  const present = indexOperations(ours);
  const now = indexOperations(theirs);
  const conflicts: Conflict[] = [];
  const merged = Object.entries(theirs).map(([name, file]): [string, ImportedFile] => {
    const former = formerName(name, file, ours, theirs);
    return [name, mergeFile(file, base[former], ours[former], before, present, conflicts)];
  });
  const changed = [...now].flatMap(([key, known]) => {
    const last = before.get(key);
    const parts = last === undefined ? [] : differences(last, known);
    return parts.length === 0 ? [] : [{ id: known.id, parts }];
  });
  return {
    files: mendLinks(Object.fromEntries(merged), present),
    added: [...now].filter(([key]) => !present.has(key)).map(([, { id }]) => id),
    removed: [...present].filter(([key]) => !now.has(key)).map(([, { id }]) => id),
    changed,
    conflicts,
  };
}

function mergeFile(
  theirs: ImportedFile,
  base: ImportedFile | undefined,
  ours: ImportedFile | undefined,
  before: ReadonlyMap<string, Known>,
  present: ReadonlyMap<string, Known>,
  conflicts: Conflict[],
): ImportedFile {
  const place = theirs.namespace ?? '';
  const note = (conflict: Conflict): void => void conflicts.push(conflict);
  const operations = theirs.operations.map((operation) => {
    const key = keyOf(theirs, operation);
    const own = present.get(key)?.operation;
    if (own === undefined) return operation;
    const sides = { base: before.get(key)?.operation, ours: own, theirs: operation };
    return mergeValue(sides, `${place}.${methodOf(operation)}`, note) as OperationSchema;
  });
  const sides = { base: headOf(base), ours: headOf(ours), theirs: headOf(theirs) };
  const head = ours === undefined ? theirs : (mergeValue(sides, place, note) as ImportedFile);
  const file = { ...head, operations };
  // A hand's reference keeps its type, whether or not the backend still has it, and from whichever file it comes.
  const own = theirs.operations.flatMap((operation) =>
    Object.entries(present.get(keyOf(theirs, operation))?.types ?? {}),
  );
  const types = { ...Object.fromEntries(own), ...ours?.$defs, ...theirs.$defs, ...file.$defs };
  return withTypes(file, types);
}

/** What the file of a namespace was called when another name was programs' for it. */
function formerName(name: string, file: ImportedFile, ours: Files, theirs: Files): string {
  if (ours[name] !== undefined) return name;
  const keys = new Set(file.operations.map((operation) => keyOf(file, operation)));
  const former = Object.entries(ours).find(
    ([old, own]) =>
      theirs[old] === undefined && own.operations.some((operation) => keys.has(keyOf(own, operation))),
  );
  return former?.[0] ?? name;
}

function headOf(file: ImportedFile | undefined): object | undefined {
  if (file === undefined) return undefined;
  const { operations: _operations, ...head } = file;
  return head;
}

/** What tells operations apart is their names on the wire: programs may call them something else tomorrow. */
export function keyOf(file: ImportedFile, { tool, operation }: OperationSchema): string {
  return JSON.stringify([tool ?? file.tool, operation]);
}

export function indexOperations(files: Files): ReadonlyMap<string, Known> {
  const entries = Object.values(files).flatMap((file) =>
    file.operations.map((operation): [string, Known] => [
      keyOf(file, operation),
      { id: `${namespaceOf(file)}.${methodOf(operation)}`, operation, types: file.$defs ?? {} },
    ]),
  );
  return new Map(entries);
}

function differences(before: Known, now: Known): readonly string[] {
  const parts = new Set([before, now].flatMap(({ operation }) => Object.keys(operation)));
  return [...parts].filter((part) => !isDeepStrictEqual(partOf(before, part), partOf(now, part)));
}

/** A part of an operation, with the types that it refers to. */
function partOf({ operation, types }: Known, part: string): unknown {
  if (part !== 'parameters' && part !== 'result') return Reflect.get(operation, part);
  return [operation[part], reachableTypes([operation[part]], types)];
}

/** What has another name now is linked by that; what is removed is no longer related to anything. */
function mendLinks(files: Files, present: ReadonlyMap<string, Known>): Files {
  const now = indexOperations(files);
  const ids = new Set<string>([...now.values()].map(({ id }) => id));
  const renamed = new Map<string, OperationId>(
    [...present].map(([key, { id }]) => [id, now.get(key)?.id ?? id]),
  );
  const nameNow = <Id extends string>(id: Id): Id | OperationId => renamed.get(id) ?? id;
  const mend = (operation: OperationSchema): OperationSchema => {
    const { related, aliasOf, deprecated } = operation;
    const use = typeof deprecated === 'object' ? deprecated.use : undefined;
    return {
      ...operation,
      related: related.map(nameNow).filter((id) => ids.has(id)),
      ...(aliasOf === undefined ? {} : { aliasOf: nameNow(aliasOf) }),
      ...(typeof deprecated === 'object' && use !== undefined
        ? { deprecated: { ...deprecated, use: nameNow(use) } }
        : {}),
    };
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, { ...file, operations: file.operations.map(mend) }]),
  );
}
