import { enableCompileCache } from 'node:module';
import type { Folder } from './folders.ts';
import type { Target } from './model.ts';
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

/** Compiles one folder, or with `check` compares what it compiles to with what is there. */
export async function compileFolder({ schemas, out, target }: Folder, check: boolean): Promise<Exit> {
  const started = performance.now();
  if (!check) await recoverOutputs(out);
  if (!(await isOurs(out)))
    throw new Error(`${shown(out)} has files that codegen did not write; name another --out.`);
  const sources = await readSchemaFiles(schemas);
  const inputs = await readInputs(sources, target);
  const present = await readOutputs(out);
  const current = check ? undefined : currentProvenance(inputs, present);
  if (current !== undefined) {
    say('green', `${shown(out)} is up to date: ${countsOf(current)} (${since(started)})`);
    return EXIT.done;
  }
  const compiled = await compileSources(sources, inputs, target);
  if (!compiled.ok) {
    for (const problem of compiled.problems) process.stderr.write(`${problem}\n\n`);
    say('red', `${plural(compiled.problems.length, 'mistake')} in ${shown(schemas)}; nothing was written.`);
    return EXIT.refused;
  }
  if (check) return reportDrift(compareOutputs(compiled.outputs, present), shown(out));
  const drift = await writeOutputs(out, compiled.outputs);
  const written = plural(drift.missing.length + drift.different.length, 'file');
  const removed = drift.stale.length === 0 ? '' : `, removed ${drift.stale.length}`;
  say('green', `Wrote ${written}${removed} in ${shown(out)}: ${compiled.counts} (${since(started)})`);
  return EXIT.done;
}

type Compiled =
  | { readonly ok: true; readonly outputs: ReadonlyMap<string, string>; readonly counts: string }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Loads the compiler, which takes its time, only when there is something to compile. */
async function compileSources(
  sources: readonly SourceFile[],
  inputs: Inputs,
  target: Target,
): Promise<Compiled> {
  enableCompileCache();
  process.stderr.write(`Compiling ${plural(sources.length, 'schema file')} …\n`);
  const { compile } = await import('./compile.ts');
  const result = await compile(sources, target);
  if (!result.ok) return result;
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
