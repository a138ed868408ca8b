import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { PROGRAM } from '../../demo/program.ts';
import { MAIN, openTemporaryDirectory } from '../server/open-client.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...README.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'g'))].map(([, text]) => text!);

test('the snippet for an MCP client works as pasted, in a checkout', async () => {
  const [snippet] = blocks('json');
  assert.deepEqual(JSON.parse(snippet!), JSON.parse(readFileSync(join(ROOT, '.mcp.json'), 'utf8')));
  const { command, args } = JSON.parse(snippet!).mcpServers.athena;
  const directory = openTemporaryDirectory();
  const env = { ...getDefaultEnvironment(), ATHENA_DATA_DIR: directory.path };
  const client = new Client({ name: 'readme', version: '1' });
  await client.connect(new StdioClientTransport({ command, args, cwd: ROOT, env, stderr: 'ignore' }));
  const { structuredContent } = (await client.callTool({
    name: 'execute',
    arguments: { code: 'return 6 * 7' },
  })) as any;
  await client.close();
  directory.dispose();
  assert.equal(structuredContent.value, 42);
});

test('the program shown is the program that the tour runs', () => {
  assert.equal(blocks('ts')[0], PROGRAM);
});

test('the help shown is what the server prints', () => {
  const help = execFileSync(process.execPath, [MAIN, '--help'], {
    encoding: 'utf8',
    env: { HOME: '/' },
  }).trimEnd();
  const plain = (text: string): string =>
    text.replace(/\s+/g, ' ').replace(/default: "[^"]*athena-code-mode"/, '');
  assert.ok(plain(README).includes(plain(help)));
});

test('every file and script that the pages name exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const [, script = ''] of README.matchAll(/`npm run (?:--silent )?([a-z]+)/g))
    assert.ok(Object.hasOwn(scripts, script), script);
  for (const page of ['README.md', 'docs/follow-one-program.md', 'docs/decisions/README.md']) {
    const text = readFileSync(join(ROOT, page), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
      assert.ok(existsSync(join(ROOT, dirname(page), link)), `${page} links to ${link}`);
    }
  }
  const follow = readFileSync(join(ROOT, 'docs/follow-one-program.md'), 'utf8');
  const rooms = ['', 'runtime/check', 'runtime/sandbox'];
  for (const [, file] of follow.matchAll(/`([\w./-]+\.(?:ts|js|json))`/g)) {
    assert.ok(
      rooms.some((room) => existsSync(join(ROOT, room, file!))),
      `follow-one-program.md names ${file}`,
    );
  }
});
