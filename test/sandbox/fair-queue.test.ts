import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Tenant } from '../../runtime/contract/sandbox.ts';
import { FairQueue } from '../../runtime/sandbox/fair-queue.ts';

interface Run {
  readonly number: number;
  readonly tenant: Tenant;
}

type Step = { readonly join: Tenant } | { readonly finish: number } | { readonly cancel: number };

const tenants = fc.record({
  principal: fc.constantFrom('ann', 'bob', 'eve'),
  session: fc.constantFrom('a', 'b'),
});
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ join: tenants }) },
    { weight: 2, arbitrary: fc.record({ finish: fc.nat(7) }) },
    { weight: 1, arbitrary: fc.record({ cancel: fc.nat(7) }) },
  ),
  { maxLength: 80 },
);
const sizes = fc.record({ places: fc.integer({ min: 1, max: 5 }), length: fc.nat(6) });

/** A queue in use, and beside it what has become of every run. */
class Desk {
  readonly queue: FairQueue<Run>;
  readonly places: number;
  waiting: readonly Run[] = [];
  running: readonly Run[] = [];
  refused: readonly Run[] = [];
  joined = 0;
  ended = 0;

  constructor({ places, length }: { readonly places: number; readonly length: number }) {
    this.queue = new FairQueue(places, length);
    this.places = places;
  }

  join(tenant: Tenant): Run {
    this.joined += 1;
    const run = { number: this.joined, tenant };
    this.queue.join(run);
    this.waiting = [...this.waiting, run];
    this.serve();
    const surplus = this.queue.overflow();
    if (surplus !== undefined) {
      this.assertMostWaiting(surplus);
      this.waiting = without(this.waiting, surplus);
      this.refused = [...this.refused, surplus];
    }
    return run;
  }

  finish(index: number): void {
    const run = this.running[index % this.running.length];
    if (run === undefined) return;
    this.running = without(this.running, run);
    this.ended += 1;
    this.queue.release(run.tenant);
    this.serve();
  }

  cancel(index: number): void {
    const run = this.waiting[index % this.waiting.length];
    if (run === undefined) return;
    assert.equal(this.queue.leave(run), true);
    this.waiting = without(this.waiting, run);
    this.ended += 1;
    this.serve();
  }

  take(step: Step): void {
    if ('join' in step) this.join(step.join);
    else if ('finish' in step) this.finish(step.finish);
    else this.cancel(step.cancel);
  }

  serve(): void {
    for (let run = this.queue.next(); run !== undefined; run = this.queue.next()) {
      this.assertTurn(run);
      this.waiting = without(this.waiting, run);
      this.running = [...this.running, run];
    }
  }

  /** Nobody who holds less, or as much and came before, was passed over for it, unless a place is kept from him. */
  assertTurn(run: Run): void {
    const own = share(this.running, run);
    for (const other of this.waiting) {
      const others = share(this.running, other);
      const isFirst = compare(others, own) || (other.number < run.number && !compare(own, others));
      if (isFirst)
        assert.ok(others[0] > 0, `${JSON.stringify(other)} was passed over for ${JSON.stringify(run)}`);
    }
  }

  assertMostWaiting(run: Run): void {
    const own = share(this.waiting, run);
    for (const other of this.waiting) {
      assert.equal(compare(own, share(this.waiting, other)), false, 'one with fewer waiting had to leave');
      if (other.number > run.number) assert.notDeepEqual(share(this.waiting, other), own, 'not the newest');
    }
  }
}

const without = (runs: readonly Run[], run: Run): readonly Run[] => runs.filter((other) => other !== run);

function share(runs: readonly Run[], { tenant }: Run): readonly [number, number] {
  const ofPrincipal = runs.filter((run) => run.tenant.principal === tenant.principal);
  return [ofPrincipal.length, ofPrincipal.filter((run) => run.tenant.session === tenant.session).length];
}

function compare(one: readonly [number, number], other: readonly [number, number]): boolean {
  return one[0] === other[0] ? one[1] < other[1] : one[0] < other[0];
}

test('whoever holds the fewest places is served first, and whoever has the most waiting is refused first', () => {
  fc.assert(
    fc.property(sizes, steps, (size, taken) => {
      const desk = new Desk(size);
      for (const step of taken) {
        desk.take(step);
        assert.ok(desk.running.length <= size.places, 'more run than there are places');
        assert.ok(desk.waiting.length <= size.length, 'more wait than may');
        assert.equal(
          desk.running.length + desk.waiting.length + desk.refused.length + desk.ended,
          desk.joined,
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('no principal ever holds all places, and no session all but one, where there are enough', () => {
  fc.assert(
    fc.property(sizes, steps, (size, taken) => {
      const desk = new Desk(size);
      for (const step of taken) {
        desk.take(step);
        for (const run of desk.running) {
          const [ofPrincipal, ofSession] = share(desk.running, run);
          assert.ok(ofPrincipal <= Math.max(1, size.places - 1), `${ofPrincipal} of ${size.places}`);
          assert.ok(ofSession <= Math.max(1, size.places - 2), `${ofSession} of ${size.places}`);
        }
      }
    }),
  );
});

test('nobody who holds nothing waits beside a free place', () => {
  fc.assert(
    fc.property(sizes, steps, (size, taken) => {
      const desk = new Desk(size);
      for (const step of taken) {
        desk.take(step);
        if (desk.running.length === size.places) continue;
        for (const run of desk.waiting) assert.ok(share(desk.running, run)[0] > 0);
      }
    }),
  );
});

test('nobody starves: every run is served, however many others come, as long as runs end', () => {
  fc.assert(
    fc.property(
      sizes,
      steps,
      tenants,
      fc.array(tenants, { maxLength: 4 }),
      (size, before, tenant, rivals) => {
        const desk = new Desk({ ...size, length: 1_000 });
        for (const step of before) desk.take(step);
        const run = desk.join(tenant);
        const ahead = desk.waiting.length + desk.running.length;
        // In each turn rivals come, and the run that has been there the longest ends.
        for (let turn = 0; desk.waiting.includes(run); turn += 1) {
          assert.ok(
            turn <= 2 * ahead + size.places,
            `still waiting after ${turn} turns, with ${ahead} ahead`,
          );
          for (const rival of rivals) desk.join(rival);
          desk.finish(0);
        }
      },
    ),
  );
});

test('one client’s flood neither takes the place nor the turn of another', () => {
  const desk = new Desk({ places: 4, length: 10 });
  const flood = { principal: 'eve', session: 'a' };
  for (let run = 0; run < 100; run += 1) desk.join(flood);
  assert.deepEqual([desk.running.length, desk.waiting.length, desk.refused.length], [2, 10, 88]);
  const secondSession = desk.join({ principal: 'eve', session: 'b' });
  const newcomer = desk.join({ principal: 'ann', session: 'a' });
  assert.ok(desk.running.includes(secondSession));
  assert.ok(desk.running.includes(newcomer));
  const another = desk.join({ principal: 'bob', session: 'a' });
  assert.ok(desk.waiting.includes(another));
  assert.equal(desk.refused.at(-1)?.tenant.principal, 'eve');
  desk.finish(0);
  assert.ok(desk.running.includes(another));
});
