/** `Type 'A' is not assignable to type 'B'`, and the same of arguments. */
const MISMATCH =
  /^(?:Type|Argument of type) '([\s\S]+)' is not assignable to (?:type|parameter of type) '([\s\S]+?)'\.?(?: Did you mean .*)?$/;

/** Types that may turn out to be anything: the run decides. `Date` becomes a string in JSON. */
const UNDECIDED: ReadonlySet<string> = new Set(['unknown', 'any', '{}', 'object', 'Date']);
export const NULLISH: ReadonlySet<string> = new Set(['undefined', 'null']);

/** What a type's text is read by. */
export interface TypeNames {
  /** Types that are unions of literals. */
  readonly literalTypes: ReadonlySet<string>;
  /** The program's type parameters and names of unions. */
  readonly varyingTypes: ReadonlySet<string>;
}

/** What is not assignable to what, line by line. */
export function readMismatches(
  lines: readonly string[],
): readonly { readonly source: string; readonly target: string }[] {
  return lines.flatMap((line) => {
    const [, source, target] = MISMATCH.exec(line) ?? [];
    return source === undefined || target === undefined ? [] : [{ source, target }];
  });
}

/**
 * Whether values of the refused type may still be right when the program runs: `string` for one of a few
 * strings, a value that is possibly undefined, one of a union's members.
 * @param lines the diagnostic's lines, from the whole down to the cause
 */
export function isUndecided(lines: readonly string[], names: TypeNames): boolean {
  if (lines.some((line) => / is optional in type /.test(line))) return true;
  const pairs = lines.map((line) => MISMATCH.exec(line)).filter((match) => match !== null);
  const [, source = '', target = ''] = pairs.at(-1) ?? [];
  if (pairs.length === 0) return false;
  if (UNDECIDED.has(source) || isVarying(source, names.varyingTypes)) return true;
  if (pairs.slice(0, -1).some(([, whole = '']) => isUnion(whole)) && !isUnion(source)) return true;
  if (isUnion(source)) return members(source).some((member) => NULLISH.has(member) || member === target);
  return isWidened(source, target, names.literalTypes);
}

/** Members that an argument's type lacks. */
export interface Missing {
  readonly source: string;
  readonly members: readonly string[];
  /** Whether only one of the parameter's alternatives is told of: another may fit. */
  readonly ofAlternative: boolean;
}

const ONE_MISSING = /^Property '(.+)' is missing in type '([\s\S]+)' but required in type '/;
const SOME_MISSING =
  /^Type '([\s\S]+)' is missing the following properties from type '[\s\S]+': (.+?)(?:, and \d+ more\.)?$/;

/** Undefined when nothing is missing. */
export function missingMembers(lines: readonly string[]): Missing | undefined {
  const targets = lines.map((line) => MISMATCH.exec(line)?.[2]).filter((target) => target !== undefined);
  const ofAlternative = new Set(targets).size > 1;
  for (const line of lines) {
    const [, member, type = ''] = ONE_MISSING.exec(line) ?? [];
    if (member !== undefined) return { source: type, members: [member], ofAlternative };
    const [, source, list = ''] = SOME_MISSING.exec(line) ?? [];
    if (source !== undefined) return { source, members: list.split(', '), ofAlternative };
  }
  return undefined;
}

/** Whether values of the type may have members that it does not name. */
export function isLoose(type: string, varyingTypes: ReadonlySet<string>): boolean {
  return (
    /^(?:\{\}|object|Object|any|unknown|(?:Partial|Record)<[\s\S]*>|\{ (?:readonly )?\[\w+: (?:string|number)\]: [\s\S]*\})$/.test(
      type,
    ) || isVarying(type, varyingTypes)
  );
}

const UTILITY_TYPES =
  /^(?:Awaited|Exclude|Extract|NonNullable|Omit|Partial|Pick|Readonly|Required)<([\s\S]+)>$/;

/** `T`, `T["key"]`, `Awaited<T>`, `Shape<T>`: what a value of it is, the run tells. */
export function isVarying(type: string, varyingTypes: ReadonlySet<string>): boolean {
  const inner = UTILITY_TYPES.exec(type)?.[1] ?? type;
  const [, name = ''] = /^([\w$]+)(?:$|[[ ,<])/.exec(inner) ?? [];
  return varyingTypes.has(name);
}

function isWidened(source: string, target: string, literalTypes: ReadonlySet<string>): boolean {
  const of = members(target).filter((member) => !NULLISH.has(member));
  if (source === 'string')
    return of.every(
      (member) =>
        /^["`]/.test(member) || member.startsWith('...') || literalTypes.has(member.split('.').at(-1) ?? ''),
    );
  if (source === 'number') return of.every((member) => /^-?\d/.test(member));
  return source === 'boolean' && of.every((member) => member === 'true' || member === 'false');
}

/** A union at the top of the type, not inside its braces. */
export function isUnion(type: string): boolean {
  return members(type).length > 1;
}

/** The alternatives of a type. */
export function members(type: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < type.length; at++) {
    const letter = type.charAt(at);
    if ('([{<'.includes(letter)) depth++;
    else if (')]}>'.includes(letter) && type.charAt(at - 1) !== '=') depth--;
    else if (letter === '|' && depth === 0) {
      found.push(type.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...found, type.slice(from).trim()];
}
