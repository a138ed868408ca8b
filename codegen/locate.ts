import { child } from './schema.ts';

/**
 * Finds places in a JSON file; reads it when the first is asked for.
 * @param text the JSON file
 * @returns from a JSON pointer to a 1-based line; a step that does not exist leads to its parent's line
 */
export function createLocator(text: string): (pointer: string) => number {
  let lines: ReadonlyMap<string, number> | undefined;
  return (pointer) => {
    lines ??= linesOf(text);
    let place = pointer;
    while (place !== '' && !lines.has(place)) place = place.slice(0, place.lastIndexOf('/'));
    return lines.get(place) ?? 1;
  };
}

/**
 * The places of names that an object has already: of members that share one, a reader of JSON keeps but the last.
 * @param text the JSON file
 * @param json what was read from it
 * @returns JSON pointers; not of what is inside such a member
 */
export function repeatedNames(text: string, json: unknown): readonly string[] {
  const written = [...text.matchAll(STRINGS)].filter(([, colon]) => colon !== undefined).length;
  if (written === countNames(json)) return [];
  const repeated: string[] = [];
  linesOf(text, (pointer) => {
    if (!repeated.some((around) => pointer.startsWith(`${around}/`))) repeated.push(pointer);
  });
  return [...new Set(repeated)];
}

function countNames(json: unknown): number {
  if (typeof json !== 'object' || json === null) return 0;
  const values = Object.values(json);
  const own = Array.isArray(json) ? 0 : values.length;
  return values.reduce<number>((sum, value) => sum + countNames(value), own);
}

/** Strings, each with the colon that makes it a name. */
const STRINGS = /"(?:[^"\\]|\\.)*"\s*(:)?/g;

/** Line ends, brackets, commas, strings, and the other values. */
const TOKENS = /[\n{}[\],]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/g;

/** An object or a list that has begun. */
interface Open {
  readonly pointer: string;
  /** The step to the value at hand; undefined where an object's next name stands. */
  step: string | number | undefined;
}

/**
 * The lines of all values by JSON pointer; of properties, those of their names.
 * @param onRepeated takes the place of a name that its object has already
 */
function linesOf(text: string, onRepeated?: (pointer: string) => void): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const around: Open[] = [];
  let line = 1;
  for (const [token] of text.matchAll(TOKENS)) {
    const within = around.at(-1);
    if (token === '\n') line += 1;
    else if (token === '}' || token === ']') around.pop();
    else if (token === ',') {
      if (within !== undefined) within.step = typeof within.step === 'number' ? within.step + 1 : undefined;
    } else if (within !== undefined && within.step === undefined) {
      within.step = String(JSON.parse(token));
      const pointer = child(within.pointer, within.step);
      if (lines.has(pointer)) onRepeated?.(pointer);
      lines.set(pointer, line);
    } else {
      const pointer = within?.step === undefined ? '' : child(within.pointer, within.step);
      if (!lines.has(pointer)) lines.set(pointer, line);
      if (token === '{' || token === '[') around.push({ pointer, step: token === '[' ? 0 : undefined });
    }
  }
  return lines;
}
