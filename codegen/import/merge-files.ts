import { isDeepStrictEqual } from 'node:util';
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

interface Known {
  readonly id: string;
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
  const merged = Object.entries(theirs).map(([name, file]): [string, ImportedFile] => [
    name,
    mergeFile(file, base[name], ours[name], before, present, conflicts),
  ]);
  const changed = [...now].flatMap(([key, known]) => {
    const last = before.get(key);
    const parts = last === undefined ? [] : differences(last, known);
    return parts.length === 0 ? [] : [{ id: known.id, parts }];
  });
  return {
    files: dropDeadLinks(Object.fromEntries(merged)),
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
  if (ours === undefined) return { ...theirs, operations };
  const head = mergeValue({ base: headOf(base), ours: headOf(ours), theirs: headOf(theirs) }, place, note);
  const file = { ...(head as ImportedFile), operations };
  // A hand's reference keeps its type, whether or not the backend still has it.
  return withTypes(file, { ...ours.$defs, ...theirs.$defs, ...file.$defs });
}

function headOf(file: ImportedFile | undefined): object | undefined {
  if (file === undefined) return undefined;
  const { operations: _operations, ...head } = file;
  return head;
}

/** What tells operations apart is their names on the wire: programs may call them something else tomorrow. */
function keyOf(file: ImportedFile, { tool, operation }: OperationSchema): string {
  return JSON.stringify([tool ?? file.tool, operation]);
}

function indexOperations(files: Files): ReadonlyMap<string, Known> {
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

/** What is removed is no longer related to anything. */
function dropDeadLinks(files: Files): Files {
  const ids = new Set([...indexOperations(files).values()].map(({ id }) => id));
  const cleaned = Object.entries(files).map(([name, file]): [string, ImportedFile] => [
    name,
    {
      ...file,
      operations: file.operations.map((operation) => ({
        ...operation,
        related: operation.related.filter((id) => ids.has(id)),
      })),
    },
  ]);
  return Object.fromEntries(cleaned);
}
