import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchemas } from '../../codegen/load.ts';
import type { Mistake } from '../../codegen/mistake.ts';
import { type SourceFile, textOf } from '../../codegen/sources.ts';
import { fileOf, soundOperation, soundTool } from './one-tool.ts';

async function mistakesOf(...files: readonly SourceFile[]): Promise<readonly Mistake[]> {
  const result = await loadSchemas(files);
  return result.ok ? [] : result.mistakes;
}

interface Row {
  readonly what: string;
  /** Breaks a sound tool with one operation. */
  readonly change: (tool: any, operation: any) => void;
  readonly pointer: string;
  readonly expected: RegExp;
  readonly found?: RegExp;
}

const parameter = (schema: any) => (_tool: any, operation: any) => {
  operation.parameters.properties.extra = { description: 'Another parameter', ...schema };
};
const deep = (levels: number): any =>
  levels === 0 ? { type: 'string' } : { type: 'array', items: deep(levels - 1) };
const EXTRA = '/operations/0/parameters/properties/extra';

const ROWS: readonly Row[] = [
  {
    what: 'a missing property',
    change: (_, operation) => delete operation.effect,
    pointer: '/operations/0',
    expected: /to have required property 'effect'/,
  },
  {
    what: 'an unknown property',
    change: (_, operation) => Object.assign(operation, { efect: 'read' }),
    pointer: '/operations/0',
    expected: /additional properties: "efect"/,
  },
  {
    what: 'a value outside an enum',
    change: (_, operation) => Object.assign(operation, { effect: 'reads' }),
    pointer: '/operations/0/effect',
    expected: /\["read","write","delete","admin"\]/,
    found: /"reads"/,
  },
  {
    what: 'parameters that are not closed',
    change: (_, operation) => delete operation.parameters.additionalProperties,
    pointer: '/operations/0/parameters',
    expected: /required property 'additionalProperties'/,
  },
  {
    what: 'a parameter without description',
    change: (_, operation) => Object.assign(operation.parameters.properties, { extra: { type: 'string' } }),
    pointer: EXTRA,
    expected: /required property 'description'/,
  },
  {
    what: 'a result that is a bare object',
    change: (_, operation) => Object.assign(operation, { result: { type: 'object' } }),
    pointer: '/operations/0/result',
    expected: /required property 'properties'/,
  },
  {
    what: 'a file that is not named after its tool',
    change: (tool) => Object.assign(tool, { tool: 'other_tools' }),
    pointer: '/tool',
    expected: /the name of the file, sample_tools\.json/,
    found: /"other_tools"/,
  },
  {
    what: 'two layers in a tool',
    change: (tool) => tool.operations.push({ ...soundOperation('second_thing'), layer: 'rag' }),
    pointer: '/operations/1/layer',
    expected: /first operation, "meta"/,
    found: /"rag"/,
  },
  {
    what: 'an operation twice',
    change: (tool) => tool.operations.push(soundOperation('first_thing')),
    pointer: '/operations/1/operation',
    expected: /differs from \/operations\/0 as `firstThing`/,
  },
  {
    what: 'two operations of one name after camelCasing',
    change: (tool) => tool.operations.push(soundOperation('first-thing')),
    pointer: '/operations/1/operation',
    expected: /differs from \/operations\/0 as `firstThing`/,
    found: /"first-thing"/,
  },
  {
    what: 'an operation that becomes no identifier',
    change: (_, operation) => Object.assign(operation, { operation: '3d_view' }),
    pointer: '/operations/0/operation',
    expected: /camelCase identifier/,
  },
  {
    what: 'an operation in other letters',
    change: (_, operation) => Object.assign(operation, { operation: '日本' }),
    pointer: '/operations/0/operation',
    expected: /ASCII/,
  },
  {
    what: 'an operation that would make its namespace a promise',
    change: (_, operation) => Object.assign(operation, { operation: 'then' }),
    pointer: '/operations/0/operation',
    expected: /not reserved/,
  },
  {
    what: 'an operation named like a member of every object',
    change: (_, operation) => Object.assign(operation, { operation: 'to_string' }),
    pointer: '/operations/0/operation',
    expected: /not reserved/,
  },
  {
    what: 'a nameless operation beside others',
    change: (tool) => tool.operations.push(soundOperation(null)),
    pointer: '/operations/1/operation',
    expected: /no other operations beside it/,
  },
  {
    what: 'a type named like a generated one',
    change: (tool, operation) => {
      tool.$defs = { FirstThingResult: { type: 'string' } };
      operation.result = { $ref: '#/$defs/FirstThingResult' };
    },
    pointer: '/$defs/FirstThingResult',
    expected: /other than a type of `firstThing`/,
  },
  {
    what: 'a type that nothing uses',
    change: (tool) => Object.assign(tool, { $defs: { Idle: { type: 'string' } } }),
    pointer: '/$defs/Idle',
    expected: /some operation uses/,
  },
  {
    what: 'a related id that does not exist',
    change: (_, operation) => operation.related.push('sample.nothing'),
    pointer: '/operations/0/related/0',
    expected: /the id of an operation/,
    found: /"sample\.nothing"/,
  },
  {
    what: 'an operation related to itself',
    change: (_, operation) => operation.related.push('sample.firstThing'),
    pointer: '/operations/0/related/0',
    expected: /another operation/,
  },
  {
    what: 'an alias of what does not exist',
    change: (_, operation) => Object.assign(operation, { aliasOf: 'other.thing' }),
    pointer: '/operations/0/aliasOf',
    expected: /the id of an operation/,
  },
  {
    what: 'an alias with other parameters',
    change: (tool) => {
      const alias = { ...soundOperation('second_thing'), aliasOf: 'sample.firstThing' };
      alias.parameters.properties.id.minimum = 2;
      alias.examples = [{ title: 'By its id', parameters: { id: 2 } }];
      tool.operations.push(alias);
    },
    pointer: '/operations/1/parameters',
    expected: /the parameters of sample\.firstThing/,
  },
  {
    what: 'an alias of an alias',
    change: (tool) => {
      tool.operations.push({ ...soundOperation('second_thing'), aliasOf: 'sample.firstThing' });
      tool.operations.push({ ...soundOperation('third_thing'), aliasOf: 'sample.secondThing' });
    },
    pointer: '/operations/2/aliasOf',
    expected: /not itself an alias/,
  },
  {
    what: 'an example whose parameters do not fit',
    change: (_, operation) => Object.assign(operation.examples[0].parameters, { id: 'x', other: 1 }),
    pointer: '/operations/0/examples/0/parameters/id',
    expected: /to be integer/,
  },
  {
    what: 'an example whose result does not fit',
    change: (_, operation) => Object.assign(operation.examples[0], { result: { id: 'x' } }),
    pointer: '/operations/0/examples/0/result/id',
    expected: /to be integer/,
  },
  {
    what: 'a reference to another file',
    change: parameter({ $ref: 'other.json#/$defs/Thing' }),
    pointer: `${EXTRA}/$ref`,
    expected: /within the file/,
  },
  {
    what: 'a reference to nothing',
    change: parameter({ $ref: '#/$defs/Nothing' }),
    pointer: `${EXTRA}/$ref`,
    expected: /under \$defs/,
    found: /Nothing/,
  },
  {
    what: 'a reference into a schema',
    change: parameter({ $ref: '#/operations/0/result' }),
    pointer: `${EXTRA}/$ref`,
    expected: /the place of a schema within this one, or a type under \$defs/,
  },
  {
    what: 'a reference to the web, which says what to do instead',
    change: parameter({ $ref: 'https://example.com/thing.json' }),
    pointer: `${EXTRA}/$ref`,
    expected: /nothing is fetched, so copy what it names to \$defs/,
    found: /example\.com/,
  },
  {
    what: 'a reference to something that is no schema',
    change: parameter({
      type: 'string',
      description: 'A parameter',
      not: { $ref: '#/properties/extra/type' },
    }),
    pointer: `${EXTRA}/not/$ref`,
    expected: /the place of a schema/,
  },
  {
    what: 'an anchor whose meaning depends on the way to it',
    change: parameter({
      $dynamicRef: '#node',
      $defs: {
        a: { $id: 'a', $dynamicAnchor: 'node', type: 'string' },
        b: { $id: 'b', $dynamicAnchor: 'node', type: 'number' },
      },
    }),
    pointer: `${EXTRA}/$dynamicRef`,
    expected: /only one schema has/,
  },
  {
    what: 'a mistake in a schema of an earlier draft, at its own place',
    change: parameter({ type: 'array', items: [{ type: 'strin' }] }),
    pointer: `${EXTRA}/items/0/type`,
    expected: /allowed values/,
  },
  {
    what: 'a mistake in a definition that a reference leads to, at its own place',
    change: parameter({
      $ref: '#/properties/extra/definitions/thing',
      definitions: { thing: { minLenght: 1 } },
    }),
    pointer: `${EXTRA}/definitions/thing/minLenght`,
    expected: /keyword of JSON Schema/,
  },
  {
    what: 'schemas without end',
    change: parameter(deep(200)),
    pointer: `${EXTRA}${'/items'.repeat(100)}`,
    expected: /nested at most 100 deep/,
  },
  {
    what: 'a type that is what it is not',
    change: (tool, operation) => {
      tool.$defs = { Loop: { not: { $ref: '#/$defs/Loop' } } };
      operation.result = { $ref: '#/$defs/Loop' };
    },
    pointer: '/$defs/Loop',
    expected: /does not consist of itself/,
  },
  {
    what: 'a type that consists of itself',
    change: (tool, operation) => {
      tool.$defs = {
        Loop: { anyOf: [{ $ref: '#/$defs/Back' }, { type: 'null' }] },
        Back: { $ref: '#/$defs/Loop' },
      };
      operation.result = { $ref: '#/$defs/Loop' };
    },
    pointer: '/$defs/Loop',
    expected: /does not consist of itself/,
  },
  {
    what: 'a keyword that does not exist',
    change: parameter({ type: 'string', minLenght: 3 }),
    pointer: `${EXTRA}/minLenght`,
    expected: /keyword of JSON Schema/,
  },
  {
    what: 'a pattern that is no regular expression',
    change: parameter({ type: 'string', pattern: '(' }),
    pointer: `${EXTRA}/pattern`,
    expected: /regular expression .*Unterminated group/,
  },
  {
    what: 'a pattern of names that is no regular expression',
    change: (tool, operation) => {
      tool.$defs = { Odd: { type: 'object', patternProperties: { '[': true } } };
      operation.result = { $ref: '#/$defs/Odd' };
    },
    pointer: '/$defs/Odd/patternProperties/[',
    expected: /regular expression/,
  },
  {
    what: 'a misspelt format',
    change: parameter({ type: 'string', format: 'date-tiem' }),
    pointer: `${EXTRA}/format`,
    expected: /"date-time" is one/,
  },
  {
    what: 'a required name that a closed object does not have',
    change: (_, operation) => Object.assign(operation.parameters, { required: ['name'] }),
    pointer: '/operations/0/parameters/required/0',
    expected: /one of \["id"\]/,
    found: /"name"/,
  },
  {
    what: 'a parameter that the bridge would refuse',
    change: (_, operation) =>
      Object.defineProperty(operation.parameters.properties, '__proto__', {
        value: { type: 'string', description: 'A parameter' },
        enumerable: true,
      }),
    pointer: '/operations/0/parameters/properties/__proto__',
    expected: /cannot change what objects are/,
  },
  {
    what: 'half a character as a name',
    change: (_, operation) =>
      Object.assign(operation.parameters.properties, { '\ud800': { description: 'Half of one' } }),
    pointer: '/operations/0/parameters/properties/\ud800',
    expected: /half a surrogate pair/,
  },
];

