import { readFile } from 'node:fs/promises';
import { ATHENA } from './backend-kind.ts';
import { checkLinks } from './check-catalogue.ts';
import { emitSupport } from './emit/validators.ts';
import type { Hashes } from './hashes.ts';
import { joinParts, type Outputs } from './join-parts.ts';
import { describeMistake, sortMistakes } from './mistake.ts';
import type { Target } from './model.ts';
import type { CompiledFile } from './part.ts';
import { type CompileFiles, inThisThread } from './part-threads.ts';
import { schemaHash } from './provenance.ts';
import type { SourceFile } from './sources.ts';

/** From `generated/`. */
const RUNTIME = '../runtime/adapter/v1.ts';

const GUEST_GLOBALS = new URL('./emit/guest-globals.d.ts', import.meta.url);

export type CompileResult =
  /** `remarks` are about what is larger than a level may show: of an imported backend nobody can shorten it. */
  | {
      readonly ok: true;
      /** Without what was kept from an earlier run. */
      readonly outputs: Outputs;
      /** Of all outputs. */
      readonly hashes: Hashes;
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
  compileFiles: CompileFiles = inThisThread(target),
): Promise<CompileResult> {
  const support = emitSupport();
  const files = await compileFiles(sources);
  const problems = await problemsOf(sources, files);
  if (problems.length > 0) return { ok: false, problems };
  const parts = files.flatMap(({ part }) => part ?? []);
  const globals = await readFile(GUEST_GLOBALS, 'utf8');
  const { outputs, hashes, tooLarge } = joinParts(parts, target, schemaHash(sources), {
    globals,
    support: await support,
  });
  if (tooLarge.length > 0 && !target.isImported) return { ok: false, problems: tooLarge };
  const operations = parts.flatMap(({ entries }) => entries).length;
  return { ok: true, outputs, hashes, counts: { tools: parts.length, operations }, remarks: tooLarge };
}

async function problemsOf(
  sources: readonly SourceFile[],
  files: readonly CompiledFile[],
): Promise<readonly string[]> {
  const own = files.flatMap(({ mistakes }) => mistakes);
  const links = checkLinks(sources, files);
  if (own.length + links.length === 0) return [];
  const { locateMistakes } = await import('./load.ts');
  return sortMistakes(sources, [...own, ...locateMistakes(sources, links)]).map(describeMistake);
}
