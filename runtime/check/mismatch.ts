/** `Type 'A' is not assignable to type 'B'`, and the same of arguments. */
const MISMATCH =
  /^(?:Type|Argument of type) '([\s\S]+)' is not assignable to (?:type|parameter of type) '([\s\S]+?)'\.?(?: Did you mean .*)?$/;

/** Types that may turn out to be anything: the run decides. `Date` becomes a string in JSON. */
const UNDECIDED: ReadonlySet<string> = new Set(['unknown', 'any', '{}', 'object', 'Date']);
const NULLISH: ReadonlySet<string> = new Set(['undefined', 'null']);

/**
 * Whether values of the refused type may still be right when the program runs: `string` for one of a few
 * strings, a value that is possibly undefined, one of a union's members.
 * @param lines the diagnostic's lines, from the whole down to the cause
 * @param literalTypes names of types that are unions of literals
 */
export function isUndecided(lines: readonly string[], literalTypes: ReadonlySet<string>): boolean {
  if (lines.some((line) => / is optional in type /.test(line))) return true;
  const pairs = lines.map((line) => MISMATCH.exec(line)).filter((match) => match !== null);
  const [, source = '', target = ''] = pairs.at(-1) ?? [];
  if (pairs.length === 0 || lines.some((line) => / is missing in type /.test(line))) return false;
  if (UNDECIDED.has(source)) return true;
  if (pairs.slice(0, -1).some(([, whole = '']) => isUnion(whole)) && !isUnion(source)) return true;
  if (isUnion(source)) return members(source).some((member) => NULLISH.has(member) || member === target);
  return isWidened(source, target, literalTypes);
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

function members(type: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < type.length; at++) {
    const letter = type.charAt(at);
    if ('([{<'.includes(letter)) depth++;
    else if (')]}>'.includes(letter)) depth--;
    else if (letter === '|' && depth === 0) {
      found.push(type.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...found, type.slice(from).trim()];
}
