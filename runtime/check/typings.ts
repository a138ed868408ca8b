/** What the check must know of the typings, beside handing them to the type checker. */
export interface TypingsFacts {
  /** The names that exist in the guest beside those of the language: `athena`, `session`, `sleep`, … */
  readonly globals: ReadonlySet<string>;
  /** Names of types that are unions of literals. */
  readonly literalTypes: ReadonlySet<string>;
}

const AMBIENT_VALUE = /^declare (?:const|let|var|function|class) ([\w$]+)/gm;
const LITERAL_UNION =
  /\btype ([\w$]+) =\s*(?:\|?\s*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|-?[\d.]+|true|false|null)\s*)+;/g;

/**
 * Reads the typings as text: parsing them would cost a tenth of a second at every start.
 * @param typings ambient declarations, each value's at the start of a line
 */
export function readTypings(typings: string): TypingsFacts {
  const names = (pattern: RegExp): ReadonlySet<string> =>
    new Set([...typings.matchAll(pattern)].map(([, name = '']) => name));
  return { globals: names(AMBIENT_VALUE), literalTypes: names(LITERAL_UNION) };
}
