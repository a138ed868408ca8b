import type { OperationEntry, SearchDocument } from '../runtime/contract/catalogue.ts';
import { describeOverweight, overweightDetails, overweightSignatures } from './budgets.ts';
import { emitAdapters, emitValidatorTypes } from './emit/adapters.ts';
import { hasKinds } from './emit/brand.ts';
import { emitContract } from './emit/contract.ts';
import type { NamespaceNames } from './emit/frames.ts';
import { type Branch, operationDetails, searchDocument } from './emit/manifest.ts';
import { emitSignatures } from './emit/signatures.ts';
import { emitTypesModule, emitTypings } from './emit/typings.ts';
import { emitValidators } from './emit/validators.ts';
import { hashText } from './hashes.ts';
import { type LoadedFile, openFileLoader } from './load.ts';
import { createNamespace, type Namespace, type Target } from './model.ts';
import { printJson } from './print-json.ts';
import type { SourceFile } from './sources.ts';

/**
 * What one schema file becomes: everything that joining the parts takes. Plain JSON, so that it can be made in
 * another thread, and be kept.
 */
export interface Part extends NamespaceNames {
  readonly branch: Branch;
  /** Level 2: what is known of each operation without loading the namespace. */
  readonly entries: readonly OperationEntry[];
  readonly documents: readonly SearchDocument[];
  /** Whether it tells kinds of ids apart. */
  readonly hasKinds: boolean;
  /** What it gives to files that all parts have in common. */
  readonly pieces: { readonly typings: string; readonly types: string; readonly contract: string };
  /** Its own files: texts by path within the output folder. Left out of what was kept from an earlier run. */
  readonly files?: Readonly<Record<string, string>>;
  /** Their hashes. */
  readonly hashes: Readonly<Record<string, string>>;
  /** What weighs more than its level of disclosure may. */
  readonly tooLarge: readonly string[];
}

/** What a schema file came to; without a part when something is wrong with it. */
export interface CompiledFile extends Omit<LoadedFile, 'compiled'> {
  readonly part?: Part;
}

export type PartCompiler = (source: SourceFile) => CompiledFile;

export async function openPartCompiler(target: Target): Promise<PartCompiler> {
  const load = await openFileLoader(target);
  return (source) => {
    const { compiled, ...file } = load(source);
    if (compiled === undefined) return file;
    return { ...file, part: emitPart(target, createNamespace(compiled)) };
  };
}

function emitPart(target: Target, namespace: Namespace): Part {
  const { name, typeName, tool, operations } = namespace;
  const adapters = emitAdapters(target, namespace);
  const signatures = emitSignatures(namespace);
  const details = operationDetails(namespace, adapters.sources);
  const tooLarge = [...overweightSignatures(name, Object.values(signatures)), ...overweightDetails(details)];
  const files = {
    [`adapters/${name}.ts`]: adapters.text,
    [`validators/${name}.d.ts`]: emitValidatorTypes(target, namespace),
    [`manifest/signatures/${name}.json`]: printJson(signatures),
    [`manifest/details/${name}.json`]: printJson(details),
    [`validators/${name}.js`]: emitValidators(namespace),
  };
  return {
    name,
    typeName,
    branch: {
      layer: operations[0]?.entry.layer ?? '',
      tool: { namespace: name, tool, operations: operations.length },
    },
    entries: operations.map(({ entry }) => entry),
    documents: operations.map(searchDocument),
    hasKinds: hasKinds(namespace),
    pieces: {
      typings: emitTypings(target.name, namespace),
      types: emitTypesModule(target.name, namespace),
      contract: emitContract(target.name, namespace),
    },
    files,
    hashes: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, hashText(text)])),
    tooLarge: tooLarge.map(describeOverweight),
  };
}
