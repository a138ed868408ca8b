const HOUR_MS = 3_600_000;

/**
 * Tells whether the time of day can be relied on. It cannot for an hour after it moved otherwise than time passed,
 * since whoever set the clock may have set it wrong: what goes by age would go for good.
 * @param timeOfDay in ms
 * @param elapsed in ms, from any beginning; never jumps
 */
export function createClockWatch(timeOfDay = Date.now, elapsed = () => performance.now()): () => boolean {
  const difference = (): number => timeOfDay() - elapsed();
  let last = difference();
  let jumpedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = difference();
    if (Math.abs(now - last) > HOUR_MS) jumpedAt = elapsed();
    last = now;
    return elapsed() - jumpedAt >= HOUR_MS;
  };
}
