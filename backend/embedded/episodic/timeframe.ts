const DAY_MS = 86_400_000;

export type Timeframe = 'today' | 'yesterday' | 'this_week' | 'last_week' | 'this_month';

/** A stretch of time in ms since the epoch: `from` belongs to it, `to` does not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When the UTC day of a moment begins. */
export function startOfDay(at: number): number {
  return at - (((at % DAY_MS) + DAY_MS) % DAY_MS);
}

/** The calendar time a word stands for, in UTC; weeks begin on Monday. */
export function spanOf(timeframe: Timeframe, now: number): Span {
  const today = startOfDay(now);
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY_MS;
  switch (timeframe) {
    case 'today':
      return { from: today, to: today + DAY_MS };
    case 'yesterday':
      return { from: today - DAY_MS, to: today };
    case 'this_week':
      return { from: monday, to: monday + 7 * DAY_MS };
    case 'last_week':
      return { from: monday - 7 * DAY_MS, to: monday };
    case 'this_month': {
      const date = new Date(today);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      return { from: Date.UTC(year, month, 1), to: Date.UTC(year, month + 1, 1) };
    }
    default:
      return timeframe satisfies never;
  }
}
