import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
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

/** The files that no thread has begun with. */
type Jobs = IterableIterator<PartJob>;
type OnPart = (done: PartDone) => void;

/** @param onDone told of each file that is done */
export function inThisThread(target: Target, onDone: () => void = () => undefined): CompileFiles {
  return (sources) => compileAll(sources, onDone, (jobs, onPart) => compileHere(target, jobs, onPart));
}

/**
 * Compiles files in as many threads as there are processors and enough to do for. This one is one of them: it would
 * only wait for the others.
 * @param onDone told of each file that is done
 */
export function inThreads(target: Target, onDone: () => void): CompileFiles {
  return async (sources) => {
    const threads = Math.min(availableParallelism(), Math.floor(sources.length / FILES_A_THREAD));
    const workers = Array.from({ length: threads - 1 }, () => startWorker(target));
    try {
      return await compileAll(sources, onDone, async (jobs, onPart) => {
        const others = workers.map((worker) => compileIn(worker, jobs, onPart));
        await Promise.all([...others, compileHere(target, jobs, onPart)]);
      });
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  };
}

async function compileAll(
  sources: readonly SourceFile[],
  onDone: () => void,
  compileJobs: (jobs: Jobs, onPart: OnPart) => Promise<void>,
): Promise<readonly CompiledFile[]> {
  if (sources.length === 0) return [];
  const files: CompiledFile[] = [];
  const jobs = sources.map((source, index): PartJob => ({ index, source })).values();
  await compileJobs(jobs, ({ index, file }) => {
    files[index] = file;
    onDone();
  });
  return files;
}

async function compileHere(target: Target, jobs: Jobs, onPart: OnPart): Promise<void> {
  const { openPartCompiler } = await import('./part.ts');
  const compilePart = await openPartCompiler(target);
  for (const { index, source } of jobs) {
    onPart({ index, file: compilePart(source) });
    // Other threads wait for their next files.
    await setImmediate();
  }
}

function compileIn(worker: Worker, jobs: Jobs, onPart: OnPart): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let running = 0;
  const feed = (): void => {
    for (; running < FILES_AT_ONCE; running += 1) {
      const { value } = jobs.next();
      if (value === undefined) break;
      worker.postMessage(value);
    }
    if (running === 0) resolve();
  };
  worker.on('message', (done: PartDone) => {
    running -= 1;
    onPart(done);
    feed();
  });
  worker.on('error', reject);
  feed();
  return promise;
}

function startWorker(target: Target): Worker {
  return new Worker(new URL('./part-worker.ts', import.meta.url), {
    workerData: target,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
  });
}
