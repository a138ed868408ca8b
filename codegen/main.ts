import { enableCompileCache } from 'node:module';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { Command, CommanderError } from 'commander';
import {
  currentProvenance,
  emitProvenance,
  type Inputs,
  PROVENANCE_FILE,
  type Provenance,
  readInputs,
} from './provenance.ts';
import { readSchemaFiles, type SourceFile } from './sources.ts';
import { compareOutputs, type Drift, isOurs, readOutputs, writeOutputs } from './write.ts';

/** What codegen exits with: done; schemas wrong or output out of date; it could not do its work. */
const EXIT = { done: 0, refused: 1, failed: 2 } as const;
type Exit = (typeof EXIT)[keyof typeof EXIT];

const DIFF = 'diff';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

interface Options {
  readonly check: boolean;
  readonly schemas: string;
  readonly out: string;
}

process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  try {
    if (argv[2] === DIFF) {
      const { runDiff } = await import('./diff/command.ts');
      return await runDiff(argv.slice(3), `${REPOSITORY}schemas`);
    }
    return await run(parseOptions(argv));
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.failed;
    say('red', `codegen failed: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  }
}

function parseOptions(argv: readonly string[]): Options {
  return new Command('codegen')
    .description('Compiles operation schemas to typings, adapters, validators and the manifest.')
    .option('--check', 'write nothing; fail when the output is not what the schemas compile to', false)
    .option('--schemas <dir>', 'where the <tool>.json files are', `${REPOSITORY}schemas`)
    .option('--out <dir>', 'where the output goes', `${REPOSITORY}generated`)
    .addHelpText(
      'after',
      '\nAlso: codegen diff <old> [new] lists what changed; see codegen diff --help.\nExit codes: 0 done, 1 schemas wrong or output out of date, 2 could not do its work.',
    )
    .allowExcessArguments(false)
    .exitOverride()
    .parse(argv)
    .opts<Options>();
}

async function run({ check, schemas, out }: Options): Promise<Exit> {
  const started = performance.now();
  if (!(await isOurs(out)))
    throw new Error(`${shown(out)} has files that codegen did not write; name another --out.`);
  const sources = await readSchemaFiles(schemas);
  const inputs = await readInputs(sources);
  const present = await readOutputs(out);
  const current = check ? undefined : currentProvenance(inputs, present);
  if (current !== undefined) {
    say('green', `${shown(out)} is up to date: ${countsOf(current)} (${since(started)})`);
    return EXIT.done;
  }
  const compiled = await compileSources(sources, inputs);
  if (!compiled.ok) {
    for (const problem of compiled.problems) process.stderr.write(`${problem}\n\n`);
    say('red', `${plural(compiled.problems.length, 'mistake')} in ${shown(schemas)}; nothing was written.`);
    return EXIT.refused;
  }
  const drift = compareOutputs(compiled.outputs, present);
  if (check) return reportDrift(drift, shown(out));
  await writeOutputs(out, compiled.outputs, drift);
  const written = plural(drift.missing.length + drift.different.length, 'file');
  const removed = drift.stale.length === 0 ? '' : `, removed ${drift.stale.length}`;
  say('green', `Wrote ${written}${removed} in ${shown(out)}: ${compiled.counts} (${since(started)})`);
  return EXIT.done;
}

type Compiled =
  | { readonly ok: true; readonly outputs: ReadonlyMap<string, string>; readonly counts: string }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Loads the compiler, which takes its time, only when there is something to compile. */
async function compileSources(sources: readonly SourceFile[], inputs: Inputs): Promise<Compiled> {
  enableCompileCache();
  process.stderr.write(`Compiling ${plural(sources.length, 'schema file')} …\n`);
  const { compile } = await import('./compile.ts');
  const result = await compile(sources);
  if (!result.ok) return result;
  const provenance = emitProvenance(inputs, result.counts, result.outputs);
  const outputs = new Map([...result.outputs, [PROVENANCE_FILE, provenance]]);
  return { ok: true, outputs, counts: countsOf(result) };
}

function reportDrift(drift: Drift, folder: string): Exit {
  const kinds = Object.entries(drift).flatMap(([kind, paths]: [string, readonly string[]]) =>
    paths.map((path) => `  ${kind.padEnd(9)} ${folder}/${path}`),
  );
  if (kinds.length === 0) {
    say('green', `${folder} is what the schemas compile to.`);
    return EXIT.done;
  }
  process.stderr.write(`${kinds.join('\n')}\n`);
  say('red', `${plural(kinds.length, 'file')} out of date; run: npm run codegen`);
  return EXIT.refused;
}

function countsOf({ counts }: Pick<Provenance, 'counts'>): string {
  return `${plural(counts.tools, 'tool')}, ${plural(counts.operations, 'operation')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function since(started: number): string {
  return `${Math.round(performance.now() - started)} ms`;
}

function shown(path: string): string {
  const short = relative(process.cwd(), resolve(path));
  return short === '' || short.startsWith('..') ? resolve(path) : short;
}

/** Writes a last line: what went well to stdout, the rest to stderr; in colour on a terminal. */
function say(colour: 'green' | 'red', text: string): void {
  const stream = colour === 'green' ? process.stdout : process.stderr;
  stream.write(`${styleText(colour, text, { stream })}\n`);
}