for (const { what, change, pointer, expected, found } of ROWS) {
  test(`reported with its file, place and expectation: ${what}`, async () => {
    const tool = soundTool();
    change(tool, tool.operations[0]);
    const mistakes = await mistakesOf(fileOf(tool, 'sample_tools.json'));
    const mistake = mistakes.find(
      (candidate) => candidate.pointer === pointer && expected.test(candidate.expected),
    );
    assert.ok(mistake !== undefined, JSON.stringify(mistakes, undefined, 1));
    assert.equal(mistake.file, 'sample_tools.json');
    assert.ok((mistake.line ?? 0) > 1);
    if (found !== undefined) assert.match(mistake.found, found);
  });
}

test('a sound tool has no mistakes', async () => {
  assert.deepEqual(await mistakesOf(fileOf(soundTool())), []);
});

test('an empty catalogue is sound', async () => {
  assert.deepEqual(await mistakesOf(), []);
});

test('a mistake names the very line', async () => {
  const tool = soundTool();
  tool.operations[0].effect = 'reads';
  const file = fileOf(tool);
  const line = file.text.split('\n').findIndex((text) => text.includes('"reads"')) + 1;
  assert.deepEqual(
    (await mistakesOf(file)).map((mistake) => mistake.line),
    [line],
  );
});

