/** Percentiles of one series of measurements, in milliseconds. */
export interface Series {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly count: number;
}

/**
 * Runs `work` one at a time, first unmeasured to warm up.
 * @param work told the number of its run, which never repeats
 */
export async function measure(
  warmUp: number,
  count: number,
  work: (run: number) => Promise<void>,
): Promise<Series> {
  for (let run = 0; run < warmUp; run++) await work(run);
  const times: number[] = [];
  for (let run = warmUp; run < warmUp + count; run++) {
    const start = performance.now();
    await work(run);
    times.push(performance.now() - start);
  }
  return summarize(times);
}

export function summarize(times: readonly number[]): Series {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), max: at(1), count: times.length };
}
