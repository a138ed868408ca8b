import type { Folder } from './folders.ts';
import { type Hashes, hashText } from './hashes.ts';
import type { Outputs } from './join-parts.ts';
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
  readProvenance,
  recordedHashes,
} from './provenance.ts';
import { EXIT, type Exit, plural, say, sayUpToDate, shown, since } from './say.ts';
import { readSchemaFiles, type SourceFile } from './sources.ts';
import { compareOutputs, type Drift, hashOutputs, isOurs, recoverOutputs, writeOutputs } from './write.ts';

/** What compiling a folder came to. */
export type Compilation =
  | { readonly exit: typeof EXIT.done; readonly counts: string; readonly isWritten: boolean }
  | { readonly exit: typeof EXIT.refused };

/**
 * Compiles one folder.
 * @param store what its files came to in earlier runs
 * @param knownPlace the place of its output folder, when that is known to hold what its provenance tells
 */
export async function compileFolder(
  folder: Folder,
  store: PartStore,
  knownPlace?: string,
): Promise<Compilation> {
  const { schemas, out, target } = folder;
  const started = performance.now();
  await recoverOutputs(out);
  await refuseOthers(out);
  const sources = await readSchemaFiles(schemas);
  const inputs = await readInputs(sources, target);
  const provenance = await readProvenance(out);
  const hashes = knownPlace === undefined ? undefined : recordedHashes(provenance);
  const present =
    knownPlace === undefined || hashes === undefined ? await hashOutputs(out) : { place: knownPlace, hashes };
  const current = currentProvenance(inputs, provenance, present.hashes);
  if (current !== undefined) {
    const counts = countsOf(current);
    sayUpToDate(out, counts, started);
    return { exit: EXIT.done, counts, isWritten: false };
  }
  const kept = withStore(store, inputs, present.hashes);
  const compiled = await compileSources(sources, inputs, folder, kept);
  if (!compiled.ok) return { exit: EXIT.refused };
  const drift = await writeOutputs(out, compiled.outputs, { hashes: compiled.hashes, present });
  const written = plural(drift.missing.length + drift.different.length, 'file');
  const removed = drift.stale.length === 0 ? '' : `, removed ${drift.stale.length}`;
  say('green', `Wrote ${written}${removed} in ${shown(out)}: ${compiled.counts} (${since(started)})`);
  return { exit: EXIT.done, counts: compiled.counts, isWritten: true };
}

/** Compares what a folder compiles to, all of it, with what is there. */
export async function checkFolder(folder: Folder): Promise<Exit> {
  const { schemas, out, target } = folder;
  await refuseOthers(out);
  const sources = await readSchemaFiles(schemas);
  const { hashes } = await hashOutputs(out);
  const compiled = await compileSources(sources, await readInputs(sources, target), folder);
  return compiled.ok ? reportDrift(compareOutputs(compiled.hashes, hashes), shown(out)) : EXIT.refused;
}

async function refuseOthers(out: string): Promise<void> {
  if (!(await isOurs(out)))
    throw new Error(`${shown(out)} has files that codegen did not write; name another --out.`);
}

type Compiled =
  | { readonly ok: true; readonly outputs: Outputs; readonly hashes: Hashes; readonly counts: string }
  | { readonly ok: false };

/** Loads the compiler, which takes its time, only when there is something to compile. Says what is wrong. */
async function compileSources(
  sources: readonly SourceFile[],
  inputs: Inputs,
  { schemas, target }: Folder,
  keeping: (compileFiles: CompileFiles) => CompileFiles = (compileFiles) => compileFiles,
): Promise<Compiled> {
  const { compile } = await import('./compile.ts');
  const bar = openProgressBar(process.stderr);
  const compileFiles: CompileFiles = async (files) => {
    bar.start(`Compiling ${plural(files.length, 'schema file')} …`, files.length);
    return inThreads(target, bar.step)(files);
  };
  const result = await compile(sources, target, keeping(compileFiles)).finally(bar.end);
  if (!result.ok) {
    for (const problem of result.problems) process.stderr.write(`${problem}\n\n`);
    say('red', `${plural(result.problems.length, 'mistake')} in ${shown(schemas)}; nothing was written.`);
    return result;
  }
  for (const remark of result.remarks)
    process.stderr.write(`Larger than agents are shown at once: ${remark}\n`);
  const provenance = emitProvenance(inputs, result.counts, result.hashes);
  const outputs = new Map([...result.outputs, [PROVENANCE_FILE, provenance]]);
  const hashes = new Map([...result.hashes, [PROVENANCE_FILE, hashText(provenance)]]);
  return { ok: true, outputs, hashes, counts: countsOf(result) };
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
