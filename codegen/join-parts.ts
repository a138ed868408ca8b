import { ROUTES_FILE } from '../runtime/contract/route.ts';
import { describeOverweight, overweightLayers, overweightTree } from './budgets.ts';
import { emitCatalogue } from './emit/catalogue.ts';
import { frameContract, frameTypes, frameTypings } from './emit/frames.ts';
import { manifestTree } from './emit/manifest.ts';
import { SUPPORT_FILE } from './emit/validators.ts';
import { type Hashes, hashTexts } from './hashes.ts';
import type { Target } from './model.ts';
import type { Part } from './part.ts';
import { printJson, printLines } from './print-json.ts';
import { GENERATOR_VERSION } from './provenance.ts';

/** Texts by path within the output folder. */
export type Outputs = ReadonlyMap<string, string>;

export interface Joined {
  /** Without what was kept from an earlier run. */
  readonly outputs: Outputs;
  /** Of all. */
  readonly hashes: Hashes;
  /** What weighs more than its level of disclosure may. */
  readonly tooLarge: readonly string[];
}

/** What is the same for every backend. */
export interface Constants {
  /** The declarations that the typings end with. */
  readonly globals: string;
  /** The text of `SUPPORT_FILE`. */
  readonly support: string;
}

/**
 * Everything in the output folder but its provenance.
 * @param schemaHash over all schema files
 */
export function joinParts(
  parts: readonly Part[],
  target: Target,
  schemaHash: string,
  { globals, support }: Constants,
): Joined {
  const entries = parts.flatMap((part) => part.entries);
  const tree = manifestTree(parts.map(({ branch }) => branch));
  const names = parts.map(({ name }) => name);
  const pieces = (kind: keyof Part['pieces']): string => parts.map((part) => part.pieces[kind]).join('');
  const hasKinds = parts.some((part) => part.hasKinds);
  const shared = new Map([
    ['athena.d.ts', frameTypings(target.name, parts, pieces('typings'), hasKinds, globals)],
    ['types.d.ts', frameTypes(pieces('types'))],
    ['contract.d.ts', frameContract(target.name, pieces('contract'))],
    [SUPPORT_FILE, support],
    // Its modules are those of JavaScript, whatever the package around the folder has.
    ['package.json', printJson({ private: true, type: 'module' })],
    ['catalogue.ts', emitCatalogue(target, names, schemaHash, GENERATOR_VERSION)],
    ['manifest/tree.json', printJson(tree)],
    ['manifest/operations.json', printLines(entries)],
    ['manifest/search.json', printLines(parts.flatMap((part) => part.documents))],
    ...(target.routes === undefined ? [] : ([[ROUTES_FILE, printJson(target.routes)]] as const)),
  ]);
  const outputs = new Map([...shared, ...parts.flatMap(({ files = {} }) => Object.entries(files))]);
  const own = parts.flatMap((part) => Object.entries(part.hashes));
  const joint = [...overweightTree(tree), ...overweightLayers(entries)].map(describeOverweight);
  return {
    outputs,
    hashes: new Map([...hashTexts(shared), ...own]),
    tooLarge: [...joint, ...parts.flatMap((part) => part.tooLarge)],
  };
}
