import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../../runtime/contract/json.ts';
import type { PersonalKind } from '../../../runtime/contract/privacy.ts';

export type Kind = PersonalKind | 'secret';

/** One line of the labelled set: a value, and all that is sensitive in it. */
export interface Line {
  readonly value: JsonValue;
  readonly hits: readonly { readonly kind: Kind; readonly text: string }[];
  /** What it is an example of. */
  readonly of: string;
}

export const FILE = join(import.meta.dirname, 'lines.jsonl');
/** What agents on code read, as another author wrote it down: no generator makes it. */
export const OTHER_FILE = join(import.meta.dirname, 'other-lines.jsonl');
/** Stands in the middle of every secret in the file, so that no scanner takes the file for a leak. */
const BREAK = '¦';

export function readLines(file = FILE): readonly Line[] {
  return parseLines(readFileSync(file, 'utf8'));
}

export function parseLines(text: string): readonly Line[] {
  return text
    .replaceAll(BREAK, '')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

export function printLines(lines: readonly Line[]): string {
  const print = (line: Line): string => {
    const secret = line.hits.find(({ kind }) => kind === 'secret');
    const text = JSON.stringify(line);
    if (secret === undefined) return `${text}\n`;
    const written = JSON.stringify(secret.text).slice(1, -1);
    return `${text.replaceAll(written, `${written.slice(0, 3)}${BREAK}${written.slice(3, 9)}${BREAK}${written.slice(9)}`)}\n`;
  };
  return lines.map(print).join('');
}
