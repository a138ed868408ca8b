/**
 * Measures what must not grow with the catalogue, or not faster than it, with synthetic backends of several sizes:
 *
 *     npx node bench/scale.ts [--count 1000,3000,10000]
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { openCheck } from '../runtime/check/check.ts';
import type { Catalogue, OperationEntry } from '../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS } from '../runtime/contract/limits.ts';
import { DISCLOSURE_BYTES } from '../runtime/disclosure/disclosed.ts';
import { createDisclosure, type Disclosure, type DiscoverRequest } from '../runtime/disclosure/disclosure.ts';
import { DISCOVER_TOOL, EXECUTE_TOOL } from '../runtime/server/tool-definitions.ts';
import { type Chance, createChance } from '../test/fuzz/chance.ts';
import budgets from './budgets.json' with { type: 'json' };
import { writeBackend } from './catalogue.ts';
import { type CodegenTimes, measureCodegen } from './codegen-times.ts';
import { measure, type Series } from './measure.ts';

/** A row of the table. */
export interface ScaleFigure {
  readonly what: string;
  readonly unit: 'ms' | 'bytes' | 'tokens';
  readonly figure: number;
  /** At most so much; left out where there is no budget. */
  readonly budget?: number;
}

const NAME = 'synthetic';
const SEED = 1;
const WARM_UP = 40;
const RUNS = 200;
/** The budget of codegen is for so many operations. */
const BUDGETED = 10_000;
/** So many paths of each level are shown. */
const PATHS = 60;

interface Compiled {
  readonly catalogue: Catalogue;
  readonly times: CodegenTimes;
}

/** Writes and compiles a synthetic backend. */
export async function compileBackend(folder: string, count: number): Promise<Compiled> {
  const schemas = join(folder, `schemas-${count}`);
  const out = join(folder, `compiled-${count}`);
  await writeBackend(schemas, { name: NAME, count, seed: SEED });
  const times = measureCodegen(schemas, out);
  const { catalogue }: { readonly catalogue: Catalogue } = await import(
    pathToFileURL(join(out, 'catalogue.ts')).href
  );
  return { catalogue, times };
}

/** The type check of programs that were never seen, each with two calls in random namespaces. */
export async function measureTypeCheck(
  catalogue: Catalogue,
): Promise<{ readonly opened: number; readonly checked: Series }> {
  const start = performance.now();
  const typings = await catalogue.typings();
  const { name: rootName, operations } = catalogue;
  const check = await openCheck({ rootName, operations, typings, limits: DEFAULT_LIMITS });
  const opened = performance.now() - start;
  const programs: string[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) programs.push(await writeProgram(catalogue, run));
  const checked = await measure(WARM_UP, RUNS, async (run) => {
    const result = await check.check(programs[run] ?? '');
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
  });
  await check.close();
  return { opened, checked };
}

async function writeProgram(catalogue: Catalogue, run: number): Promise<string> {
  const chance = createChance(SEED, run);
  const calls: string[] = [];
  for (let call = 0; call < 2; call++) {
    const { id, namespace } = chance.pick(catalogue.operations);
    const parameters = (await catalogue.details(namespace))?.[id]?.examples[0]?.parameters ?? {};
    calls.push(`await ${catalogue.name}.${id}(${JSON.stringify(parameters)})`);
  }
  return `const run: number = ${run};\nreturn [run, ${calls.join(', ')}];`;
}

/** Searches in other words than the summaries have them: their words in another order, some of them missing. */
export async function measureSearch(
  catalogue: Catalogue,
): Promise<{ readonly first: number; readonly next: Series }> {
  const disclosure = openDisclosure(catalogue);
  const start = performance.now();
  await disclosure.discover({ query: 'what is there' });
  const first = performance.now() - start;
  const next = await measure(WARM_UP, RUNS, async (run) => {
    const chance = createChance(SEED, run);
    await bytesOf(disclosure, { query: writeQuery(chance, chance.pick(catalogue.operations)) });
  });
  return { first, next };
}

function writeQuery(chance: Chance, { summary, namespace }: OperationEntry): string {
  const words = summary.split(' ').filter(() => chance.happens(0.8));
  const domain = chance.happens(0.5) ? [namespace.replace(/[A-Z].*/, '')] : [];
  return [...words.slice(2), ...words.slice(0, 2), ...domain].join(' ') || summary;
}

