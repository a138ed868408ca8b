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

/** Line ends, brackets, commas, strings, and the other values. */
const TOKENS = /[\n{}[\],]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/g;

/** An object or a list that has begun. */
interface Open {
  readonly pointer: string;
  /** The step to the value at hand; undefined where an object's next name stands. */
  step: string | number | undefined;
}

/** The lines of all values by JSON pointer; of properties, those of their names. */
function linesOf(text: string): ReadonlyMap<string, number> {
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
      lines.set(child(within.pointer, within.step), line);
    } else {
      const pointer = within?.step === undefined ? '' : child(within.pointer, within.step);
      if (!lines.has(pointer)) lines.set(pointer, line);
      if (token === '{' || token === '[') around.push({ pointer, step: token === '[' ? 0 : undefined });
    }
  }
  return lines;
}
