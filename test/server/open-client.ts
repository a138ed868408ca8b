import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import type { Reply } from '../../runtime/reply.ts';

/** The built server, as the package ships it. */
export const MAIN = resolve(import.meta.dirname, '../../dist/runtime/main.js');

/** The command of a backend that speaks Athena's convention with one tool, and answers as its query says. */
export const ATHENA_LIKE = `"${process.execPath}" "${resolve(import.meta.dirname, 'fixtures/athena-like-server.ts')}"`;

export interface Connection {
  readonly client: Client;
  readonly pid: number;
  /** What the server has logged so far. */
  log(): string;
  execute(code: string, more?: Record<string, unknown>): Promise<Reply>;
  discover(args: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** A person behind a client, who is shown a question and answers it, unless it is taken back. */
export type Person = (message: string, takenBack: AbortSignal) => ElicitResult | Promise<ElicitResult>;

/**
 * Starts the built server and connects the SDK's own client to it over stdio.
 * @param person whom the client can ask; it offers no elicitation when left out
 * @param env variables for the server, beside those that the SDK passes on by itself
 */
export async function openClient(
  dataDirectory: string,
  flags: readonly string[] = [],
  person?: Person,
  env: Readonly<Record<string, string>> = {},
): Promise<Connection> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [
      '--disable-sigusr1',
      MAIN,
      '--data-dir',
      dataDirectory,
      '--limit',
      'executionsPerMinute=10000',
      ...flags,
    ],
    env: { ...getDefaultEnvironment(), ...env },
    stderr: 'pipe',
  });
  let log = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const capabilities = person === undefined ? {} : { elicitation: {} };
  const client = new Client({ name: 'test', version: '1' }, { capabilities });
  if (person !== undefined)
    client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) => person(params.message, signal));
  await client.connect(transport);
  const callTool = async (name: string, args: Record<string, unknown>) =>
    (await client.callTool({ name, arguments: args })) as {
      content: { type: string; text: string }[];
      structuredContent?: unknown;
    };
  return {
    client,
    pid: transport.pid!,
    log: () => log,
    execute: async (code, more = {}) =>
      (await callTool('execute', { code, ...more })).structuredContent as Reply,
    discover: async (args) => (await callTool('discover', args)).content[0]!.text,
    close: () => client.close(),
  };
}

/** A new directory that goes when `dispose` is called. */
export function openTemporaryDirectory(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'athena-test-'));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

/** What the system says of a process; empty for one that has gone meanwhile (Linux). */
export function readProcess(pid: number, file: 'cmdline' | 'stat' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** The processes below this one, down to its grandchildren and further (Linux). */
export async function processesBelow(pid: number): Promise<readonly number[]> {
  const { readdir, readFile } = await import('node:fs/promises');
  // A process is the child of the thread that started it.
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  const children = texts.flatMap((text) => text.split(' ').filter(Boolean).map(Number));
  return [...children, ...(await Promise.all(children.map(processesBelow))).flat()];
}
