/** The time limit of one run. It can stand still. */
export class RunClock {
  readonly #onOver: () => void;
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #stoodMs = 0;
  #standsSince: number | undefined;

  /** @param onOver called once the run has had `ms` */
  constructor(ms: number, onOver: () => void) {
    this.#leftMs = ms;
    this.#onOver = onOver;
  }

  /** For how long it has stood still, in ms. */
  get stoodMs(): number {
    return this.#stoodMs + (this.#standsSince === undefined ? 0 : performance.now() - this.#standsSince);
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#onOver, this.#leftMs);
  }

  /** Nothing happens when it stands still already. */
  pause(): void {
    if (this.#timer === undefined) return;
    const now = performance.now();
    this.#clear();
    this.#leftMs = Math.max(0, this.#leftMs - (now - this.#startedAt));
    this.#standsSince = now;
  }

  /** Nothing happens when it runs. */
  resume(): void {
    if (this.#standsSince === undefined) return;
    this.#stoodMs = this.stoodMs;
    this.#standsSince = undefined;
    this.start();
  }

  /** For good. */
  stop(): void {
    this.#clear();
    this.#stoodMs = this.stoodMs;
    this.#standsSince = undefined;
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
