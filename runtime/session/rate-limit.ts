const MINUTE_MS = 60_000;

/** Allows a principal so many executions in any 60 seconds. */
export interface RateLimit {
  /** Counts one execution, or says in how many ms the next one is allowed. */
  take(principal: string): { readonly ok: true } | { readonly ok: false; readonly retryInMs: number };
}

/**
 * @param perMinute executions allowed in any 60 seconds
 * @param now in ms; must not jump, as the time of day does when the clock is set
 */
export function createRateLimit(perMinute: number, now = () => performance.now()): RateLimit {
  const taken = new Map<string, number[]>();
  return {
    take: (principal) => {
      const time = now();
      const recent = (taken.get(principal) ?? []).filter((at) => time - at < MINUTE_MS);
      taken.set(principal, recent);
      const oldest = recent[0];
      if (recent.length >= perMinute && oldest !== undefined) {
        return { ok: false, retryInMs: MINUTE_MS - (time - oldest) };
      }
      recent.push(time);
      return { ok: true };
    },
  };
}
