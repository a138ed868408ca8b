import type { Tenant } from '../contract/sandbox.ts';

/** How many runs a principal has, and of these its session: compared in this order. */
type Share = readonly [ofPrincipal: number, ofSession: number];

/**
 * Who runs and who waits. Whoever holds the fewest places is served first, ties in order of arrival. The last
 * place goes only to a principal that holds none, and the last but one only to such a session, so that
 * nobody's runs keep a newcomer out; there is always one place for all, however few there are. Of too many
 * that wait, the newest of whoever has the most waiting leaves.
 */
export class FairQueue<Run extends { readonly tenant: Tenant }> {
  readonly #places: number;
  readonly #length: number;
  /** In order of arrival. */
  readonly #queue: Run[] = [];
  readonly #held = new Census();
  readonly #waiting = new Census();

  /**
   * @param places how many may run at once
   * @param length how many may wait
   */
  constructor(places: number, length: number) {
    this.#places = places;
    this.#length = length;
  }

  join(run: Run): void {
    this.#queue.push(run);
    this.#waiting.add(run.tenant, 1);
  }

  /** Gives a place to the run whose turn it is, if any may have one. */
  next(): Run | undefined {
    const candidates = this.#queue.filter(({ tenant }) => this.#mayTake(tenant));
    const [first, ...others] = candidates;
    if (first === undefined) return undefined;
    const share = (run: Run): Share => this.#held.of(run.tenant);
    const chosen = others.reduce((best, run) => (isLess(share(run), share(best)) ? run : best), first);
    this.leave(chosen);
    this.#held.add(chosen.tenant, 1);
    return chosen;
  }

  /** Gives a place back. */
  release(tenant: Tenant): void {
    this.#held.add(tenant, -1);
  }

  /** Takes a run out of the queue; false when it is not in it. */
  leave(run: Run): boolean {
    const at = this.#queue.indexOf(run);
    if (at === -1) return false;
    this.#queue.splice(at, 1);
    this.#waiting.add(run.tenant, -1);
    return true;
  }

  /** Takes out the run that has to go, if too many wait. */
  overflow(): Run | undefined {
    const [first, ...others] = this.#queue;
    if (first === undefined || this.#queue.length <= this.#length) return undefined;
    const share = (run: Run): Share => this.#waiting.of(run.tenant);
    const newest = others.reduce((most, run) => (isLess(share(run), share(most)) ? most : run), first);
    this.leave(newest);
    return newest;
  }

  /** Takes all out. */
  clear(): readonly Run[] {
    const all = [...this.#queue];
    for (const run of all) this.leave(run);
    return all;
  }

  #mayTake(tenant: Tenant): boolean {
    const [ofPrincipal, ofSession] = this.#held.of(tenant);
    const kept = Number(ofPrincipal > 0) + Number(ofSession > 0);
    const free = this.#places - this.#held.total;
    return free > Math.min(kept, this.#places - 1);
  }
}

/** Counts runs by principal and session. */
class Census {
  readonly #principals = new Map<string, Map<string, number>>();
  total = 0;

  add({ principal, session }: Tenant, change: 1 | -1): void {
    this.total += change;
    const sessions = this.#principals.get(principal) ?? new Map<string, number>();
    const count = (sessions.get(session) ?? 0) + change;
    if (count > 0) sessions.set(session, count);
    else sessions.delete(session);
    if (sessions.size > 0) this.#principals.set(principal, sessions);
    else this.#principals.delete(principal);
  }

  of({ principal, session }: Tenant): Share {
    const sessions = this.#principals.get(principal);
    const ofPrincipal = [...(sessions?.values() ?? [])].reduce((sum, count) => sum + count, 0);
    return [ofPrincipal, sessions?.get(session) ?? 0];
  }
}

function isLess([principal, session]: Share, [otherPrincipal, otherSession]: Share): boolean {
  return principal === otherPrincipal ? session < otherSession : principal < otherPrincipal;
}
