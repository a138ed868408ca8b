import { parseCommand } from '../../backend/remote/command-line.ts';
import { ImportRefused } from './import-refused.ts';
import type { ServerAddress } from './read-server.ts';

/** Where a backend's schemas come from, as the command line has it. */
export interface SourceChoice {
  readonly stdio?: string | undefined;
  readonly url?: string | undefined;
  readonly openapi?: string | undefined;
  /** `Name: value`, for `url`. */
  readonly header: readonly string[];
}

export type ImportSource =
  | { readonly kind: 'server'; readonly address: ServerAddress; readonly told: Told }
  | { readonly kind: 'openapi'; readonly location: string; readonly told: Told };

/** What `backend.json` says of the source. */
type Told = Readonly<Record<string, unknown>>;

/** Flags whose values are nobody's business. */
const SECRET_FLAG = /token|secret|key|password|credential|auth/i;

/** @throws {ImportRefused} unless there is one source, and it can be read */
export function readSource({ stdio, url, openapi, header }: SourceChoice): ImportSource {
  const given = [stdio, url, openapi].filter((value) => value !== undefined).length;
  if (given !== 1)
    throw new ImportRefused('Name one source: --stdio "<command>", --url <url> or --openapi <file or url>.');
  if (stdio !== undefined) return fromCommand(stdio);
  if (url !== undefined) return fromUrl(url, header);
  const location = openapi ?? '';
  return {
    kind: 'openapi',
    location,
    told: { openapi: URL.canParse(location) ? withoutSecrets(new URL(location)) : location },
  };
}

function fromCommand(line: string): ImportSource {
  const command = parseCommand(line);
  if (!command.ok) throw new ImportRefused(`The --stdio command cannot be read: ${command.message}.`);
  const words = [
    command.command,
    ...command.args.map((arg, i) => withoutSecret(arg, command.args[i - 1] ?? '')),
  ];
  const env = Object.keys(command.env);
  const told = { stdio: words.map(quoteWord).join(' '), ...(env.length === 0 ? {} : { env }) };
  return { kind: 'server', address: { kind: 'stdio', command }, told };
}

function fromUrl(text: string, lines: readonly string[]): ImportSource {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ImportRefused(`--url must be an http or https address; ${JSON.stringify(text)} is none.`);
  const headers = Object.fromEntries(lines.map(parseHeader));
  const names = Object.keys(headers);
  const told = { url: withoutSecrets(url), ...(names.length === 0 ? {} : { headers: names }) };
  return { kind: 'server', address: { kind: 'http', url, headers }, told };
}

function parseHeader(line: string): readonly [string, string] {
  const at = line.indexOf(':');
  const name = line.slice(0, at).trim();
  if (at < 1 || name === '') throw new ImportRefused('--header must be "Name: value".');
  return [name, line.slice(at + 1).trim()];
}

function withoutSecret(arg: string, before: string): string {
  const [flag = '', ...value] = arg.split('=');
  if (flag.startsWith('-') && value.length > 0) return SECRET_FLAG.test(flag) ? `${flag}=…` : arg;
  return before.startsWith('-') && SECRET_FLAG.test(before) && !before.includes('=') ? '…' : arg;
}

/** Neither name and password nor what a query holds. */
function withoutSecrets(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./~…-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;
}
