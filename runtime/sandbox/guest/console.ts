import type { LogLevel } from '../../contract/sandbox.ts';
import { describe, escapeLine } from './describe.ts';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  log: 'info',
  info: 'info',
  debug: 'debug',
  trace: 'debug',
  warn: 'warn',
  error: 'error',
};

/** The most characters of one line. */
const LINE_CHARACTERS = 10_000;

/** Creates a console whose lines are text by the time they leave: `log` gets no value of the program's. */
export function createConsole(log: (level: LogLevel, text: string) => void): object {
  const methods = Object.entries(LEVELS).map(([name, level]) => [
    name,
    Object.freeze((...values: readonly unknown[]): void => log(level, formatLine(values))),
  ]);
  return Object.freeze({ __proto__: null, ...Object.fromEntries(methods) });
}

function formatLine(values: readonly unknown[]): string {
  let line = '';
  for (const value of values) {
    if (line.length > LINE_CHARACTERS) break;
    const left = LINE_CHARACTERS - line.length;
    const text = typeof value === 'string' ? value.slice(0, left + 1) : describe(value, left);
    line = line === '' ? text : `${line} ${text}`;
  }
  return escapeLine(line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line);
}
