/**
 * A tour: starts the built server, connects a real MCP client to it over stdio, walks the four levels, runs a
 * program, and shows what all of that cost beside direct tool calls.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { OperationId } from '../runtime/contract/catalogue.ts';
import type { JsonObject } from '../runtime/contract/json.ts';
import type { Reply } from '../runtime/reply.ts';
import { countTokens, measureDirect } from './direct.ts';
import { PROGRAM } from './program.ts';

const WALK: readonly (readonly [string, JsonObject])[] = [
  ['level 1: the layers', {}],
  ['level 2: one layer, a line an operation', { path: 'rag', level: 2 }],
  ['level 3: the typed signature of an operation', { path: 'episodic.batchRecordEvents', level: 3 }],
  ['level 4: its schema, examples and source', { path: 'episodic.batchRecordEvents', level: 4 }],
  ['and by intent', { query: 'turn recorded events into lasting patterns' }],
];
const SHOWN_LINES = 12;

const print = (text = ''): void => void process.stdout.write(`${text}\n`);
const heading = (text: string): void => print(`\n${styleText(['bold', 'cyan'], text)}`);
const dim = (text: string): string => styleText('dim', text);
const ms = (value: number): string => `${value.toFixed(1)} ms`;

function printIndented(text: string, most = Number.POSITIVE_INFINITY): void {
  const lines = text.trimEnd().split('\n');
  for (const line of lines.slice(0, most)) print(`  ${line}`);
  if (lines.length > most) print(dim(`  … ${lines.length - most} more lines`));
}

const textOf = (result: CallToolResult): string =>
  result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');

async function walk(client: Client): Promise<number> {
  let tokens = 0;
  for (const [title, args] of WALK) {
    const text = textOf((await client.callTool({ name: 'discover', arguments: args })) as CallToolResult);
    tokens += countTokens(JSON.stringify(args)) + countTokens(text);
    heading(`discover ${JSON.stringify(args)}  ${dim(`${title}, ${Buffer.byteLength(text)} bytes`)}`);
    printIndented(text, SHOWN_LINES);
  }
  return tokens;
}

async function run(client: Client): Promise<{ readonly reply: Reply; readonly tokens: number }> {
  heading('execute: what the agent sent');
  printIndented(PROGRAM);
  const start = performance.now();
  const result = (await client.callTool({ name: 'execute', arguments: { code: PROGRAM } })) as CallToolResult;
  const elapsed = performance.now() - start;
  const reply = result.structuredContent as unknown as Reply;
  if (!reply.ok) throw new Error(textOf(result));
  heading('its effects, known before it ran');
  for (const [effect, operations] of Object.entries(reply.effects))
    print(`  ${effect.padEnd(6)} ${operations.join(', ')}`);
  heading('what came back');
  printIndented(JSON.stringify(reply.value, undefined, 2));
  for (const line of reply.logs ?? []) print(dim(`  ${line}`));
  heading('time');
  const { checkMs, waitMs, runMs, filterMs, totalMs, calls, wrote } = reply.metrics;
  print(
    `  check ${ms(checkMs)}, wait ${ms(waitMs)}, run ${ms(runMs)} with ${calls} calls of which ${wrote} wrote,`,
  );
  print(`  filter ${ms(filterMs)}; inside the engine ${ms(totalMs)}, seen by the client ${ms(elapsed)}`);
  return { reply, tokens: countTokens(JSON.stringify({ code: PROGRAM })) + countTokens(textOf(result)) };
}

/** The calls that the program made, as an agent with direct tools would make them. */
function directCalls(): readonly { readonly id: OperationId; readonly params: JsonObject }[] {
  const events = [1, 2, 3, 4].flatMap((evening) =>
    ['checkout', 'search', 'billing'].flatMap((service) => {
      const context = { session_id: `evening-${evening}` };
      const failed = service === 'checkout' && evening % 2 === 0;
      const content = `Deployed ${service} release ${evening}${failed ? ': the migration timed out' : ''}`;
      return [
        {
          event_type: 'test',
          content: `Ran the ${service} tests before release ${evening}`,
          outcome: 'success',
          context,
        },
        { event_type: 'deploy', content, outcome: failed ? 'failure' : 'success', context },
      ];
    }),
  );
  return [
    { id: 'episodic.batchRecordEvents', params: { events } },
    { id: 'consolidation.runConsolidation', params: { strategy: 'session' } },
    { id: 'rag.retrieveSmart', params: { query: 'why did the checkout deployment fail', limit: 20 } },
    { id: 'episodic.recallEvents', params: { event_type: 'deploy', limit: 100 } },
    { id: 'memory.recall', params: { query: 'deploy', memory_types: ['pattern'], k: 20 } },
  ];
}

async function compareTokens(
  directory: string,
  definitions: number,
  discovered: number,
  program: number,
): Promise<void> {
  const direct = await measureDirect(directory, directCalls());
  const row = (name: string, ours: number, theirs: number): void =>
    print(`  ${name.padEnd(34)} ${String(ours).padStart(8)} ${String(theirs).padStart(14)}`);
  heading('tokens (o200k_base), of the real payloads');
  print(`  ${''.padEnd(34)} ${'code mode'.padStart(8)} ${'direct tools'.padStart(13)}`);
  row('tool definitions in the prompt', definitions, direct.definitions);
  row('discovery', discovered, 0);
  row(`program and reply | ${direct.calls} calls`, program, direct.requests + direct.results);
  const ours = definitions + discovered + program;
  const theirs = direct.definitions + direct.requests + direct.results;
  row('together', ours, theirs);
  print(`  ${(100 * (1 - ours / theirs)).toFixed(1)} % fewer, each payload counted once`);
}

async function tour(directory: string): Promise<void> {
  const main = fileURLToPath(new URL('../dist/runtime/main.js', import.meta.url));
  if (!existsSync(main)) throw new Error('dist/ is missing: run npm run build');
  const start = performance.now();
  const args = ['--disable-sigusr1', main, '--data-dir', directory, '--log-level', 'warning'];
  const client = new Client({ name: 'tour', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  try {
    const { tools } = await client.listTools();
    heading('the server is up');
    print(
      `  started, connected and listed its tools (${tools.map(({ name }) => name).join(', ')}) in ${ms(performance.now() - start)}`,
    );
    const discovered = await walk(client);
    const { tokens } = await run(client);
    await compareTokens(directory, countTokens(JSON.stringify(tools)), discovered, tokens);
  } finally {
    await client.close();
  }
}

const directory = mkdtempSync(join(tmpdir(), 'athena-tour-'));
try {
  await tour(directory);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
