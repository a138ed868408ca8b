const FIRST_MS = 50;
const LONGEST_MS = 5_000;

/**
 * For how long no worker is started after one that did not come up: twice as long after each further one, so
 * that a machine that cannot start processes is not kept busy trying.
 */
export class StartPause {
  #failures = 0;
  #since = Number.NEGATIVE_INFINITY;
  #reason = '';

  /** Why the last worker did not come up. */
  get reason(): string {
    return this.#reason;
  }

  get leftMs(): number {
    if (this.#failures === 0) return 0;
    const length = Math.min(FIRST_MS * 2 ** (this.#failures - 1), LONGEST_MS);
    return Math.max(0, this.#since + length - performance.now());
  }

  /** @param startedAt when the worker was started: several that were started together fail once */
  failed(reason: string, startedAt: number): void {
    this.#reason = reason;
    if (startedAt < this.#since) return;
    this.#failures += 1;
    this.#since = performance.now();
  }

  worked(): void {
    this.#failures = 0;
  }
}
