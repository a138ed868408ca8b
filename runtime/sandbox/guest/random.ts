const TWO_TO_THE_21 = 2 ** 21;
const TWO_TO_THE_53 = 2 ** 53;

/**
 * Creates a seeded `Math.random`: sfc32 (C. Doty-Humphrey, PractRand), two words for 53 bits.
 * @param seed 32 hex digits
 */
export function createRandom(seed: string): () => number {
  let a = word(seed, 0);
  let b = word(seed, 8);
  let c = word(seed, 16);
  let counter = word(seed, 24);
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  // The first words still resemble the seed.
  for (let round = 0; round < 12; round += 1) next();
  return () => (next() * TWO_TO_THE_21 + (next() >>> 11)) / TWO_TO_THE_53;
}

/** A `Math` of its own for one run; all but `random` is the shared one. */
export function createMath(seed: string): Math {
  const { random: _, ...rest } = Object.getOwnPropertyDescriptors(Math);
  return Object.freeze(
    Object.create(Object.prototype, { ...rest, random: { value: Object.freeze(createRandom(seed)) } }),
  );
}

function word(seed: string, at: number): number {
  return Number.parseInt(seed.slice(at, at + 8), 16) | 0;
}
