/** Something wrong in a schema file. */
export interface Mistake {
  /** The file's name, without its folder. */
  readonly file: string;
  /** JSON pointer to the place; empty for the whole file. */
  readonly pointer: string;
  /** 1-based, where it could be found. */
  readonly line?: number;
  readonly expected: string;
  readonly found: string;
}

/** Takes a mistake at a JSON pointer of the file at hand. */
export type Report = (pointer: string, expected: string, found: unknown) => void;

const FOUND_CHARACTERS = 120;

/** A value as it is quoted in a message: JSON, cut. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > FOUND_CHARACTERS ? `${text.slice(0, FOUND_CHARACTERS)}…` : text;
}

/** A mistake as people read it: `file:line pointer`, what was expected, what was found. */
export function describeMistake(mistake: Mistake): string {
  const line = mistake.line === undefined ? '' : `:${mistake.line}`;
  const pointer = mistake.pointer === '' ? '(whole file)' : mistake.pointer;
  return `${mistake.file}${line} ${pointer}\n  expected ${mistake.expected}\n  found    ${mistake.found}`;
}

/** In the order of the files, and of each file in the order in which they were found. */
export function sortMistakes(
  files: readonly { readonly name: string }[],
  mistakes: readonly Mistake[],
): readonly Mistake[] {
  const order = new Map(files.map(({ name }, i) => [name, i]));
  return mistakes.toSorted((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0));
}
