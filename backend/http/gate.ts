/** Lets a number of requests through at once. The others wait, in order. */
export class Gate {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /**
   * Waits for a place. It is to be given back.
   * @returns false, and no place, when the signal is aborted first
   */
  async enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#free > 0) {
      this.#free--;
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const pass = (): void => resolve(true);
    const leave = (): void => {
      // A place that was just given to it is its own to give back.
      if (this.#waiting.delete(pass)) resolve(false);
    };
    this.#waiting.add(pass);
    signal.addEventListener('abort', leave, { once: true });
    const entered = await promise;
    signal.removeEventListener('abort', leave);
    return entered;
  }

  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free++;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
