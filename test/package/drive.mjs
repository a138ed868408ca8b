// Plain JavaScript, so that it runs on an old Node too. Argument: the binary to start.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const client = new Client({ name: 'package-test', version: '1' });
const env = { ...process.env };
await client.connect(new StdioClientTransport({ command: process.argv[2], env }));
const { tools } = await client.listTools();
const code =
  "await athena.memory.remember({ content: 'packed', memory_type: 'fact' }); return (await athena.memory.recall({ query: 'packed' })) !== undefined;";
const { structuredContent: reply } = await client.callTool({ name: 'execute', arguments: { code } });
await client.close();
if (tools.length !== 2 || reply.value !== true) throw new Error(JSON.stringify(reply));
process.stdout.write(
  `the packed package works on Node ${process.versions.node}: ${tools.map(({ name }) => name).join(', ')}\n`,
);