test('a file that is not JSON is reported with the line at fault', async () => {
  const [mistake, ...others] = await mistakesOf({
    name: 'sample_tools.json',
    text: '{\n  "tool": "x",\n  oops\n}\n',
  });
  assert.deepEqual(others, []);
  assert.equal(mistake?.expected, 'JSON');
  assert.match(mistake?.found ?? '', /line 3/);
});

test('a name that an object has twice is reported at the second, for readers of JSON forget the first', async () => {
  const { text, ...file } = fileOf(soundTool(), 'sample_tools.json');
  const [before = '', after = ''] = text.split('"summary":');
  const twice = `${before}"tags": [],\n"summary": "\\"tags\\": ", "summary":${after}`;
  assert.deepEqual(
    (await mistakesOf({ ...file, text: twice })).map(({ pointer, found, line }) => [pointer, found, line]),
    [
      ['/operations/0/summary', '"summary"', 9],
      ['/operations/0/tags', '"tags"', 35],
    ],
  );
});

test('a schema file is UTF-8, with or without the mark that some editors begin with', () => {
  assert.equal(textOf(Buffer.from('\uFEFF{\r\n}'), 'schemas', 'a.json'), '{\n}');
  assert.throws(() => textOf(Buffer.of(0xff), 'schemas', 'a.json'), /schemas\/a\.json is no UTF-8/);
});

