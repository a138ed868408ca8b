import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Target } from './model.ts';
import type { CompiledFile } from './part.ts';
import type { PartDone, PartJob } from './part-worker.ts';
import type { SourceFile } from './sources.ts';

/** A thread takes a while to load the compiler: it is not worth it for fewer files. */
const FILES_A_THREAD = 12;
/** Files given to a thread at once: it has the next when it is done with one. */
const FILES_AT_ONCE = 2;

/** What one file leaves behind is garbage at once: with more room it is collected less often, which saves a tenth. */
const YOUNG_HEAP_MB = 64;

/** Compiles each of some schema files by itself, in their order. */
export type CompileFiles = (sources: readonly SourceFile[]) => Promise<readonly CompiledFile[]>;

/** @param onDone told of each file that is done */
export function inThisThread(target: Target, onDone: () => void = () => undefined): CompileFiles {
  return async (sources) => {
    if (sources.length === 0) return [];
    const { openPartCompiler } = await import('./part.ts');
    const compilePart = await openPartCompiler(target);
    return sources.map((source) => {
      const file = compilePart(source);
      onDone();
      return file;
    });
  };
}

/**
 * Compiles files in as many threads as there are processors and enough to do for, or in this one.
 * @param onDone told of each file that is done
 */
export function inThreads(target: Target, onDone: () => void): CompileFiles {
  return async (sources) => {
    const threads = Math.min(availableParallelism(), Math.floor(sources.length / FILES_A_THREAD));
    if (threads < 2) return inThisThread(target, onDone)(sources);
    const workers = Array.from({ length: threads }, () => startWorker(target));
    const files: CompiledFile[] = [];
    const jobs = sources.map((source, index): PartJob => ({ index, source })).values();
    let left = sources.length;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    for (const worker of workers) {
      const feed = (): void => {
        const { value } = jobs.next();
        if (value !== undefined) worker.postMessage(value);
      };
      worker.on('message', ({ index, file }: PartDone) => {
        files[index] = file;
        onDone();
        feed();
        left -= 1;
        if (left === 0) resolve();
      });
      worker.on('error', reject);
      for (let job = 0; job < FILES_AT_ONCE; job += 1) feed();
    }
    try {
      await promise;
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
    return files;
  };
}

/** Without the flag Node looks through the nine megabytes of the TypeScript compiler for a module's syntax. */
function startWorker(target: Target): Worker {
  return new Worker(new URL('./part-worker.ts', import.meta.url), {
    workerData: target,
    execArgv: ['--no-experimental-detect-module'],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
  });
}
