import type { TypingsPart } from './slice-typings.ts';

/** How much of the typings a type checker holds, in UTF-16 units of their text. */
export interface TypingsLimits {
  /** Typings that are no longer are loaded whole, once and for all. */
  readonly whole: number;
  /** So much of longer ones is kept for the next programs. */
  readonly kept: number;
  /** So much is loaded for one program at most. What it touches beyond that is not checked. */
  readonly touched: number;
}

/** Athena's 271 operations have 0.4 million units; a synthetic namespace of 30 operations has 54,000. */
export const TYPINGS_LIMITS: TypingsLimits = { whole: 2_000_000, kept: 500_000, touched: 3_000_000 };

const WORD = /[\w$]+/g;
const ESCAPE = /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2}))/gi;

/** Finds the parts that a text touches, in the order in which it does. */
export function createPartFinder(parts: readonly TypingsPart[]): (text: string) => ReadonlySet<TypingsPart> {
  const byWord = new Map<string, TypingsPart[]>();
  for (const part of parts)
    for (const word of new Set(part.words)) byWord.set(word, [...(byWord.get(word) ?? []), part]);
  return (text) => {
    const touched = new Set<TypingsPart>();
    for (const spelling of spellings(text))
      for (const [word] of spelling.matchAll(WORD))
        for (const part of byWord.get(word) ?? []) touched.add(part);
    return touched;
  };
}

/** The text, and where a name or a string in it may be written with escapes, without them. */
function spellings(text: string): readonly string[] {
  if (!text.includes('\\')) return [text];
  const plain = text
    .replace(/\\(?:\r\n|[\n\r\u2028\u2029])/g, '')
    .replace(ESCAPE, (written, braced?: string, four?: string, two?: string) => {
      const point = Number.parseInt(braced ?? four ?? two ?? '', 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : written;
    });
  return [text, plain];
}

/** The parts to hold for a program: those it touches, and of the others those touched last, as long as they fit. */
export function chooseParts(
  held: ReadonlySet<TypingsPart>,
  touched: ReadonlySet<TypingsPart>,
  limits: TypingsLimits,
): ReadonlySet<TypingsPart> {
  const chosen: TypingsPart[] = [];
  let length = 0;
  const take = (part: TypingsPart, most: number): void => {
    if (length + part.text.length > most) return;
    length += part.text.length;
    chosen.push(part);
  };
  for (const part of touched) take(part, limits.touched);
  for (const part of [...held].reverse()) if (!touched.has(part)) take(part, limits.kept);
  return new Set(chosen.reverse());
}
