import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refName, type Schema, type SchemaObject } from '../../../codegen/schema.ts';
import { type Imported, importTools, object } from './import-tools.ts';

const tool = (name: string, more: object = {}): any => ({
  name,
  description: `Does ${name} as it is told.`,
  inputSchema: object({ id: { type: 'integer' } }, { required: ['id'] }),
  ...more,
});

function operation({ workshop }: Pick<Imported, 'workshop'>, name: string): any {
  return workshop.read('tools.json').operations.find((it: any) => it.tool === name);
}

/** The name of the type that a schema refers to. */
function typeOf(schema: Schema | undefined): string {
  const { $ref = '' } = typeof schema === 'object' ? schema : {};
  return refName($ref) ?? assert.fail(`no type: ${JSON.stringify(schema)}`);
}

/** Changes an operation as a person would: in its file. */
function edit(
  { workshop }: Pick<Imported, 'workshop'>,
  name: string,
  change: (operation: any) => void,
): void {
  const file = workshop.read('tools.json');
  change(file.operations.find((it: any) => it.tool === name));
  workshop.write('tools.json', file);
}

function contents(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

const BY_HAND = {
  summary: 'Do one as we need it',
  description: 'Written by hand, with what we know of it.',
  examples: [{ title: 'The first one', parameters: { id: 1 } }],
  tags: ['ours'],
  effect: 'admin',
  related: ['tools.two'],
  timeoutMs: 5000,
};

test('importing again without a change upstream changes no byte', async (t) => {
  const first = await importTools(t, [tool('one'), tool('two')]);
  const before = contents(first.workshop.schemas);
  const { code, stdout } = await first.again([tool('one'), tool('two')]);
  assert.equal(code, 0);
  assert.match(stdout, /^Wrote 0 files .*: 2 operations: 0 added, 0 changed, 0 removed, 0 conflicts\n$/);
  assert.deepEqual(contents(first.workshop.schemas), before);
});

test('what was written by hand stays, and what the backend changed comes in beside it', async (t) => {
  const first = await importTools(t, [tool('one'), tool('two')]);
  edit(first, 'one', (it) => {
    Object.assign(it, BY_HAND);
    it.parameters.properties.id.description = 'Which one, by hand';
  });
  const inputSchema = object(
    { id: { type: 'integer', minimum: 1 }, deep: { type: 'boolean' } },
    { required: ['id'] },
  );
  const second = await first.again([tool('one', { inputSchema }), tool('two')]);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /^~ tools\.one: parameters$/m);
  assert.match(second.stdout, /1 changed, 0 removed, 0 conflicts/);
  const merged = operation(second, 'one');
  for (const [part, value] of Object.entries(BY_HAND)) assert.deepEqual(merged[part], value, part);
  assert.deepEqual(merged.parameters.properties, {
    id: { type: 'integer', minimum: 1, description: 'Which one, by hand' },
    deep: { type: 'boolean' },
  });
  assert.equal(second.workshop.compile().code, 0);
});

test('what changed in a type is listed where it is referred to', async (t) => {
  const withType = (inner: object): any =>
    tool('one', {
      inputSchema: object({ place: { $ref: '#/$defs/Place' } }, { $defs: { Place: object(inner) } }),
    });
  const first = await importTools(t, [withType({ x: { type: 'integer' } }), tool('two')]);
  const second = await first.again([withType({ x: { type: 'string' } }), tool('two')]);
  assert.match(
    second.stdout,
    /^~ tools\.one: parameters\nWrote 2 files .* 1 changed, 0 removed, 0 conflicts\n$/,
  );
});

test('where both changed the same, the hand wins and the conflict is listed, each time', async (t) => {
  const first = await importTools(t, [tool('one')]);
  edit(first, 'one', (it) => Object.assign(it, { description: 'Our own words.' }));
  const { stdout, workshop } = await first.again([tool('one', { description: 'Their new words.' })]);
  assert.match(
    stdout,
    /^! tools\.one\/description: "Our own words\." was written by hand and stays; the backend now has "Their new words\."$/m,
  );
  assert.match(stdout, /1 conflict/);
  assert.equal(operation({ workshop }, 'one').description, 'Our own words.');
  const third = await first.again([tool('one', { description: 'Their new words.' })]);
  assert.match(third.stdout, /0 conflicts/, 'it is known by now, and no news');
  assert.equal(operation(third, 'one').description, 'Our own words.');
});

test('additions and removals are listed, and what is gone is related to nothing', async (t) => {
  const first = await importTools(t, [tool('one'), tool('two')]);
  edit(first, 'one', (it) => Object.assign(it, { related: ['tools.two'] }));
  const { code, stdout, workshop } = await first.again([tool('one'), tool('three')]);
  assert.equal(code, 0);
  assert.match(stdout, /^\+ tools\.three$/m);
  assert.match(stdout, /^- tools\.two$/m);
  const tools = workshop.read('tools.json').operations.map((it: any) => it.tool);
  assert.deepEqual(tools, ['one', 'three']);
  assert.deepEqual(operation({ workshop }, 'one').related, []);
});

