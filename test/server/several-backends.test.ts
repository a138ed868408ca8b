import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../codegen/codegen-process.ts';
import { fixture, openCompiled, published } from '../codegen/import/import-process.ts';
import { openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

/** Imports and compiles a server; answers the flag that serves it. */
async function further(t: TestContext, name: string, command: string): Promise<string> {
  const workshop = await openCompiled(t, name, ['--stdio', command]);
  return `--also=${workshop.out}=${command}`;
}

test('a program calls three backends at once, each by a root of its own', async (t) => {
  const directory = openTemporaryDirectory();
  t.after(() => directory.dispose());
  const flags = [
    await further(t, 'everything', published('everything')),
    await further(t, 'thinking', published('sequential-thinking')),
  ];
  const server = await openClient(directory.path, flags);
  t.after(() => server.close());

  const overview = await server.discover({});
  assert.match(overview, /\n- everything: /);
  assert.match(overview, /\n- thinking: /);
  assert.ok(Buffer.byteLength(overview) <= 1_024);
  assert.match(await server.discover({ query: 'echo a message' }), /everything\.tools\.echo/);
  assert.match(await server.discover({ path: 'everything.tools.echo' }), /message: string/);

  const reply = await server.execute(`
    const [said, thought, { memory_id }] = await Promise.all([
      everything.tools.echo({ message: 'hello' }),
      thinking.tools.sequentialthinking({ thought: 'one', thoughtNumber: 1, totalThoughts: 1, nextThoughtNeeded: false }),
      athena.memory.remember({ content: 'said hello', memory_type: 'fact' }),
    ]);
    return { said, thoughts: thought.thoughtHistoryLength, isStored: memory_id > 0 };`);
  assert.deepEqual(reply.value, { said: 'Echo: hello', thoughts: 1, isStored: true }, JSON.stringify(reply));
  assert.deepEqual(reply.effects, {
    read: ['everything.tools.echo', 'thinking.tools.sequentialthinking'],
    write: ['memory.remember'],
  });

  const misspelt = await server.execute("await everything.tools.ecko({ message: 'hello' })");
  assert.equal(misspelt.error?.code, 'UNKNOWN_OPERATION');
  assert.match(misspelt.error?.suggestion ?? '', /everything\.tools\.echo/);
  const wrong = await server.execute('await everything.tools.echo({ message: 5 })');
  assert.equal(wrong.error?.code, 'TYPE_ERROR');
  const computed = await server.execute("return Object.keys(everything['to' + 'ols']).length");
  const messages = computed.warnings?.map(({ message }) => message).join('\n') ?? '';
  assert.match(messages, /`everything\.tools` is reached by computed access/);
});

test('the resources list a layer for each backend, however many namespaces it has, and each can be read', async (t) => {
  const list = join(temporaryFolder(t), 'tools.json');
  const tools = Array.from({ length: 300 }, (_, i) => ({
    name: `part_${i}_tools`,
    inputSchema: {
      type: 'object',
      properties: { operation: { enum: ['start', 'stop'] } },
      required: ['operation'],
    },
  }));
  writeFileSync(list, JSON.stringify(tools));
  const directory = openTemporaryDirectory();
  t.after(() => directory.dispose());
  const flags = [
    await further(t, 'large', fixture('odd-server.ts', list)),
    await further(t, 'thinking', published('sequential-thinking')),
  ];
  const server = await openClient(directory.path, flags);
  t.after(() => server.close());

  const { resources } = await server.client.listResources();
  const layers = resources.map(({ uri }) => uri).filter((uri) => uri.startsWith('athena://layer/'));
  assert.equal(layers.length, 10);
  assert.deepEqual(layers.slice(-2), ['athena://layer/large', 'athena://layer/thinking']);
  assert.ok(Buffer.byteLength(JSON.stringify(resources)) <= 2_500);
  for (const uri of layers) {
    const { contents } = await server.client.readResource({ uri });
    const text = contents.map((content) => ('text' in content ? content.text : '')).join('');
    assert.match(text, new RegExp(`^# ${uri.slice('athena://layer/'.length)} layer: [1-9]`));
    assert.ok(Buffer.byteLength(text) <= 5_120);
  }
});

for (const [what, flag] of [
  ['has no command', '--also=generated'],
  ['is not there', `--also=${join('no', 'such', 'folder')}=true`],
  ['has the name of another', `--also=${join(import.meta.dirname, '../../generated')}=true`],
] as const) {
  test(`a further backend that ${what} is told, and nothing is started`, async (t) => {
    const directory = openTemporaryDirectory();
    t.after(() => directory.dispose());
    const { code, stderr } = await runToEnd(['--data-dir', directory.path, flag]);
    assert.equal(code, 1);
    assert.match(stderr, /INVALID_SETTING: /);
  });
}
