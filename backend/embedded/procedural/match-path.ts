/** How well a trigger pattern fits a path. */
export interface PathMatch {
  /** Above 0 and at most 1: 1 for the path itself. */
  readonly exactness: number;
  readonly reason: string;
}

const MAX_ALTERNATIVES = 32;

/**
 * Matches a path with a glob (`*`, `?`, `**`, `{a,b}`; without a slash against the file's name), an extension
 * (`.sql`), or a part of the path. Own code, since its time must not explode on hostile patterns.
 */
export function matchPath(pattern: string, path: string): PathMatch | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (pattern === path) return { exactness: 1, reason: `the path is \`${pattern}\`` };
  if (/[*?{]/.test(pattern)) {
    const subject = pattern.includes('/') ? path : name;
    if (!expandBraces(pattern).some((glob) => matchGlob(glob, subject))) return undefined;
    const literal = pattern.replace(/[*?{},/.]/g, '').length / pattern.length;
    return { exactness: 0.6 + 0.3 * literal, reason: `the path matches the glob \`${pattern}\`` };
  }
  if (pattern === name) return { exactness: 0.9, reason: `the file's name is \`${pattern}\`` };
  if (/^\.\w+$/.test(pattern) && name.endsWith(pattern))
    return { exactness: 0.6, reason: `the extension is \`${pattern}\`` };
  if (path.toLowerCase().includes(pattern.toLowerCase()))
    return { exactness: 0.5, reason: `the path contains \`${pattern}\`` };
  return undefined;
}

/** `*.{ts,js}` → `*.ts`, `*.js`. More than 32 alternatives are cut. */
function expandBraces(pattern: string): readonly string[] {
  let patterns = [pattern];
  for (;;) {
    const brace = /\{([^{}]*)\}/.exec(patterns[0] ?? '');
    if (brace === null || patterns.length > MAX_ALTERNATIVES) return patterns.slice(0, MAX_ALTERNATIVES);
    const alternatives = (brace[1] ?? '').split(',').slice(0, MAX_ALTERNATIVES);
    patterns = patterns.flatMap((each) =>
      alternatives.map((alternative) => each.replace(brace[0], () => alternative)),
    );
  }
}

function matchGlob(glob: string, path: string): boolean {
  return matchWild(glob.split('/'), path.split('/'), '**', (part, segment) =>
    matchWild([...part], [...segment], '*', (sign, letter) => sign === '?' || sign === letter),
  );
}

/**
 * Whether a list matches a pattern in which one item, `any`, stands for any number of items. Only the last `any`
 * is ever taken back, so the time grows with the product of the lengths and no faster.
 */
function matchWild(
  pattern: readonly string[],
  list: readonly string[],
  any: string,
  isMatch: (item: string, value: string) => boolean,
): boolean {
  let at = 0;
  let retry: { readonly pattern: number; list: number } | undefined;
  let index = 0;
  while (index < list.length) {
    const item = pattern[at];
    const value = list[index] ?? '';
    if (item === any) {
      retry = { pattern: at + 1, list: index };
      at++;
    } else if (item !== undefined && isMatch(item, value)) {
      at++;
      index++;
    } else if (retry !== undefined) {
      retry.list++;
      at = retry.pattern;
      index = retry.list;
    } else return false;
  }
  return pattern.slice(at).every((item) => item === any);
}
