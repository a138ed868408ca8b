import fc from 'fast-check';
import { count, type FuzzOptions, type FuzzReport, nextIndex, openDraft } from './fuzzer.ts';

/** One thing to try. */
export interface Trial {
  /** What came of it, for the tally. */
  readonly end: string;
  readonly fault?: string | undefined;
}

interface PropertyFuzz<T> {
  /** What `npm run fuzz --` knows it by. */
  readonly name: string;
  readonly inputs: fc.Arbitrary<T>;
  readonly attempt: (input: T) => Promise<Trial>;
  readonly show: (input: T) => string;
  /** How many are tried side by side. */
  readonly abreast?: number;
}

const SHRINK_MS = 30_000;

/** Tries inputs that fast-check makes, each from a seed of its own, and lets it shrink what fails. */
export async function fuzzProperty<T>(options: FuzzOptions, fuzz: PropertyFuzz<T>): Promise<FuzzReport> {
  const { name, inputs, attempt, show, abreast = 1 } = fuzz;
  const draft = openDraft();
  const attemptOne = async (index: number): Promise<void> => {
    let isShrinking = false;
    const property = fc.asyncProperty(inputs, async (input) => {
      const { end, fault } = await attempt(input);
      if (!isShrinking) count(draft, end);
      if (fault === undefined) return;
      isShrinking = true;
      throw new Error(fault);
    });
    const { failed, counterexample, errorInstance } = await fc.check(property, {
      seed: seedOf(options.seed, index),
      numRuns: 1,
      endOnFailure: options.shrinkTries === 0,
      interruptAfterTimeLimit: SHRINK_MS,
    });
    if (!failed || counterexample === null) return;
    const what = [errorInstance instanceof Error ? errorInstance.message : String(errorInstance)];
    const repeat = `${name} --seed ${options.seed} --only ${index}`;
    draft.findings.push({ index, what, input: show(counterexample[0]), repeat });
  };
  for (;;) {
    const batch: Promise<void>[] = [];
    while (batch.length < abreast) {
      const index = nextIndex(draft, options);
      if (index === undefined) break;
      draft.done += 1;
      batch.push(attemptOne(index));
    }
    if (batch.length === 0) return draft;
    await Promise.all(batch);
    options.onProgress?.(draft);
  }
}

/** A 32-bit integer, as fast-check wants its seeds. */
const seedOf = (seed: number, index: number): number =>
  (Math.imul(seed, 0x9e3779b1) + Math.imul(index, 0x85ebca6b)) | 0;
