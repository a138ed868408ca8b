/**
 * The number of a node in the manner of Niklas Luhmann's slip box: digits and letters by turns, so that a number
 * shows the way down to it. `1`, `1a`, `1a1`; after `1z` comes `1aa`.
 * @param parent number of the parent; null for a top node
 * @param position place among the parent's nodes, from 1
 */
export function indexNumber(parent: string | null, position: number): string {
  if (parent === null) return String(position);
  return parent + (/\d$/.test(parent) ? toLetters(position) : String(position));
}

/** 1 is a, 26 is z, 27 is aa. */
function toLetters(position: number): string {
  let letters = '';
  for (let rest = position; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(97 + ((rest - 1) % 26)) + letters;
  return letters;
}
