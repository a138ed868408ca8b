import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Target } from './model.ts';
import type { CompiledFile } from './part.ts';
import type { SourceFile } from './sources.ts';

/** To the thread: a schema file, and its place among all of them. */
export interface PartJob {
  readonly index: number;
  readonly source: SourceFile;
}

/** From the thread. */
export interface PartDone {
  readonly index: number;
  readonly file: CompiledFile;
}

/** The entry of a thread that compiles schema files: the compile cache first, then everything that it speeds up. */
enableCompileCache();
const { openPartCompiler } = await import('./part.ts');
const compilePart = await openPartCompiler(workerData as Target);
parentPort?.on('message', ({ index, source }: PartJob) => {
  parentPort?.postMessage({ index, file: compilePart(source) } satisfies PartDone);
});