test('what was written by hand goes along when a namespace gets another name', async (t) => {
  const first = await importTools(t, [tool('one'), tool('two')]);
  edit(first, 'one', (it) => {
    it.result = { $ref: '#/$defs/Said' };
    it.related = ['tools.two'];
    it.deprecated = { since: '2', use: 'tools.two' };
  });
  const file = first.workshop.read('tools.json');
  first.workshop.write('tools.json', {
    ...file,
    description: 'By hand',
    $defs: { Said: { type: 'string' } },
  });
  const { code, stderr } = await first.again([tool('one'), tool('two')], ['--rename', 'tools=things']);
  assert.equal(code, 0, stderr);
  const { description, $defs, operations } = first.workshop.read('things.json');
  assert.equal(description, 'By hand');
  assert.deepEqual($defs, { Said: { type: 'string' } });
  const [one] = operations;
  assert.deepEqual(one.result, { $ref: '#/$defs/Said' });
  assert.deepEqual([one.related, one.deprecated.use], [['things.two'], 'things.two']);
});

test('a type keeps its name, and what a hand wrote of it, when a tool before it brings one of that name', async (t) => {
  const withItem = (name: string, property: string) =>
    tool(name, {
      inputSchema: object(
        { item: { $ref: '#/$defs/Item' } },
        { $defs: { Item: object({ [property]: { type: 'string' } }) } },
      ),
    });
  const first = await importTools(t, [withItem('one', 'a'), withItem('two', 'b')]);
  const file = first.workshop.read('tools.json');
  file.$defs.Item.description = 'The item of one';
  file.$defs.Item2.description = 'The item of two';
  first.workshop.write('tools.json', file);
  const now = [withItem('zero', 'z'), withItem('two', 'b'), withItem('one', 'a')];
  const { stdout } = await first.again(now);
  assert.match(stdout, /1 added, 0 changed, 0 removed, 0 conflicts/);
  const { $defs, operations } = first.workshop.read('tools.json');
  assert.deepEqual(
    operations.map((it: { parameters: SchemaObject }) => $defs[typeOf(it.parameters.properties?.item)]),
    [
      object({ z: { type: 'string' } }),
      object({ b: { type: 'string' } }, { description: 'The item of two' }),
      object({ a: { type: 'string' } }, { description: 'The item of one' }),
    ],
  );
  assert.match((await first.again(now)).stdout, /Wrote 0 files/);
});

test('a tool that becomes a tool of operations leaves its old file for a new one', async (t) => {
  const first = await importTools(t, [tool('one')]);
  const inputSchema = object(
    { operation: { type: 'string', enum: ['read', 'write'] } },
    { required: ['operation'] },
  );
  const { stdout, workshop } = await first.again([tool('one', { inputSchema })]);
  assert.deepEqual(stdout.match(/^[+-] .*$/gm), ['+ one.read', '+ one.write', '- tools.one']);
  assert.deepEqual(readdirSync(workshop.schemas).sort(), ['backend.json', 'imported.json', 'one.json']);
});

test('--dry-run lists the same and writes nothing', async (t) => {
  const first = await importTools(t, [tool('one')]);
  const before = contents(first.workshop.schemas);
  const { code, stdout } = await first.again([tool('one'), tool('two')], ['--dry-run']);
  assert.equal(code, 0);
  assert.match(stdout, /^\+ tools\.two$/m);
  assert.match(stdout, /^Would write /m);
  assert.deepEqual(contents(first.workshop.schemas), before);
});

test('an example that no longer fits is reported where it stands', async (t) => {
  const first = await importTools(t, [tool('one')]);
  edit(first, 'one', (it) => Object.assign(it, { examples: BY_HAND.examples }));
  const inputSchema = object({ id: { type: 'string' } }, { required: ['id'] });
  const { code, stderr } = await first.again([tool('one', { inputSchema })]);
  assert.equal(code, 1);
  assert.match(stderr, /^tools\.json:\d+ \/operations\/0\/examples\/0\/parameters\/id$/m);
  assert.match(stderr, /1 mistake in .* to be mended by hand/);
});

test('a file that was broken by hand stops the import before anything is written', async (t) => {
  const first = await importTools(t, [tool('one')]);
  writeFileSync(join(first.workshop.schemas, 'tools.json'), '{ "operations": [');
  const before = contents(first.workshop.schemas);
  const { code, stderr } = await first.again([tool('one'), tool('two')]);
  assert.equal(code, 2);
  assert.match(stderr, /tools\.json is no JSON: .*Mend it, or take it back from version control/);
  assert.deepEqual(contents(first.workshop.schemas), before);
});

test('files that people put beside the schemas are not touched', async (t) => {
  const first = await importTools(t, [tool('one')]);
  writeFileSync(join(first.workshop.schemas, 'README.md'), 'ours');
  await first.again([tool('two')]);
  assert.equal(readFileSync(join(first.workshop.schemas, 'README.md'), 'utf8'), 'ours');
});
