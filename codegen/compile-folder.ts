import { enableCompileCache } from 'node:module';
import type { Folder } from './folders.ts';
import { type PartStore, withStore } from './part-store.ts';
import { type CompileFiles, inThreads } from './part-threads.ts';
import { openProgressBar } from './progress-bar.ts';
import {
  currentProvenance,
  emitProvenance,
  type Inputs,
  PROVENANCE_FILE,
  type Provenance,
  readInputs,
} from './provenance.ts';
import { EXIT, type Exit, plural, say, shown } from './say.ts';
import { readSchemaFiles, type SourceFile } from './sources.ts';
import { compareOutputs, type Drift, isOurs, readOutputs, recoverOutputs, writeOutputs } from './write.ts';

/**
 * Compiles one folder.
 * @param store what its files came to in earlier runs; left out: all of them are compiled
 */
export async function compileFolder(folder: Folder, store?: PartStore): Promise<Exit> {
  const { schemas, out, target } = folder;
  const started = performance.now();
  await recoverOutputs(out);
  await refuseOthers(out);
  const sources = await readSchemaFiles(schemas);
  const inputs = await readInputs(sources, target);
  const current = currentProvenance(inputs, await readOutputs(out));
  if (current !== undefined) {
    say('green', `${shown(out)} is up to date: ${countsOf(current)} (${since(started)})`);
    return EXIT.done;
  }
  const compiled = await compileSources(sources, inputs, folder, store);
  if (!compiled.ok) return EXIT.refused;
  const drift = await writeOutputs(out, compiled.outputs);
  const written = plural(drift.missing.length + drift.different.length, 'file');
  const removed = drift.stale.length === 0 ? '' : `, removed ${drift.stale.length}`;
  say('green', `Wrote ${written}${removed} in ${shown(out)}: ${compiled.counts} (${since(started)})`);
  return EXIT.done;
}

/** Compares what a folder compiles to, all of it, with what is there. */
export async function checkFolder(folder: Folder): Promise<Exit> {
  const { schemas, out, target } = folder;
  await refuseOthers(out);
  const sources = await readSchemaFiles(schemas);
  const present = await readOutputs(out);
  const compiled = await compileSources(sources, await readInputs(sources, target), folder);
  return compiled.ok ? reportDrift(compareOutputs(compiled.outputs, present), shown(out)) : EXIT.refused;
}

async function refuseOthers(out: string): Promise<void> {
  if (!(await isOurs(out)))
    throw new Error(`${shown(out)} has files that codegen did not write; name another --out.`);
}

type Compiled =
  | { readonly ok: true; readonly outputs: ReadonlyMap<string, string>; readonly counts: string }
  | { readonly ok: false };

/** Loads the compiler, which takes its time, only when there is something to compile. Says what is wrong. */
async function compileSources(
  sources: readonly SourceFile[],
  inputs: Inputs,
  { schemas, target }: Folder,
  store?: PartStore,
): Promise<Compiled> {
  enableCompileCache();
  const { compile } = await import('./compile.ts');
  const bar = openProgressBar(process.stderr);
  const compileFiles: CompileFiles = async (files) => {
    bar.start(`Compiling ${plural(files.length, 'schema file')} …`, files.length);
    return inThreads(target, bar.step)(files);
  };
  const result = await compile(
    sources,
    target,
    store === undefined ? compileFiles : withStore(store, inputs, compileFiles),
  ).finally(bar.end);
  if (!result.ok) {
    for (const problem of result.problems) process.stderr.write(`${problem}\n\n`);
    say('red', `${plural(result.problems.length, 'mistake')} in ${shown(schemas)}; nothing was written.`);
    return result;
  }
  for (const remark of result.remarks)
    process.stderr.write(`Larger than agents are shown at once: ${remark}\n`);
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

function since(started: number): string {
  return `${Math.round(performance.now() - started)} ms`;
}
