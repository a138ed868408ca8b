import type { Chance } from './chance.ts';
import { SPELLINGS, type Spelling } from './spellings.ts';

/**
 * One way to write a symbol: text in which `«symbol»` stands for another symbol and `§` for a number of this
 * piece's own. `«symbol:spelling»` writes what stands there in another way, as a string for instance.
 */
export type Production = string | readonly [weight: number, text: string];

/** All ways to write each symbol. A production weighs 1 when it says nothing else. */
export type Productions = Readonly<Record<string, readonly Production[]>>;

/** A piece of a text, and the pieces it is made of. */
export interface Piece {
  readonly symbol: string;
  readonly text: string;
  readonly parts: readonly Piece[];
}

export interface Grammar {
  /** @param depth how many pieces may stand in each other before the shortest ones are taken */
  generate(symbol: string, chance: Chance, depth: number): Piece;
  /** The shortest way to write a symbol, for whoever makes a finding smaller. */
  shortest(symbol: string): Piece;
}

interface Choice {
  readonly weight: number;
  readonly text: string;
  readonly symbols: readonly string[];
}

const PLACE = /«(\w+)(?::(\w+))?»/g;
const NUMBER = /§/g;
/** A symbol that is not closed yet is as deep as that. */
const ENDLESS = 1_000;

export function createGrammar(productions: Productions): Grammar {
  const choices = new Map(
    Object.entries(productions).map(([symbol, rows]) => [symbol, rows.map(readProduction)] as const),
  );
  const choicesOf = (symbol: string): readonly Choice[] => {
    const found = choices.get(symbol);
    if (found === undefined) throw new Error(`No production writes «${symbol}».`);
    return found;
  };
  const heights = measureHeights(choices, choicesOf);
  const heightOf = ({ symbols }: Choice): number =>
    Math.max(0, ...symbols.map((symbol) => heights.get(symbol) ?? ENDLESS));
  const shortestOf = (symbol: string): readonly Choice[] => {
    const least = (heights.get(symbol) ?? ENDLESS) - 1;
    return choicesOf(symbol).filter((choice) => heightOf(choice) <= least);
  };
  const build = (symbol: string, choose: (symbol: string, depth: number) => Choice, depth: number): Piece => {
    const { text, symbols } = choose(symbol, depth);
    return { symbol, text, parts: symbols.map((part) => build(part, choose, depth - 1)) };
  };
  return {
    generate: (symbol, chance, depth) =>
      build(symbol, (one, left) => pickWeighed(left > 0 ? choicesOf(one) : shortestOf(one), chance), depth),
    shortest: (symbol) =>
      build(
        symbol,
        (one) => shortestOf(one).toSorted((a, b) => a.text.length - b.text.length)[0] ?? raiseEndless(one),
        0,
      ),
  };
}

/** The text of a piece and its parts. */
export function writePiece(piece: Piece): string {
  let pieces = 0;
  const write = ({ text, parts }: Piece): string => {
    const number = String(pieces);
    pieces += 1;
    let part = 0;
    return text.replace(NUMBER, number).replace(PLACE, (_, _symbol: string, spelling?: string) => {
      const inner = write(parts[part] ?? raiseEndless(text));
      part += 1;
      return spelling === undefined ? inner : SPELLINGS[spelling as Spelling](inner);
    });
  };
  return write(piece);
}

function readProduction(production: Production): Choice {
  const [weight, text] = typeof production === 'string' ? [1, production] : production;
  for (const [place, , spelling] of text.matchAll(PLACE)) {
    if (spelling !== undefined && !Object.hasOwn(SPELLINGS, spelling))
      throw new Error(`${place} has a spelling that does not exist.`);
  }
  return { weight, text, symbols: [...text.matchAll(PLACE)].map(([, symbol = '']) => symbol) };
}

/** How many pieces stand in each other at least, by symbol. */
function measureHeights(
  choices: ReadonlyMap<string, readonly Choice[]>,
  choicesOf: (symbol: string) => readonly Choice[],
): ReadonlyMap<string, number> {
  const heights = new Map<string, number>();
  for (const { symbols } of [...choices.values()].flat()) symbols.forEach(choicesOf);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [symbol, rows] of choices) {
      const all = rows.map(({ symbols }) =>
        Math.max(0, ...symbols.map((part) => heights.get(part) ?? ENDLESS)),
      );
      const height = Math.min(...all) + 1;
      if (height >= (heights.get(symbol) ?? ENDLESS)) continue;
      heights.set(symbol, height);
      changed = true;
    }
  }
  for (const symbol of choices.keys()) if (!heights.has(symbol)) raiseEndless(symbol);
  return heights;
}

function pickWeighed(choices: readonly Choice[], chance: Chance): Choice {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  let left = chance.below(total * 1_000) / 1_000;
  for (const choice of choices) {
    left -= choice.weight;
    if (left < 0) return choice;
  }
  return chance.pick(choices);
}

function raiseEndless(symbol: string): never {
  throw new Error(`«${symbol}» never ends.`);
}
