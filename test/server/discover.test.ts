import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';

const directory = openTemporaryDirectory();
let connection: Connection;
before(async () => {
  connection = await openClient(directory.path);
});
after(async () => {
  await connection.close();
  directory.dispose();
});

const LAYERS = ['episodic', 'semantic', 'procedural', 'prospective', 'graph', 'meta', 'consolidation', 'rag'];
const bytes = (text: string): number => Buffer.byteLength(text);

test('there are two tools, and their definitions cost at most 600 tokens', async () => {
  const { tools } = await connection.client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['discover', 'execute'],
  );
  assert.ok(encode(JSON.stringify(tools)).length <= 600, `${encode(JSON.stringify(tools)).length} tokens`);
});

test('level 1 names every layer and counts all operations, within 1 KB', async () => {
  const text = await connection.discover({});
  for (const layer of LAYERS) assert.ok(text.includes(layer), layer);
  assert.match(text, /\b271\b/);
  assert.ok(bytes(text) <= 1_024, `${bytes(text)} bytes`);
});

test('level 2 gives every layer within 5 KB, and all layers together every operation', async () => {
  const texts = await Promise.all(LAYERS.map((path) => connection.discover({ path, level: 2 })));
  for (const [index, text] of texts.entries())
    assert.ok(bytes(text) <= 5_120, `${LAYERS[index]}: ${bytes(text)} bytes`);
  const { catalogue } = await import('../../generated/catalogue.ts');
  assert.equal(catalogue.operations.length, 271);
  const all = texts.join('\n');
  for (const { method } of catalogue.operations) assert.ok(all.includes(method), method);
});

test('level 3 gives a namespace typed signatures within 10 KB, for every namespace', async () => {
  const { catalogue } = await import('../../generated/catalogue.ts');
  for (const namespace of new Set(catalogue.operations.map((operation) => operation.namespace))) {
    const text = await connection.discover({ path: namespace, level: 3 });
    assert.ok(bytes(text) <= 10_240, `${namespace}: ${bytes(text)} bytes`);
    for (const { method } of catalogue.operations.filter((operation) => operation.namespace === namespace)) {
      assert.ok(text.includes(`${method}(`), `${namespace}.${method}`);
    }
  }
  assert.match(await connection.discover({ path: 'memory.recall' }), /recall\(params: \{.*query: string/s);
});

test('level 4 gives schema, an example that runs, and the source, within 50 KB', async () => {
  const text = await connection.discover({ path: 'memory.recall', level: 4 });
  assert.match(text, /athena\.memory\.recall\(/);
  assert.match(text, /"query"/);
  assert.match(text, /defineOperation/);
  assert.ok(bytes(text) <= 51_200);
});

test('search finds an operation by intent, and an exact name first', async () => {
  assert.match(await connection.discover({ query: 'find memories about a topic' }), /memory\.recall/);
  const [, first] =
    /athena\.([a-z]\w*\.\w+)/i.exec(await connection.discover({ query: 'create_memory_version' })) ?? [];
  assert.equal(first, 'zettelkasten.createMemoryVersion');
});

test('what is not served is shown as not served', async () => {
  assert.match(await connection.discover({ path: 'financial.trackBudget' }), /not served/i);
  assert.doesNotMatch(await connection.discover({ path: 'memory.recall' }), /not served/i);
});

test('an unknown path is refused with near names', async () => {
  const reply = JSON.parse(await connection.discover({ path: 'memory.recal' }));
  assert.equal(reply.error.code, 'UNKNOWN_PATH');
  assert.match(reply.error.message, /memory\.recall/);
});

test('unknown arguments are refused, not ignored', async () => {
  const reply = JSON.parse(await connection.discover({ layer: 'episodic' }));
  assert.equal(reply.error.code, 'INVALID_REQUEST');
  assert.match(reply.error.message, /layer/);
});

test('the resources show the same', async () => {
  const read = async (uri: string): Promise<string> => {
    const { contents } = await connection.client.readResource({ uri });
    return (contents[0] as { text: string }).text;
  };
  assert.equal(await read('athena://manifest'), await connection.discover({}));
  assert.equal(await read('athena://layer/rag'), await connection.discover({ path: 'rag', level: 2 }));
  assert.match(await read('athena://operation/memory.recall'), /recall\(/);
  assert.match(await read('athena://source/memory.recall'), /defineOperation/);
  assert.match(await read('athena://types'), /declare const athena/);
  await assert.rejects(read('athena://operation/memory.recal'), /UNKNOWN_PATH/);
  await assert.rejects(read('athena://results/none'), /UNKNOWN_PATH/);
  await assert.rejects(read('file:///etc/passwd'), /UNKNOWN_PATH/);
  const { resources } = await connection.client.listResources();
  assert.ok(resources.some(({ uri }) => uri === 'athena://manifest'));
  const { resourceTemplates } = await connection.client.listResourceTemplates();
  assert.ok(resourceTemplates.some(({ uriTemplate }) => uriTemplate.startsWith('athena://results/')));
});
