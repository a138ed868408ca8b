import { StartError } from './start-error.ts';

const PREFIX = 'ATHENA_HEADERS_';
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;
/** They frame the message: the client sets them. */
const FRAMING =
  /^(?:connection|content-.*|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|mcp-session-id)$/i;

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that holds the headers of a backend: a process list shows arguments, and no variables. */
export function headersVariable(root: string): string {
  return `${PREFIX}${root.toUpperCase()}`;
}

/**
 * The headers that are sent to a backend with every request: one a line, `Name: value`.
 * @param root the root that programs write
 * @throws {StartError} INVALID_SETTING; the message repeats nothing of a value
 */
export function readHeaders(root: string, environment: Environment): Readonly<Record<string, string>> {
  const variable = headersVariable(root);
  const lines = (environment[variable] ?? '').split(/\r?\n/);
  const headers = lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const at = line.indexOf(':');
    const [name, value] = [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()];
    const why = faultOf(name, value);
    if (why !== undefined) throw new StartError('INVALID_SETTING', `${variable}, line ${i + 1}: ${why}.`);
    return [[name, value] as const];
  });
  return Object.fromEntries(headers);
}

function faultOf(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return 'it must be "Name: value"';
  if (FRAMING.test(name)) return `the header ${name} is set by the client itself`;
  return VALUE.test(value)
    ? undefined
    : `the value of ${name} is empty, or has characters that no header can hold`;
}

/** The variables of this kind that belong to none of the backends. */
export function strayHeaders(environment: Environment, roots: readonly string[]): readonly string[] {
  const known = new Set(roots.map(headersVariable));
  return Object.keys(environment).filter((name) => name.startsWith(PREFIX) && !known.has(name));
}
