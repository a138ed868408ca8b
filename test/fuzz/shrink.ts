import type { Grammar, Piece } from './grammar.ts';

/**
 * Makes a text smaller that shows something, by its pieces: each is replaced by a piece of the same symbol
 * inside it, or by the shortest of its symbol, as long as the text goes on showing it.
 */
export async function shrinkPiece(
  piece: Piece,
  grammar: Grammar,
  shows: (piece: Piece) => Promise<boolean>,
  mostTries: number,
): Promise<Piece> {
  let smallest = piece;
  let tries = 0;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of smallerOnes(smallest, grammar)) {
      if (tries >= mostTries) return smallest;
      tries += 1;
      if (!(await shows(candidate))) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

/** The largest savings first. */
function smallerOnes(piece: Piece, grammar: Grammar): readonly Piece[] {
  const candidates: Piece[] = [];
  const visit = (at: Piece, put: (piece: Piece) => Piece): void => {
    const within = at.parts.flatMap((part) => findBelow(part, at.symbol));
    for (const smaller of [...within, grammar.shortest(at.symbol)]) {
      if (sizeOf(smaller) < sizeOf(at)) candidates.push(put(smaller));
    }
    at.parts.forEach((part, index) => {
      visit(part, (other) => put({ ...at, parts: at.parts.with(index, other) }));
    });
  };
  visit(piece, (other) => other);
  return candidates.toSorted((a, b) => sizeOf(a) - sizeOf(b));
}

/** The outermost pieces of a symbol. */
function findBelow(piece: Piece, symbol: string): readonly Piece[] {
  return piece.symbol === symbol ? [piece] : piece.parts.flatMap((part) => findBelow(part, symbol));
}

function sizeOf({ text, parts }: Piece): number {
  return text.length + parts.reduce((sum, part) => sum + sizeOf(part), 0);
}

/**
 * Makes a text smaller that shows something: takes out stretches of its units, half of it first, one at last.
 * @param unit what the text is cut into: lines, tokens, characters
 */
export async function shrinkText(
  text: string,
  unit: RegExp,
  shows: (text: string) => Promise<boolean>,
  mostTries: number,
): Promise<string> {
  let units: readonly string[] = text.match(unit) ?? [];
  let tries = 0;
  for (let size = Math.ceil(units.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < units.length && tries < mostTries; tries += 1) {
      const rest = units.toSpliced(at, size);
      if (await shows(rest.join(''))) units = rest;
      else at += size;
    }
  }
  return units.join('');
}
