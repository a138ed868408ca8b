import { typeNamesOf } from '../names.ts';
import { adoptOperation } from './adopt-operation.ts';
import { NoSchema } from './adopt-schema.ts';
import type { NamedOperation } from './assign-names.ts';
import { fitCompiler } from './fit-compiler.ts';
import type { LeftOut } from './found-operation.ts';
import { IMPORTED_SCHEMA, type ImportedFile, withTypes } from './imported-file.ts';
import { createTypeStore } from './type-store.ts';

export interface Assembled {
  /** By name: `tools.json`. */
  readonly files: Readonly<Record<string, ImportedFile>>;
  readonly leftOut: readonly LeftOut[];
  /** What became wider than the backend has it, a line each. */
  readonly wider: readonly string[];
}

/** Makes a file of each namespace. */
export async function assembleFiles(backend: string, named: readonly NamedOperation[]): Promise<Assembled> {
  const leftOut: LeftOut[] = [];
  const wider: string[] = [];
  const groups = Map.groupBy(named, ({ namespace }) => namespace);
  const files: [string, ImportedFile][] = [];
  for (const [namespace, operations] of groups) {
    const file = assembleFile(backend, namespace, operations, leftOut, wider);
    if (file === undefined) continue;
    const note = (place: string, what: string): void => void wider.push(`${namespace}.${place}: ${what}`);
    files.push([`${namespace}.json`, await fitCompiler(file, backend, note)]);
  }
  return { files: Object.fromEntries(files), leftOut, wider };
}

function assembleFile(
  backend: string,
  namespace: string,
  named: readonly NamedOperation[],
  leftOut: LeftOut[],
  wider: string[],
): ImportedFile | undefined {
  const reserved = new Set(named.flatMap(({ method }) => Object.values(typeNamesOf(method))));
  const store = createTypeStore(reserved);
  const operations = named.flatMap((operation) => {
    const { method, found } = operation;
    try {
      const note = (place: string, what: string): void =>
        void wider.push(`${namespace}.${method} ${place}: ${what}`);
      return [adoptOperation(operation, backend, store, note)];
    } catch (error) {
      if (!(error instanceof NoSchema)) throw error;
      leftOut.push({ what: found.tool, why: error.message });
      return [];
    }
  });
  const [first] = named;
  if (operations.length === 0 || first === undefined) return undefined;
  const { group, tool, argument } = first.found;
  return withTypes(
    {
      $schema: IMPORTED_SCHEMA,
      ...(group.kind === 'tool' ? { tool } : {}),
      namespace,
      ...(argument === undefined ? {} : { argument }),
      description: group.description,
      operations,
    },
    store.types,
  );
}
