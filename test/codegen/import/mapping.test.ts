import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, openWorkshop } from './import-process.ts';
import { importTools, object } from './import-tools.ts';
import { openImportedEngine, typeCheckOutput } from './imported-engine.ts';

const NOTES_TOOL = {
  name: 'note_tools',
  description: 'Keeps notes. Each has an id.',
  annotations: { readOnlyHint: false, destructiveHint: false },
  inputSchema: object(
    {
      operation: { type: 'string', enum: ['create_note', 'delete_note', 'LIST'] },
      limit: { type: 'integer' },
    },
    {
      required: ['operation'],
      allOf: [
        {
          if: { properties: { operation: { const: 'create_note' } }, required: ['operation'] },
          // biome-ignore lint/suspicious/noThenProperty: it is a schema
          then: { properties: { text: { type: 'string' } }, required: ['text'] },
        },
        {
          if: { properties: { operation: { enum: ['delete_note'] } } },
          // biome-ignore lint/suspicious/noThenProperty: it is a schema
          then: { properties: { id: { type: 'integer' } }, required: ['id'] },
          else: {},
        },
      ],
    },
  ),
};

test('a tool with an enum of operations becomes one operation for each, with what belongs to it', async (t) => {
  const { workshop, code, stderr, command } = await importTools(t, [NOTES_TOOL]);
  assert.equal(code, 0, stderr);
  const file = workshop.read('note.json');
  assert.equal(file.tool, 'note_tools');
  const parameters = file.operations.map((it: any) => [
    it.operation,
    it.parameters.properties,
    it.parameters.required,
  ]);
  assert.deepEqual(parameters, [
    ['create_note', { limit: { type: 'integer' }, text: { type: 'string' } }, ['text']],
    ['delete_note', { limit: { type: 'integer' }, id: { type: 'integer' } }, ['id']],
    ['LIST', { limit: { type: 'integer' } }, undefined],
  ]);
  assert.equal(workshop.compile().code, 0);
  const engine = await openImportedEngine(workshop.out, command);
  t.after(() => engine.close());
  const outcome = await engine.run(
    "return [await odd.note.createNote({ text: 'x' }), await odd.note.list()];",
  );
  assert.ok(outcome.kind === 'finished');
  assert.deepEqual(outcome.value, [
    { tool: 'note_tools', arguments: { operation: 'create_note', text: 'x' } },
    { tool: 'note_tools', arguments: { operation: 'LIST' } },
  ]);
});

test('the branches of a oneOf with a constant each are operations, called by their own argument', async (t) => {
  const branch = (kind: string, properties: object, required: readonly string[]): object =>
    object({ kind: { const: kind }, ...properties }, { required: ['kind', ...required] });
  const tool = {
    name: 'shape',
    inputSchema: {
      type: 'object',
      oneOf: [
        branch('circle', { radius: { type: 'number' } }, ['radius']),
        branch('square', { side: { $ref: '#/$defs/Side' } }, ['side']),
      ],
      $defs: { Side: { type: 'number', minimum: 0 } },
    },
  };
  const { workshop, code, stderr, command } = await importTools(t, [tool]);
  assert.equal(code, 0, stderr);
  assert.equal(workshop.read('shape.json').argument, 'kind');
  assert.equal(workshop.compile().code, 0);
  const engine = await openImportedEngine(workshop.out, command);
  t.after(() => engine.close());
  const outcome = await engine.run('return odd.shape.square({ side: 2 });');
  assert.ok(outcome.kind === 'finished', JSON.stringify(outcome));
  assert.deepEqual(outcome.value, { tool: 'shape', arguments: { side: 2, kind: 'square' } });
  const wrong = await engine.run('return odd.shape.square({ radius: 2 });');
  assert.ok(wrong.kind !== 'finished');
});

test('an enum under another name, or one that may be left out, is a parameter like any other', async (t) => {
  const choice = { type: 'string', enum: ['a', 'b'] };
  const { workshop } = await importTools(t, [
    { name: 'sort', inputSchema: object({ order: choice }, { required: ['order'] }) },
    { name: 'act', inputSchema: object({ operation: choice }) },
  ]);
  const operations = workshop.read('tools.json').operations;
  assert.deepEqual(
    operations.map((it: any) => [it.tool, it.operation]),
    [
      ['sort', null],
      ['act', null],
    ],
  );
});

const ANNOTATIONS: readonly (readonly [object | undefined, string, boolean, readonly string[]])[] = [
  [undefined, 'write', false, ['unannotated']],
  [{ title: 'X' }, 'write', false, ['unannotated']],
  [{ readOnlyHint: true }, 'read', true, []],
  [{ readOnlyHint: true, openWorldHint: true }, 'read', true, ['open-world']],
  [{ readOnlyHint: false }, 'delete', false, []],
  [{ destructiveHint: true, idempotentHint: true }, 'delete', true, []],
  [{ destructiveHint: false }, 'write', false, []],
];

