/** What every fuzzer is told. */
export interface FuzzOptions {
  readonly seed: number;
  /** The index of the first input; 0 when left out. */
  readonly first?: number;
  /** How many inputs to make. */
  readonly count: number;
  /** How many findings are enough; 5 when left out. */
  readonly enough?: number;
  /** How often a finding is tried again to make it smaller; not at all when 0. */
  readonly shrinkTries?: number;
  /** Ends the fuzzer early, when its time is over. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: FuzzReport) => void;
}

/** Something that must not be. */
export interface Finding {
  readonly index: number;
  readonly what: readonly string[];
  /** The input, as small as it could be made. */
  readonly input: string;
  /** The arguments of `npm run fuzz --` that make exactly this input again. */
  readonly repeat: string;
}

/** What a fuzzer came to. */
export interface FuzzReport {
  /** Inputs tried. */
  readonly done: number;
  /** How many inputs came to what. */
  readonly tally: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** A report while it is being written. */
export interface Draft extends FuzzReport {
  done: number;
  readonly tally: Record<string, number>;
  readonly findings: Finding[];
}

const ENOUGH = 5;

export const openDraft = (): Draft => ({ done: 0, tally: {}, findings: [] });

export function count(draft: Draft, what: string, times = 1): void {
  draft.tally[what] = (draft.tally[what] ?? 0) + times;
}

/** The index of the next input; undefined when there is to be no other. */
export function nextIndex(draft: Draft, options: FuzzOptions): number | undefined {
  const { first = 0, count, enough = ENOUGH, signal } = options;
  const isOver = draft.done >= count || signal?.aborted === true || draft.findings.length >= enough;
  return isOver ? undefined : first + draft.done;
}
