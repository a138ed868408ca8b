import { setImmediate as nextTurn } from 'node:timers/promises';

/** Something found in a text: offsets in UTF-16 code units, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Characters searched at once: secretlint compares each finding with every other, so there must be few. */
const PIECE = 16_384;
/** Longer than anything looked for that may lie across two pieces. */
const OVERLAP = 4_096;
/** How long a search goes on before others get their turn, in ms: 10 MB take a second. */
const STRETCH_MS = 20;

/**
 * Searches a text piece by piece, and gives others their turn.
 * @param search told a piece and where it begins; answers offsets in the whole text
 * @returns what it found, in any order; twice where two pieces overlap
 */
export async function searchPieces<Found extends Range>(
  text: string,
  search: (piece: string, offset: number) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  let since = performance.now();
  for (let start = 0; start < text.length; ) {
    if (performance.now() - since > STRETCH_MS) {
      await nextTurn();
      since = performance.now();
    }
    const { end, next } = endPiece(text, start);
    found.push(...(await search(text.slice(start, end), start)));
    start = next;
  }
  return found;
}

/** Where a piece ends and the next begins: between two texts, or within a long one with an overlap. */
function endPiece(text: string, start: number): { readonly end: number; readonly next: number } {
  const end = start + PIECE;
  if (end >= text.length) return { end: text.length, next: text.length };
  // Not in the whole text, which one without such a place would have read to its beginning for every piece.
  const between = start + text.slice(start, end).lastIndexOf('\n\n');
  return between > start ? { end: between, next: between } : { end, next: end - OVERLAP };
}
