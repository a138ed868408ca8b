/** A stream of chance that a seed and an index decide: any input can be made again alone. */
export interface Chance {
  /** From 0 to `limit`, exclusive. */
  below(limit: number): number;
  /** True in a share of all cases, from 0 to 1. */
  happens(share: number): boolean;
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T;
}

const TWO_TO_THE_32 = 2 ** 32;
const ODD = 0x9e3779b1;

/** The generator is mulberry32 (T. Ettinger, public domain): small, fast, and good enough to pick with. */
export function createChance(seed: number, index: number): Chance {
  let state = (Math.imul(seed, ODD) ^ Math.imul(index + 1, 0x85ebca6b)) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_TO_THE_32;
  };
  // The first values of neighbouring indices resemble each other.
  for (let round = 0; round < 4; round += 1) next();
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    happens: (share) => next() < share,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('There is nothing to pick from.');
      return item;
    },
  };
}

/** A seed for whoever names none. */
export const randomSeed = (): number => Math.floor(Math.random() * 1_000_000_000);