/** The largest text of each level. */
export async function measureLevels(catalogue: Catalogue): Promise<Readonly<Record<1 | 2 | 3 | 4, number>>> {
  const disclosure = openDisclosure(catalogue);
  const { operations } = catalogue;
  const chosen = Array.from({ length: PATHS }, (_, at) => createChance(SEED, at).pick(operations));
  const largest = async (requests: readonly DiscoverRequest[]): Promise<number> => {
    let most = 0;
    for (const request of requests) most = Math.max(most, await bytesOf(disclosure, request));
    return most;
  };
  const layer = operations[0]?.layer ?? '';
  const paths = chosen.flatMap(({ id, namespace }) => [id, namespace]);
  return {
    1: await largest([{}]),
    2: await largest(
      [layer, ...chosen.map(({ namespace }) => namespace)].map((path) => ({ path, level: 2 })),
    ),
    3: await largest([layer, ...paths].map((path) => ({ path, level: 3 }))),
    4: await largest([layer, ...paths].map((path) => ({ path, level: 4 }))),
  };
}

/** The definitions of both tools, as they are in a prompt. */
export function countToolTokens(): number {
  return encode(JSON.stringify([DISCOVER_TOOL, EXECUTE_TOOL])).length;
}

function openDisclosure(catalogue: Catalogue): Disclosure {
  return createDisclosure({ catalogue, serves: () => true, rootName: catalogue.name });
}

async function bytesOf(disclosure: Disclosure, request: DiscoverRequest): Promise<number> {
  const shown = await disclosure.discover(request);
  if (!shown.ok) throw new Error(`${JSON.stringify(request)}: ${shown.message}`);
  return Buffer.byteLength(shown.text);
}

function ms(what: string, figure: number, budget?: number): ScaleFigure {
  return { what, unit: 'ms', figure, ...(budget === undefined ? {} : { budget }) };
}

/** What codegen takes for Athena's own schemas. */
function measureAthena(folder: string): readonly ScaleFigure[] {
  const schemas = join(folder, 'schemas-athena');
  cpSync(new URL('../schemas', import.meta.url), schemas, { recursive: true });
  const times = measureCodegen(schemas, join(folder, 'compiled-athena'));
  return [
    ms(budgets.codegenNothing.what, times.nothing, budgets.codegenNothing.athena),
    ms(budgets.codegenUnchanged.what, times.unchanged, budgets.codegenUnchanged.athena),
    ms('codegen after one file was changed', times.changed),
  ];
}

/** All figures of one size. */
export async function measureScale(folder: string, count: number): Promise<readonly ScaleFigure[]> {
  const { catalogue, times } = await compileBackend(folder, count);
  const types = await measureTypeCheck(catalogue);
  const search = await measureSearch(catalogue);
  const levels = await measureLevels(catalogue);
  return [
    ms(budgets.codegenNothing.what, times.nothing, count > BUDGETED ? undefined : budgets.codegenNothing.max),
    ms('the same for each operation', times.nothing / count),
    ms(budgets.codegenUnchanged.what, times.unchanged),
    ms('codegen after one file was changed', times.changed),
    ms('the check opens', types.opened),
    ms(`${budgets.scaleTypeCheck.what}, p50`, types.checked.p50, budgets.scaleTypeCheck.p50),
    ms('the same, p95', types.checked.p95),
    ms('first search, which builds the index', search.first),
    ms(`${budgets.scaleSearch.what}, p50`, search.next.p50, budgets.scaleSearch.p50),
    ms('the same, p95', search.next.p95),
    ...([1, 2, 3, 4] as const).map((level) => ({
      what: `level ${level}, the largest text of ${level === 1 ? 1 : PATHS} or more`,
      unit: 'bytes' as const,
      figure: levels[level],
      budget: DISCLOSURE_BYTES[level],
    })),
    {
      what: budgets.toolTokens.what,
      unit: 'tokens',
      figure: countToolTokens(),
      budget: budgets.toolTokens.max,
    },
  ];
}

/** A line of the table; true when the budget is kept. */
function report({ what, unit, figure, budget }: ScaleFigure): boolean {
  const kept = budget === undefined || figure <= budget;
  const shown = `${figure.toFixed(unit === 'ms' ? 2 : 0).padStart(9)} ${unit.padEnd(6)}`;
  const verdict = budget === undefined ? '' : ` ≤ ${budget} ${kept ? 'kept' : 'MISSED'}`;
  process.stdout.write(`${what.padEnd(72)} ${shown}${verdict}\n`);
  return kept;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { count: { type: 'string', default: '1000,3000,10000' } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'athena-scale-'));
  try {
    process.stdout.write('Athena\n');
    if (measureAthena(folder).map(report).includes(false)) process.exitCode = 1;
    for (const count of values.count.split(',').map(Number)) {
      process.stdout.write(`${count} operations\n`);
      const kept = (await measureScale(folder, count)).map(report);
      if (kept.includes(false)) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
