/**
 * Asks a server that it starts, through a real MCP client, and prints what an agent is told:
 * `npx node demo/ask.ts discover '{"path": "memory.recall"}' [flags of the server]`. In place of the arguments of
 * `execute`, a file with a program will do.
 */
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

const [name = 'discover', given = '{}', ...flags] = process.argv.slice(2);
const args = given.startsWith('{') ? JSON.parse(given) : { code: readFileSync(given, 'utf8') };
const client = new Client({ name: 'ask', version: '1' });
await client.connect(
  new StdioClientTransport({
    command: 'npm',
    args: ['run', '--silent', 'serve', '--', ...flags],
    stderr: 'ignore',
  }),
);
const result = (await client.callTool({ name, arguments: args })) as CallToolResult;
for (const block of result.content) if (block.type === 'text') process.stdout.write(`${block.text}\n`);
await client.close();
