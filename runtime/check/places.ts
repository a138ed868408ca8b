import type { ErrorCode } from '../contract/error-codes.ts';
import type { LimitHit } from '../contract/limits.ts';
import type { Diagnostic } from '../contract/program.ts';

/** What a step found: an offset into the agent's code and what is wrong there. */
export interface Finding {
  readonly code: ErrorCode;
  /** UTF-16 offset into the agent's code. */
  readonly start: number;
  readonly message: string;
  readonly suggestion?: string;
  readonly limit?: LimitHit;
}

/** Lines and columns of one text, both 1-based. */
export interface Places {
  lineAndColumn(offset: number): { readonly line: number; readonly column: number };
  offset(line: number, column: number): number;
  /** The line without its end. */
  lineText(line: number): string;
}

const SNIPPET_CHARACTERS = 200;
/** The line ends of ECMAScript, so that lines are counted as V8 counts them. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

export function createPlaces(text: string): Places {
  const starts = [0];
  for (const end of text.matchAll(LINE_END)) starts.push(end.index + end[0].length);
  const startOf = (line: number): number => starts[Math.min(Math.max(line, 1), starts.length) - 1] ?? 0;
  return {
    lineAndColumn(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
    offset: (line, column) => Math.min(startOf(line) + column - 1, text.length),
    lineText: (line) => text.slice(startOf(line), starts[line] ?? text.length).replace(LINE_END, ''),
  };
}

/**
 * @param places the lines and columns of the agent's own code, fences and all
 */
export function createDiagnostic(places: Places, finding: Finding): Diagnostic {
  const { line, column } = places.lineAndColumn(finding.start);
  const text = places.lineText(line);
  const from = Math.max(0, Math.min(column - 1 - SNIPPET_CHARACTERS / 2, text.length - SNIPPET_CHARACTERS));
  const { code, message, suggestion, limit } = finding;
  const snippet = text.slice(from, from + SNIPPET_CHARACTERS);
  const more = { ...(suggestion !== undefined && { suggestion }), ...(limit && { limit }) };
  return { code, message, line, column, snippet, ...more };
}