test('annotations become effects; a tool without any writes, and says that nobody said so', async (t) => {
  const tools = ANNOTATIONS.map(([annotations], i) => ({
    name: `tool_${i}`,
    annotations,
    inputSchema: object({}),
  }));
  const { workshop } = await importTools(t, tools);
  const traits = workshop.read('tools.json').operations.map((it: any) => [it.effect, it.idempotent, it.tags]);
  assert.deepEqual(
    traits,
    ANNOTATIONS.map(([, ...expected]) => expected),
  );
});

test('names that cannot be are refused together, and --rename is remembered', async (t) => {
  const names = ['get-user', 'get_user', '3d_view', '日本', 'constructor', 'fine'];
  const tools = names.map((name) => ({ name, inputSchema: object({}) }));
  const refused = await importTools(t, tools);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /"get-user" and "get_user" would both be "tools\.getUser"/);
  const methods = [
    ['3d_view', '3dView'],
    ['日本', '日本'],
    ['constructor', 'constructor'],
  ];
  for (const [name, method] of methods)
    assert.ok(refused.stderr.includes(`"${name}" would be the method "${method}"`), refused.stderr);
  assert.match(refused.stderr, /Choose names with --rename "<old>=<new>"/);
  const renames = ['get_user=getUserOld', '3d_view=view3d', '日本=japan', 'constructor=construct'];
  const flags = renames.flatMap((rename) => ['--rename', rename]);
  const renamed = await refused.again(tools, flags);
  assert.equal(renamed.code, 0, renamed.stderr);
  const again = await refused.again(tools);
  assert.equal(again.code, 0, again.stderr);
  const ids = again.workshop.read('tools.json').operations.map((it: any) => [it.tool, it.method]);
  assert.deepEqual(
    ids.slice(1, 5),
    renames.map((rename) => rename.split('=')),
  );
  assert.equal(again.workshop.compile().code, 0);
  const engine = await openImportedEngine(again.workshop.out, again.command);
  t.after(() => engine.close());
  const outcome = await engine.run('return odd.tools.japan();');
  assert.ok(outcome.kind === 'finished');
  assert.deepEqual(outcome.value, { tool: '日本', arguments: {} });
});

test('names that begin with a word in capitals are camelCase', async (t) => {
  const names = ['API-get-user', 'URL', 'HTTPGet', 'GET_USER', 'GetUserByID', 'getPDF'];
  const { workshop } = await importTools(
    t,
    names.map((name) => ({ name, inputSchema: object({}) })),
  );
  const { operations } = workshop.read('tools.json');
  assert.deepEqual(
    operations.map(({ method }: { method?: string }) => method),
    ['apiGetUser', 'url', 'httpGet', 'getUser', undefined, undefined],
  );
});

test('a tool of operations that is called like the collection beside it needs another name', async (t) => {
  const operation = { enum: ['a', 'b'] };
  const tools = [
    { name: 'tools', inputSchema: object({ operation }, { required: ['operation'] }) },
    { name: 'plain', inputSchema: object({}) },
  ];
  const refused = await importTools(t, tools);
  assert.equal(refused.code, 2, refused.stdout);
  assert.match(refused.stderr, /"tools" and the collection "tools" would both be the namespace "tools"/);
  const renamed = await refused.again(tools, ['--rename', 'tools=kit']);
  assert.equal(renamed.code, 0, renamed.stderr);
  const toolsOf = (file: string) => {
    const { tool, operations } = renamed.workshop.read(file);
    return operations.map((it: any) => [it.tool ?? tool, it.operation]);
  };
  assert.deepEqual(toolsOf('kit.json'), [
    ['tools', 'a'],
    ['tools', 'b'],
  ]);
  assert.deepEqual(toolsOf('tools.json'), [['plain', null]]);
});

test('a tool whose input contains itself is as wide as it has to be and hides no other', async (t) => {
  const self = [{ $ref: '#' }, { $ref: '#' }];
  const operation = { enum: ['a', 'b'] };
  const tools = [
    { name: 'whole', inputSchema: object({ x: { type: 'string' } }, { allOf: self }) },
    { name: 'choice', inputSchema: object({ operation }, { required: ['operation'], oneOf: self }) },
    { name: 'good', inputSchema: object({}) },
  ];
  const { code, stdout, stderr, workshop } = await importTools(t, tools);
  assert.equal(code, 0, stderr);
  for (const place of ['tools.whole', 'choice.a', 'choice.b'])
    assert.match(stdout, new RegExp(`wider: ${place} parameters: any of them may be left out`));
  assert.equal(workshop.read('tools.json').operations[1].parameters.additionalProperties, false);
  assert.equal(workshop.compile().code, 0);
});

