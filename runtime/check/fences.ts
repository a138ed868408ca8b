import { applyBlanks, type Blank } from './edits.ts';

const OPENING = /^\s*(`{3,}|~{3,})[^\n`]*(?:\n|$)/;
const CLOSING = /(?:^|\n)?[ \t]*(?:`{3,}|~{3,})\s*$/;

/** Turns the fence lines of a fenced code block into spaces. No position moves. */
export function blankFences(code: string): string {
  const opening = OPENING.exec(code);
  if (opening === null) return code;
  const blanks: Blank[] = [{ start: 0, end: opening[0].length }];
  const closing = CLOSING.exec(code.slice(opening[0].length));
  if (closing !== null) blanks.push({ start: opening[0].length + closing.index, end: code.length });
  return applyBlanks(code, blanks);
}

/** Whether a line looks like a fence: the code stands among prose, or there are several blocks. */
export function hasFence(code: string): boolean {
  return /^[ \t]*```/m.test(code);
}
