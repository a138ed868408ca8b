import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TestEngine } from '../../open-test-engine.ts';
import { openCompiled, published, type Workshop } from './import-process.ts';
import { openImportedEngine, typeCheckOutput } from './imported-engine.ts';

interface Backend {
  readonly workshop: Workshop;
  readonly engine: TestEngine;
}

/** Imports a server, compiles and type checks what that comes to, and starts the engine around it. */
async function openBackend(t: TestContext, name: string, command: string): Promise<Backend> {
  const workshop = await openCompiled(t, name, ['--stdio', command]);
  assert.equal(typeCheckOutput(workshop.out), '');
  const engine = await openImportedEngine(workshop.out, command);
  t.after(() => engine.close());
  return { workshop, engine };
}

/** What a program returns; it must run, and every result must be what the schemas say. */
async function resultOf(engine: TestEngine, code: string): Promise<any> {
  const outcome = await engine.run(code);
  assert.ok(outcome.kind === 'finished', JSON.stringify(outcome));
  assert.deepEqual(
    outcome.warnings.filter(({ code }) => code === 'RESULT_MISMATCH'),
    [],
  );
  return outcome.value;
}

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'files-')));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('the official everything server: text, structured content and blocks are results', async (t) => {
  const { workshop, engine } = await openBackend(t, 'everything', published('everything'));
  const value = await resultOf(
    engine,
    `const said = await everything.tools.echo({ message: 'hello' });
     const weather = await everything.tools.getStructuredContent({ location: 'Chicago' });
     const image = await everything.tools.getTinyImage();
     return { said, weather: Object.keys(weather).sort(), blocks: image.content.map(({ type }) => type) };`,
  );
  assert.deepEqual(value, {
    said: 'Echo: hello',
    weather: ['conditions', 'humidity', 'temperature'],
    blocks: ['text', 'image', 'text'],
  });
  const notes = workshop.read('backend.json');
  assert.equal(notes.server.name, 'mcp-servers/everything');
  assert.ok(notes.instructions.length > 0 && notes.resources.length > 0);
  await t.test('a wrong argument is refused before the program starts', () => refusesWrongArguments(engine));
  await t.test('levels 1 and 2 show it under its own name', () => showsItsLevels(engine));
});

async function refusesWrongArguments(engine: TestEngine): Promise<void> {
  const outcome = await engine.run('return everything.tools.getSum({ a: 1, b: "2" });');
  assert.ok(outcome.kind !== 'finished');
  assert.match(JSON.stringify(outcome), /string/);
}

async function showsItsLevels(engine: TestEngine): Promise<void> {
  const overview = await engine.disclosure.discover({});
  assert.ok(overview.ok);
  assert.match(overview.text, /^everything: 13 operations in 13 tools/);
  assert.match(overview.text, /^- everything: tools 13$/m);
  for (const path of ['everything', 'tools']) {
    const list = await engine.disclosure.discover({ path, level: 2 });
    assert.ok(list.ok);
    assert.match(list.text, /getSum/);
  }
  const signature = await engine.disclosure.discover({ path: 'everything.tools.getSum' });
  assert.ok(signature.ok && signature.text.includes('getSum(params: { a: number; b: number; }'));
}

test('the official memory server: what was written is read back', async (t) => {
  const folder = folderWith(t, {});
  const command = `MEMORY_FILE_PATH='${join(folder, 'memory.jsonl')}' ${published('memory')}`;
  const { workshop, engine } = await openBackend(t, 'memories', command);
  const value = await resultOf(
    engine,
    `await memories.tools.createEntities({
       entities: [{ name: 'Athena', entityType: 'goddess', observations: ['wise'] }],
     });
     const { entities } = await memories.tools.searchNodes({ query: 'wise' });
     return entities.map(({ name }) => name);`,
  );
  assert.deepEqual(value, ['Athena']);
  const { importedFrom } = workshop.read('backend.json');
  assert.deepEqual(importedFrom.env, ['MEMORY_FILE_PATH']);
  assert.ok(!JSON.stringify(importedFrom).includes('memory.jsonl'), 'values of variables are not kept');
  const effects = workshop.read('tools.json').operations.map((it: any) => [it.tool, it.effect]);
  assert.equal(new Map(effects).get('delete_entities'), 'delete');
  assert.equal(new Map(effects).get('read_graph'), 'read');
});

test('the official filesystem server: a program joins two files into a third', async (t) => {
  const folder = folderWith(t, { 'a.txt': 'one', 'b.txt': 'two' });
  const { engine } = await openBackend(t, 'files', published('filesystem', folder));
  const value = await resultOf(
    engine,
    `const paths = ['a', 'b'].map((name) => ${JSON.stringify(folder)} + '/' + name + '.txt');
     const read = await Promise.all(paths.map((path) => files.tools.readTextFile({ path })));
     const path = ${JSON.stringify(folder)} + '/c.txt';
     await files.tools.writeFile({ path, content: read.map(({ content }) => content).join('+') });
     return (await files.tools.readTextFile({ path })).content;`,
  );
  assert.equal(value, 'one+two');
});

test('the official sequential-thinking server: its counts come back', async (t) => {
  const { engine } = await openBackend(t, 'thinking', published('sequential-thinking'));
  const value = await resultOf(
    engine,
    `const first = await thinking.tools.sequentialthinking({
       thought: 'Begin', thoughtNumber: 1, totalThoughts: 2, nextThoughtNeeded: true,
     });
     return [first.thoughtNumber, first.thoughtHistoryLength];`,
  );
  assert.deepEqual(value, [1, 1]);
});
