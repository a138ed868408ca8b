const MINUTE_MS = 60_000;
/** Of each minute, so long are a principal's programs checked in full: some 500 of them, or three type bombs. */
const WITH_TYPES_MS = 3_000;
/** So long are they checked at all. What is left is for texts that the parser chews on: an honest one takes 1 ms. */
const AT_ALL_MS = 6_000;

interface Use {
  readonly since: number;
  readonly ms: number;
}

/**
 * Shares the one thread that checks programs: a principal that has used much of a minute is checked without
 * types, and then not before the minute is over, so that nobody's bombs keep it from the others for long.
 */
export class CheckBudget {
  readonly #uses = new Map<string, Use>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never jumps */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(principal: string, ms: number): void {
    const now = this.#now();
    for (const [name, { since }] of this.#uses) if (now - since >= MINUTE_MS) this.#uses.delete(name);
    const { since = now, ms: before = 0 } = this.#uses.get(principal) ?? {};
    this.#uses.set(principal, { since, ms: before + ms });
  }

  hasTypes(principal: string): boolean {
    return this.usedMs(principal) < WITH_TYPES_MS;
  }

  /** How long until the next program of a principal may be checked. */
  restMs(principal: string): number {
    if (this.usedMs(principal) < AT_ALL_MS) return 0;
    return MINUTE_MS - (this.#now() - (this.#uses.get(principal)?.since ?? 0));
  }

  /** Of the last minute. */
  usedMs(principal: string): number {
    const use = this.#uses.get(principal);
    return use === undefined || this.#now() - use.since >= MINUTE_MS ? 0 : use.ms;
  }
}
