import type { Program } from '../contract/program.ts';
import type { GuestError } from '../contract/sandbox.ts';

const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

/**
 * Puts a place in the program that ran back to the agent's own code. A place that is not in the program is
 * left out: the guest says where an error was, and the guest is not trusted.
 */
export function placeError(error: GuestError, program: Program): GuestError {
  const { line, column, ...rest } = error;
  const text = line === undefined ? undefined : program.source.split(LINE_END)[line - 1];
  if (line === undefined || column === undefined || text === undefined) return rest;
  if (column < 1 || column > text.length + 1) return rest;
  return { ...rest, line, column: originalColumn(line, column, program) };
}

function originalColumn(line: number, column: number, program: Program): number {
  const insertions = program.insertions
    .filter((insertion) => insertion.line === line)
    .sort((a, b) => a.column - b.column);
  let inserted = 0;
  for (const insertion of insertions) {
    const start = insertion.column + inserted;
    if (column < start) break;
    if (column < start + insertion.length) return insertion.column;
    inserted += insertion.length;
  }
  return column - inserted;
}
