import { rounded } from '../rounded.ts';
import type { ExecutionRow } from './tables.ts';

/** How well a procedure works, by its recorded executions. */
export interface Effectiveness {
  /** Successes among the finished executions; null when none is finished. Partial success is none. */
  readonly successRate: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly medianDurationMs: number | null;
  readonly trend: 'improving' | 'declining' | 'stable' | 'unknown';
}

/** From so many finished executions on their halves are compared. */
const MIN_FOR_TREND = 4;
/** A difference of the halves' success rates below this is chance. */
const TREND_DIFFERENCE = 0.15;
/** Two-sided 95 % of the normal distribution. */
const Z = 1.96;

/** @param executions oldest first */
export function measure(executions: readonly ExecutionRow[]): Effectiveness {
  const finished = executions.filter(({ outcome }) => outcome !== 'ongoing');
  const successes = finished.filter(({ outcome }) => outcome === 'success').length;
  const rate = finished.length === 0 ? null : successes / finished.length;
  return {
    successRate: rate === null ? null : rounded(rate),
    interval: finished.length === 0 ? null : wilsonInterval(successes, finished.length),
    medianDurationMs: medianDuration(executions),
    trend: trendOf(finished),
  };
}

/**
 * The Wilson score interval of a rate at 95 % (E. B. Wilson, 1927): honest for few trials, where 2 of 2 is no
 * certainty.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
): { readonly low: number; readonly high: number } {
  const rate = successes / trials;
  const scale = 1 + Z ** 2 / trials;
  const centre = (rate + Z ** 2 / (2 * trials)) / scale;
  const margin = (Z * Math.sqrt((rate * (1 - rate)) / trials + Z ** 2 / (4 * trials ** 2))) / scale;
  return { low: rounded(Math.max(0, centre - margin)), high: rounded(Math.min(1, centre + margin)) };
}

/** The middle of the durations that are known, the lower one of two; null when none is. */
export function medianDuration(executions: readonly ExecutionRow[]): number | null {
  const durations = executions.flatMap(({ duration_ms }) => (duration_ms === null ? [] : [duration_ms]));
  return durations.toSorted((a, b) => a - b)[Math.floor((durations.length - 1) / 2)] ?? null;
}

function trendOf(finished: readonly ExecutionRow[]): Effectiveness['trend'] {
  if (finished.length < MIN_FOR_TREND) return 'unknown';
  const middle = Math.floor(finished.length / 2);
  const difference = shareOfSuccess(finished.slice(middle)) - shareOfSuccess(finished.slice(0, middle));
  if (Math.abs(difference) < TREND_DIFFERENCE) return 'stable';
  return difference > 0 ? 'improving' : 'declining';
}

function shareOfSuccess(executions: readonly ExecutionRow[]): number {
  return executions.filter(({ outcome }) => outcome === 'success').length / executions.length;
}
