import { relative, resolve } from 'node:path';
import { styleText } from 'node:util';

/** What codegen exits with: done; schemas wrong or output out of date; it could not do its work. */
export const EXIT = { done: 0, refused: 1, failed: 2 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Writes a last line: what went well to stdout, the rest to stderr; in colour on a terminal. */
export function say(colour: 'green' | 'red', text: string): void {
  const stream = colour === 'green' ? process.stdout : process.stderr;
  stream.write(`${styleText(colour, text, { stream })}\n`);
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A path as people read it: from where they are, where that is shorter. */
export function shown(path: string): string {
  const short = relative(process.cwd(), resolve(path));
  return short === '' || short.startsWith('..') ? resolve(path) : short;
}

/** @param started by `performance.now()` */
export function sayUpToDate(out: string, counts: string, started: number): void {
  say('green', `${shown(out)} is up to date: ${counts} (${since(started)})`);
}

export function since(started: number): string {
  return `${Math.round(performance.now() - started)} ms`;
}
