/** A part of the text that becomes spaces of equal length, after `lead`. Newlines stay. */
export interface Blank {
  readonly start: number;
  readonly end: number;
  /** Put at `start` in place of as many characters; never longer than the part, never over a newline. */
  readonly lead?: string;
}

export interface Insert {
  readonly at: number;
  readonly text: string;
}

/** A text after insertions, and the way back. */
export interface Inserted {
  readonly text: string;
  /** The offset before the insertions. Inside inserted text: the offset it was inserted at. */
  toOriginal(offset: number): number;
}

/** Spaces of equal length; every line end keeps its place. */
export function blankText(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]/g, ' ');
}

/** The text with parts blanked. The length never changes. */
export function applyBlanks(text: string, blanks: readonly Blank[]): string {
  let out = text;
  for (const { start, end, lead = '' } of blanks) {
    out = out.slice(0, start) + lead + blankText(out.slice(start + lead.length, end)) + out.slice(end);
  }
  return out;
}

/** @param inserts in any order; those at one offset keep theirs */
export function applyInserts(text: string, inserts: readonly Insert[]): Inserted {
  const sorted = inserts.toSorted((a, b) => a.at - b.at);
  let out = '';
  let from = 0;
  for (const { at, text: added } of sorted) {
    out += text.slice(from, at) + added;
    from = at;
  }
  out += text.slice(from);
  return {
    text: out,
    toOriginal(offset) {
      let shift = 0;
      for (const { at, text: added } of sorted) {
        if (offset < at + shift) break;
        if (offset < at + shift + added.length) return at;
        shift += added.length;
      }
      return offset - shift;
    },
  };
}
