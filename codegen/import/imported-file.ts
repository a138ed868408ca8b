import { type Properties, reachableTypes, type ToolSchema } from '../schema.ts';

export const IMPORTED_SCHEMA = '../imported-meta-schema.json';

/** A file of an imported backend. */
export type ImportedFile = { readonly $schema: string } & ToolSchema;

/** A file with those of the types that its operations reach. */
export function withTypes(file: ImportedFile, types: Properties): ImportedFile {
  const roots = file.operations.flatMap(({ parameters, result }) => [parameters, result]);
  const reached = [...reachableTypes(roots, types)].sort(([a], [b]) => (a < b ? -1 : 1));
  const { operations, $defs: _before, ...head } = file;
  return {
    ...head,
    ...(reached.length === 0 ? {} : { $defs: Object.fromEntries(reached) }),
    operations,
  };
}
