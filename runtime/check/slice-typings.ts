/** One namespace of the typings: what is loaded only with programs that touch it. */
export interface TypingsPart {
  /** What stands for it as long as it is not loaded: anything, under the names that messages print. */
  readonly standIn: string;
  /** Words without which no program comes to it: `memory`, `Memory`, `MemoryNamespace`. */
  readonly words: readonly string[];
  readonly text: string;
}

export interface SlicedTypings {
  /** What all programs are checked against: roots, ids, globals. */
  readonly base: string;
  readonly parts: readonly TypingsPart[];
}

/** Only a newline counts as a line's end: documentation may have the others. */
const STATEMENT = /(?<=\n)(?=declare )/;
const NAMESPACE = /^declare namespace ([\w$]+) \{\n/;
const MEMBER = /\n {2}(namespace|interface) ([\w$]+) \{/g;
const ENDING = /Namespace$/;

/**
 * Takes the typings apart.
 * @param typings ambient declarations; nothing but a statement has `declare` where a line begins
 */
export function sliceTypings(typings: string): SlicedTypings {
  const base: string[] = [];
  const parts: TypingsPart[] = [];
  for (const statement of typings.split(STATEMENT)) {
    const part = readPart(statement);
    if (part === undefined) base.push(statement);
    else parts.push(part);
  }
  return { base: base.join(''), parts };
}

/** Undefined for anything but one `declare namespace` with interfaces of methods in it, and nothing behind it. */
function readPart(text: string): TypingsPart | undefined {
  const root = NAMESPACE.exec(text)?.[1];
  if (root === undefined || text.indexOf('\n}') !== text.trimEnd().length - 2) return undefined;
  const members = [...text.matchAll(MEMBER)].map(([, kind, name = '']) => ({ kind, name }));
  const interfaces = members.filter(({ kind, name }) => kind === 'interface' && ENDING.test(name));
  if (interfaces.length === 0) return undefined;
  const standIns = members.map(({ kind, name }) =>
    kind === 'namespace' ? `namespace ${name} {}` : `interface ${name} {[m: string]: any}`,
  );
  const types = interfaces.map(({ name }) => name.replace(ENDING, ''));
  return {
    standIn: `declare namespace ${root} {${standIns.join(' ')}}\n`,
    words: [...types.map(lowerFirst), ...types, ...members.map(({ name }) => name)],
    text,
  };
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
