/** Draws that are the same in every run. */
export interface Draw {
  /** A whole number from `least` to `most`, both included. */
  number(least: number, most: number): number;
  pick<Item>(items: readonly Item[] | string): Item;
  digits(count: number): string;
  /** Characters of an alphabet. */
  text(count: number, alphabet: string): string;
}

/** @param seed any whole number; mulberry32 */
export function createDraw(seed: number): Draw {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  const text = (count: number, alphabet: string): string =>
    Array.from({ length: count }, () => alphabet[number(0, alphabet.length - 1)]).join('');
  return {
    number,
    pick: <Item>(items: readonly Item[] | string) => items[number(0, items.length - 1)] as Item,
    digits: (count) => text(count, '0123456789'),
    text,
  };
}
