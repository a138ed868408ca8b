const WORDS: readonly (readonly [text: string, spelled: string])[] = [
  ['false', '(![]+[])'],
  ['true', '(!![]+[])'],
  ['undefined', '([][[]]+[])'],
  ['[object Object]', '([]+{})'],
];

const PLAIN = /^[ !#-&(-[\]-~]$/;

/** Ways to write a text that an attacker chooses so that whoever reads the program does not see it. */
export const SPELLINGS = {
  /** A string literal. */
  string: (text: string): string => JSON.stringify(text),
  /** A template literal. */
  template: (text: string): string => `\`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&')}\``,
  /** A string literal of escapes. */
  escapes: (text: string): string => `'${unitsOf(text, (unit) => `\\u${hex(unit, 4)}`)}'`,
  /** A string literal of which every third character is an escape. */
  someEscapes: (text: string): string =>
    `'${unitsOf(text, (unit, at) =>
      at % 3 === 0 || !PLAIN.test(String.fromCharCode(unit))
        ? `\\u{${hex(unit, 1)}}`
        : String.fromCharCode(unit),
    )}'`,
  /** Two strings. */
  halves: (text: string): string => {
    const half = Math.ceil(text.length / 2);
    return `(${JSON.stringify(text.slice(0, half))} + ${JSON.stringify(text.slice(half))})`;
  },
  /** Numbers. */
  codes: (text: string): string =>
    `String.fromCharCode(${Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).join(',')})`,
  /** The other way round. */
  reversed: (text: string): string =>
    `[...${JSON.stringify([...text].reverse().join(''))}].reverse().join('')`,
  /** Brackets and signs, as far as they go. */
  signs: (text: string): string => `(${[...text].map(spellBySigns).join('+') || '""'})`,
  /** Names with an escape for their first letter. */
  names: (text: string): string =>
    text.replace(
      /(?<![\w$\\.'"])[A-Za-z]\w*/,
      (name) => `\\u{${hex(name.charCodeAt(0), 1)}}${name.slice(1)}`,
    ),
} as const;

export type Spelling = keyof typeof SPELLINGS;

function unitsOf(text: string, write: (unit: number, at: number) => string): string {
  return Array.from({ length: text.length }, (_, at) => write(text.charCodeAt(at), at)).join('');
}

const hex = (unit: number, digits: number): string => unit.toString(16).padStart(digits, '0');

function spellBySigns(letter: string): string {
  for (const [word, spelled] of WORDS) {
    const at = word.indexOf(letter);
    if (at !== -1) return `${spelled}[${at === 0 ? '+[]' : Array(at).fill('+!![]').join('')}]`;
  }
  return JSON.stringify(letter);
}
