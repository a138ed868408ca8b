import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from '../runtime/engine.ts';
import type { Caller } from '../runtime/execute.ts';
import { type Series, summarize } from './measure.ts';

/** What a trivial run costs a client, by itself and beside another that does what it can to be in the way. */
export interface Neighbours {
  readonly alone: Series;
  readonly beside: Series;
}

/** Programs that are hostile to whoever shares the machine. */
export const BOMBS = {
  run: [
    'while (true) {}',
    'const held = []; for (;;) held.push(new Array(1e5).fill(held.length));',
    'const held: Uint8Array[] = []; for (;;) held.push(new Uint8Array(1e7).fill(1));',
  ],
  check: [
    'type P<U, K = U> = [U] extends [never] ? [] : K extends K ? [K, ...P<Exclude<U, K>>] : never; let p: P<1|2|3|4|5|6|7|8|9|10> = 1 as any; let q: P<1|2|3|4|5|6|7|8|9> = p as any; return q ?? 42;',
  ],
} as const;

/** More at once than there are places. */
const AT_ONCE = 20;
const ROUNDS = 4;
const RUNS = 75;
/** The honest client rests between its runs, so that each begins from sleep. */
const REST_MS = 5;
const SETTLE_MS = 1_500;
const REFUSED_MS = 100;

/**
 * Measures in turns, alone and beside the bombs, so that whatever else the machine does is in both.
 * @param engine one with the default limits
 */
export async function measureNeighbours(engine: Engine, bombs: readonly string[]): Promise<Neighbours> {
  const [alone, beside]: [number[], number[]] = [[], []];
  await runHonest(engine, `warm-up of ${bombs.length}`);
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(...(await runHonest(engine, `alone-${bombs.length}-${round}`)));
    const stop = new AbortController();
    // Each time another one, whose share of whatever is shared by the minute is whole.
    const caller = { principal: `hostile-${bombs.length}-${round}`, signal: stop.signal };
    for (let first = 0; first < AT_ONCE; first += 1) void runHostile(engine, bombs, first, caller);
    await wait(SETTLE_MS);
    beside.push(...(await runHonest(engine, `beside-${bombs.length}-${round}`)));
    stop.abort();
    await wait(SETTLE_MS);
  }
  return { alone: summarize(alone), beside: summarize(beside) };
}

let written = 0;

/** @param principal another each time: each may make so many executions in a minute */
async function runHonest(engine: Engine, principal: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    written += 1;
    const request = { code: `const answer: number = ${written};\nreturn answer;`, session: 'main' };
    const start = performance.now();
    const outcome = await engine.execute(request, {
      principal,
      signal: new AbortController().signal,
    });
    times.push(performance.now() - start);
    if (outcome.kind !== 'finished' || outcome.value !== written) throw new Error(JSON.stringify(outcome));
    await wait(REST_MS);
  }
  return times;
}

async function runHostile(
  engine: Engine,
  bombs: readonly string[],
  first: number,
  caller: Caller,
): Promise<void> {
  for (let next = first; !caller.signal.aborted; next += AT_ONCE) {
    // Never the same twice: a check's result would be remembered.
    const code = `${bombs[next % bombs.length]} // ${next}`;
    const outcome = await engine.execute({ code, session: 'main' }, caller);
    // Whoever is refused, or would be a flood that its connection has to stop, waits.
    if (outcome.kind === 'refused') await wait(REFUSED_MS);
  }
}
