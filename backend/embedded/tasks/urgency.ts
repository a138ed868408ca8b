import { rounded } from '../rounded.ts';

const MS_PER_DAY = 86_400_000;

/** What makes a task or a goal urgent. */
export interface UrgencyFactors {
  /** How much it matters, above 0. */
  readonly weight: number;
  readonly weightReason: string;
  /** 0 to 100. */
  readonly progressPercent: number;
  readonly createdAt: number;
  readonly dueAt: number | null;
  readonly blocked: boolean;
}

export interface Urgency {
  readonly score: number;
  /** One a factor, in the order in which they are multiplied. */
  readonly reasons: readonly string[];
}

/**
 * The product of what speaks for doing a thing now: weight × progress (up to 1.5: what is nearly done is best
 * finished) × age (up to 1.5 after 30 days) × due date (2 when due, 1.5 a day before, 1 without one) × 0.5 when blocked.
 */
export function computeUrgency(factors: UrgencyFactors, now: number): Urgency {
  const ageDays = Math.max(0, now - factors.createdAt) / MS_PER_DAY;
  const parts: (readonly [number, string])[] = [
    [factors.weight, factors.weightReason],
    [1 + factors.progressPercent / 200, `${factors.progressPercent} % done`],
    [1 + Math.min(ageDays / 60, 0.5), `${Math.floor(ageDays)} days old`],
  ];
  if (factors.dueAt !== null) {
    const daysLeft = Math.max(0, factors.dueAt - now) / MS_PER_DAY;
    parts.push([1 + 1 / (1 + daysLeft), `due ${new Date(factors.dueAt).toISOString()}`]);
  }
  if (factors.blocked) parts.push([0.5, 'blocked']);
  return {
    score: rounded(parts.reduce((product, [factor]) => product * factor, 1)),
    reasons: parts.map(([factor, reason]) => `${reason} (× ${rounded(factor)})`),
  };
}