test('a file that is nested without end is reported instead of followed', async () => {
  const text = `{"tool": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  const mistakes = await mistakesOf({ name: 'sample_tools.json', text });
  assert.deepEqual(mistakes, [
    {
      file: 'sample_tools.json',
      pointer: '',
      expected: 'JSON nested at most 500 deep',
      found: 'deeper nesting',
    },
  ]);
});

test('one bad file hides no mistake of another, and ids of its operations are not called unknown', async () => {
  const second = { ...soundTool(), tool: 'second_tools', operations: [soundOperation('go')] };
  second.operations[0].effect = 'reads';
  const third = { ...soundTool(), tool: 'third_tools', operations: [soundOperation('go')] };
  third.operations[0].related = ['first.anything', 'second.anything', 'fourth.anything'];
  const mistakes = await mistakesOf({ name: 'first_tools.json', text: '{' }, fileOf(second), fileOf(third));
  assert.deepEqual(
    mistakes.map(({ file, pointer }) => `${file} ${pointer}`),
    [
      'first_tools.json ',
      'second_tools.json /operations/0/effect',
      'third_tools.json /operations/0/related/2',
    ],
  );
});

for (const [first, second] of [
  ['sample_tools', 'sample'],
  ['code_search_tools', 'codesearch_tools'],
] as const) {
  test(`${first} and ${second} cannot both be: their namespaces are the same, or so to some file systems`, async () => {
    const mistakes = await mistakesOf(
      fileOf({ ...soundTool(), tool: first }),
      fileOf({ ...soundTool(), tool: second }),
    );
    assert.deepEqual(
      mistakes.map(({ file, pointer }) => `${file} ${pointer}`),
      [`${second}.json /tool`],
    );
  });
}

for (const tool of ['session_tools', 'console', 'constructor_tools', '9_tools', '日本_tools', '_tools']) {
  test(`a tool cannot be called ${tool}`, async () => {
    const mistakes = await mistakesOf(fileOf({ ...soundTool(), tool }));
    assert.deepEqual(
      mistakes.map(({ pointer }) => pointer),
      ['/tool'],
    );
  });
}
