/** Creates `setTimeout` and `clearTimeout` over `sleep`: the worker itself has no timers. */
export function createTimers(
  sleep: (ms: unknown) => Promise<void>,
  uncaught: (thrown: unknown) => void,
): Readonly<Record<'setTimeout' | 'clearTimeout', unknown>> {
  const waiting = new Set<number>();
  let last = 0;
  const fire = async (timer: number, ms: number, callback: () => unknown): Promise<void> => {
    try {
      await sleep(ms);
      if (waiting.delete(timer)) await callback();
    } catch (thrown) {
      uncaught(thrown);
    }
  };
  return {
    setTimeout: Object.freeze((callback: unknown, ms: unknown, ...args: readonly unknown[]): number => {
      if (typeof callback !== 'function') throw new TypeError('setTimeout needs a function.');
      last += 1;
      waiting.add(last);
      void fire(last, Math.max(Number(ms) || 0, 0), () => callback(...args));
      return last;
    }),
    clearTimeout: Object.freeze((timer: unknown): void => {
      if (typeof timer === 'number') waiting.delete(timer);
    }),
  };
}
