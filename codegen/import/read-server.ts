import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ParsedCommand } from '../../backend/remote/command-line.ts';
import { readLines } from '../../backend/remote/line-feed.ts';
import { isRecord, type RawSchema } from '../raw-schema.ts';
import { ImportRefused } from './import-refused.ts';
import { listPages } from './list-pages.ts';

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const LAST_WORDS_MS = 500;

/** Where a server is. */
export type ServerAddress =
  | { readonly kind: 'stdio'; readonly command: Extract<ParsedCommand, { ok: true }> }
  | { readonly kind: 'http'; readonly url: URL; readonly headers: Readonly<Record<string, string>> };

/** All that a server says of itself. */
export interface ServerListing {
  readonly name: string;
  readonly version: string;
  readonly instructions: string | undefined;
  readonly tools: readonly unknown[];
  readonly resources: readonly RawSchema[];
  /** What came from it that is no MCP message. */
  readonly strayMessages: readonly string[];
}

export interface ReadOptions {
  /** How long the server may take for one answer, in ms. */
  readonly timeoutMs: number;
  readonly onProgress: (what: string) => void;
}

/**
 * Asks an MCP server for everything that it lists.
 * @throws {ImportRefused} when it cannot be reached, dies, does not answer in time, or answers with something else
 */
export async function readServer(address: ServerAddress, options: ReadOptions): Promise<ServerListing> {
  const transport = openTransport(address);
  const stderr = 'stderr' in transport && transport.stderr instanceof Readable ? transport.stderr : undefined;
  const words = stderr === undefined ? undefined : readLines(stderr, () => undefined);
  const client = new Client({ name: 'athena-code-mode', version: '1' });
  const noise: string[] = [];
  client.onerror = (error) => void noise.push(error.message);
  const shown = describeAddress(address);
  options.onProgress(`Waiting for ${shown} …`);
  try {
    await client.connect(transport, { timeout: options.timeoutMs });
    const listing = await readListing(client, options);
    return { ...listing, strayMessages: noise };
  } catch (error) {
    await client.close().catch(() => undefined);
    // Whatever it has started may hold its stderr open.
    await Promise.race([words?.ended, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    const last = words?.tail() ?? [];
    throw new ImportRefused(describeFailure(shown, error, last, noise, options.timeoutMs), { cause: error });
  } finally {
    await client.close().catch(() => undefined);
  }
}

function openTransport(address: ServerAddress): Transport & { readonly stderr?: unknown } {
  if (address.kind === 'http') {
    return new StreamableHTTPClientTransport(address.url, {
      requestInit: { headers: { ...address.headers } },
    });
  }
  const { command, args, env } = address.command;
  return new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
    stderr: 'pipe',
    maxBufferSize: MAX_MESSAGE_BYTES,
  });
}

async function readListing(
  client: Client,
  { timeoutMs, onProgress }: ReadOptions,
): Promise<Omit<ServerListing, 'strayMessages'>> {
  const { name = 'unnamed', version = '' } = client.getServerVersion() ?? {};
  const tools = await listPages(client, 'tools', timeoutMs, (count) => onProgress(`${count} tools so far …`));
  // Resources are documentation here: a server that has some but does not list them is read without.
  const resources =
    client.getServerCapabilities()?.resources === undefined
      ? []
      : await listPages(client, 'resources', timeoutMs, () => undefined).catch(() => []);
  return {
    name,
    version,
    instructions: client.getInstructions(),
    tools,
    resources: resources.filter(isRecord),
  };
}

/** Without what may be secret: variables, credentials, the values of a query. */
function describeAddress(address: ServerAddress): string {
  if (address.kind === 'stdio') return JSON.stringify(address.command.command);
  return `${address.url.origin}${address.url.pathname}`;
}

function describeFailure(
  shown: string,
  error: unknown,
  lastWords: readonly string[],
  noise: readonly string[],
  timeoutMs: number,
): string {
  const [odd] = noise.filter((message) => /JSON|Unexpected|expected|invalid/i.test(message));
  const parts = [
    `${shown} could not be read as an MCP server: ${whyOf(error, timeoutMs)}`,
    ...(odd === undefined ? [] : [`What it sent was no MCP message: ${odd.split('\n')[0]?.slice(0, 200)}`]),
    ...(lastWords.length === 0 ? [] : [`The last lines of its stderr:\n${lastWords.join('\n')}`]),
  ];
  return parts.join('\n');
}

function whyOf(error: unknown, timeoutMs: number): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(
    /^(?:MCP error -?\d+: )+/,
    '',
  );
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such program. Check the command, or install it.';
  if (code === -32001)
    return `it did not answer within ${timeoutMs} ms. Raise --timeout, or see why it hangs.`;
  if (/connection closed/i.test(message)) return 'it ended before it had answered.';
  if (code === 401 || code === 403)
    return `it answered with HTTP ${code}. Give what it asks for with --header "Authorization: …".`;
  return `${message.trim()}${cause}${typeof code === 'number' && code > 0 ? ` (HTTP ${code})` : ''}`;
}