test('what a tool requires without a schema for it is any value, and required', async (t) => {
  const { workshop, stdout } = await importTools(t, [
    { name: 'look', inputSchema: { type: 'object', required: ['at'] } },
  ]);
  assert.match(stdout, /wider: tools\.look parameters: required but not declared: at/);
  const [{ parameters }] = workshop.read('tools.json').operations;
  assert.deepEqual(parameters, {
    type: 'object',
    properties: { at: true },
    required: ['at'],
    additionalProperties: false,
  });
});

test('one bad tool is left out and named, and everything else is imported', async (t) => {
  const good = { name: 'good', inputSchema: object({}) };
  const tools = [
    good,
    { name: 'no_schema' },
    { name: 'text_schema', inputSchema: 'a string' },
    { name: 'odd_type', inputSchema: object({ x: { type: 'text' } }) },
    { name: 'a_list', inputSchema: { type: 'array' } },
    { inputSchema: object({}) },
    good,
    42,
  ];
  const { code, stdout, stderr, workshop } = await importTools(t, tools);
  assert.equal(code, 1);
  for (const reason of [
    /left out: no_schema, since its inputSchema is missing/,
    /left out: text_schema, since its inputSchema is "a string"/,
    /left out: odd_type, since \/properties\/x\/type is "text", which is no JSON type/,
    /left out: a_list, since its input is no object/,
    /left out: the tool at 5, since it has no name/,
    /left out: good, since the server lists it twice/,
    /left out: the tool at 7, since it is 42/,
  ])
    assert.match(stdout, reason);
  assert.match(stderr, /7 tools left out; everything else was imported/);
  assert.deepEqual(
    workshop.read('tools.json').operations.map((it: any) => it.tool),
    ['good'],
  );
});

test('descriptions cannot break out of comments, strings or lines', async (t) => {
  const evil =
    'Ends */ declare const evil: any; /* and `$' + '{process.exit()}` "quoted"\n@deprecated\u2028\u0000 end';
  const tool = {
    name: 'evil',
    title: evil,
    description: evil,
    inputSchema: object({ x: { type: 'string', description: evil } }),
  };
  const { workshop, code, stderr } = await importTools(t, [tool]);
  assert.equal(code, 0, stderr);
  assert.equal(workshop.compile().code, 0);
  assert.equal(typeCheckOutput(workshop.out), '');
  const typings = readFileSync(join(workshop.out, 'athena.d.ts'), 'utf8');
  assert.doesNotMatch(typings, /^\s*declare const evil/m);
});

test('thousands of tools over many pages are imported and compiled', async (t) => {
  const workshop = openWorkshop(t, 'odd');
  const many = await workshop.importFrom(['--stdio', fixture('odd-server.ts', 'thousands', '2000')]);
  assert.equal(many.code, 0, many.stderr);
  assert.equal(workshop.read('tools.json').operations.length, 2000);
  const compiled = workshop.compile();
  assert.equal(compiled.code, 0, compiled.stderr);
  assert.match(compiled.stderr, /Larger than agents are shown at once: level 2/);
});

test('all pages are read', async (t) => {
  const workshop = openWorkshop(t, 'odd');
  const { code, stdout } = await workshop.importFrom(['--stdio', fixture('odd-server.ts', 'pages')]);
  assert.equal(code, 0);
  assert.equal(stdout.match(/^\+ tools\./gm)?.length, 8);
  assert.equal(workshop.read('backend.json').instructions, 'Ask it anything.');
});

test('a server that prints to its stdout is imported, and told on', async (t) => {
  const workshop = openWorkshop(t, 'odd');
  const { code, stderr } = await workshop.importFrom(['--stdio', fixture('odd-server.ts', 'noisy')]);
  assert.equal(code, 0);
  assert.match(stderr, /The server sent something that is no MCP message: .*Listening/s);
});

test('what a backend is started with is noted without anything secret', async (t) => {
  const workshop = openWorkshop(t, 'odd');
  const command = `TOKEN=abc123 ${fixture('odd-server.ts', 'pages')} --api-key=abc123 --password abc123 --root '/my files'`;
  assert.equal((await workshop.importFrom(['--stdio', command])).code, 0);
  const { importedFrom } = workshop.read('backend.json');
  assert.deepEqual(importedFrom.env, ['TOKEN']);
  assert.match(importedFrom.stdio, /--api-key=… --password … --root "\/my files"$/);
  assert.ok(!JSON.stringify(workshop.read('backend.json')).includes('abc123'));
});
