import { readFile } from 'node:fs/promises';
import { ROUTES_FILE } from '../runtime/contract/route.ts';
import { ATHENA, type BackendKind } from './backend-kind.ts';
import {
  describeOverweight,
  overweightDetails,
  overweightLayers,
  overweightSignatures,
  overweightTree,
} from './budgets.ts';
import { emitAdapters, emitValidatorTypes } from './emit/adapters.ts';
import { emitCatalogue } from './emit/catalogue.ts';
import { emitContract } from './emit/contract.ts';
import { manifestTree, operationDetails, operationEntries, searchDocuments } from './emit/manifest.ts';
import { emitSignatures } from './emit/signatures.ts';
import { emitTypesModule, emitTypings } from './emit/typings.ts';
import { emitValidators } from './emit/validators.ts';
import { loadSchemas } from './load.ts';
import { describeMistake } from './mistake.ts';
import { createModel, type Model, type Namespace } from './model.ts';
import { GENERATOR_VERSION, schemaHash } from './provenance.ts';
import type { SourceFile } from './sources.ts';

/** From `generated/`. */
const RUNTIME = '../runtime/adapter/v1.ts';

const GUEST_GLOBALS = new URL('./emit/guest-globals.d.ts', import.meta.url);

/** What is compiled, and for where. */
export interface Target extends BackendKind {
  /** How a module in the output folder itself imports the runtime. */
  readonly runtime: string;
  /** How the operations of an OpenAPI document are called over HTTP, as the import noted it: by tool. */
  readonly routes?: object;
}

/** Texts by path within the output folder. */
export type Outputs = ReadonlyMap<string, string>;

export type CompileResult =
  /** `remarks` are about what is larger than a level may show: of an imported backend nobody can shorten it. */
  | {
      readonly ok: true;
      readonly outputs: Outputs;
      readonly counts: Counts;
      readonly remarks: readonly string[];
    }
  /** What is wrong with the schemas, a paragraph each. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface Counts {
  readonly tools: number;
  readonly operations: number;
}

/** Compiles schema files to everything in `generated/` but its provenance. Touches no file. */
export async function compile(
  sources: readonly SourceFile[],
  target: Target = { ...ATHENA, runtime: RUNTIME },
): Promise<CompileResult> {
  const loaded = await loadSchemas(sources, target);
  if (!loaded.ok) return { ok: false, problems: loaded.mistakes.map(describeMistake) };
  const model = createModel(target, loaded.tools);
  const globals = await readFile(GUEST_GLOBALS, 'utf8');
  const validators = Promise.all(model.namespaces.map(emitValidators));
  const outputs = new Map<string, string>();
  outputs.set('athena.d.ts', emitTypings(model, globals));
  outputs.set('types.d.ts', emitTypesModule(model));
  outputs.set('contract.d.ts', emitContract(model));
  if (target.routes !== undefined) outputs.set(ROUTES_FILE, json(target.routes));
  outputs.set('catalogue.ts', emitCatalogue(model, schemaHash(sources), GENERATOR_VERSION));
  const problems = [
    ...emitManifest(model, outputs),
    ...model.namespaces.flatMap((namespace) => emitNamespace(model, namespace, outputs)),
  ];
  const code = await validators;
  model.namespaces.forEach(({ name }, i) => {
    outputs.set(`validators/${name}.js`, code[i] ?? '');
  });
  if (problems.length > 0 && !target.isImported) return { ok: false, problems };
  const operations = model.namespaces.flatMap((namespace) => namespace.operations).length;
  return { ok: true, outputs, counts: { tools: model.namespaces.length, operations }, remarks: problems };
}

/** The parts of the manifest that cover all namespaces. Returns what is too large. */
function emitManifest(model: Model, outputs: Map<string, string>): readonly string[] {
  const tree = manifestTree(model);
  const entries = operationEntries(model);
  outputs.set('manifest/tree.json', json(tree));
  outputs.set('manifest/operations.json', lines(entries));
  outputs.set('manifest/search.json', lines(searchDocuments(model)));
  return [...overweightTree(tree), ...overweightLayers(entries)].map(describeOverweight);
}

/** All that belongs to one namespace but its validators' code. Returns what is too large. */
function emitNamespace(model: Model, namespace: Namespace, outputs: Map<string, string>): readonly string[] {
  const { name } = namespace;
  const adapters = emitAdapters(model, namespace);
  const signatures = emitSignatures(namespace);
  const details = operationDetails(namespace, adapters.sources);
  outputs.set(`adapters/${name}.ts`, adapters.text);
  outputs.set(`validators/${name}.d.ts`, emitValidatorTypes(model, namespace));
  outputs.set(`manifest/signatures/${name}.json`, json(signatures));
  outputs.set(`manifest/details/${name}.json`, json(details));
  const tooLarge = [...overweightSignatures(name, Object.values(signatures)), ...overweightDetails(details)];
  return tooLarge.map(describeOverweight);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}

/** A JSON list with one element a line. */
function lines(values: readonly unknown[]): string {
  return `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]\n`;
}
