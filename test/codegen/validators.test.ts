import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import ts from 'typescript';
import { compile } from '../../codegen/compile.ts';
import { emitSupport } from '../../codegen/emit/validators.ts';
import type { Validator } from '../../runtime/contract/catalogue.ts';
import { importValidators } from './import-validators.ts';
import { fileOf, soundOperation, soundTool } from './one-tool.ts';

const item = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
};

/** Two choices with defaults of their own, which `$defs` names. */
const shape = (kind: string) => ({
  type: 'object',
  properties: { kind: { const: kind }, [`${kind}Size`]: { type: 'integer', default: 1 } },
  required: ['kind'],
  additionalProperties: false,
});

const SCHEMAS: Readonly<Record<string, any>> = {
  plain: {
    properties: {
      query: { type: 'string' },
      limit: { type: 'integer', minimum: 1, maximum: 10, default: 5 },
      options: {
        type: 'object',
        properties: { deep: { type: 'boolean', default: true } },
        additionalProperties: false,
      },
      at: { type: 'string', format: 'date-time' },
      site: { type: 'string', format: 'uri' },
      tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true },
    },
    required: ['query'],
  },
  lists: {
    properties: {
      items: { type: 'array', items: item },
      map: { type: 'object', additionalProperties: { type: 'number' } },
    },
  },
  shapes: {
    properties: {
      shape: {
        $defs: { Round: shape('round'), Square: shape('square') },
        oneOf: ['Round', 'Square'].map((name) => ({ $ref: `#/properties/shape/$defs/${name}` })),
      },
      round: { $ref: '#/properties/shape/$defs/Round' },
    },
  },
  branches: {
    properties: {
      either: {
        anyOf: [
          { type: 'array', items: { type: 'number' } },
          { type: 'array', items: { type: 'boolean' } },
        ],
      },
    },
  },
};

let code: string;
let validators: Record<string, Validator<unknown>>;

before(async () => {
  const operations = Object.entries(SCHEMAS).map(([name, { properties, required }]) => {
    const described = Object.fromEntries(
      Object.entries<any>(properties).map(([key, schema]) => [
        key,
        { description: 'A parameter', ...schema },
      ]),
    );
    const schema = {
      type: 'object',
      properties: described,
      required: required ?? [],
      additionalProperties: false,
    };
    const examples = [{ title: 'The least there is', parameters: name === 'plain' ? { query: 'x' } : {} }];
    return { ...soundOperation(name), parameters: schema, result: schema, examples };
  });
  const result = await compile([fileOf({ ...soundTool(), operations })]);
  assert.ok(result.ok, result.ok ? '' : result.problems.join('\n'));
  code = result.outputs.get('validators/sample.js') ?? '';
  [validators = {}] = await importValidators([code]);
});

function violations(name: string, value: unknown): readonly string[] {
  const validate = validators[name];
  assert.ok(validate !== undefined);
  if (validate(value)) return [];
  assert.ok(validate.errors && validate.errors.length > 0, 'a refusal says why');
  return validate.errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

test('a branch that turns out not to hold leaves nothing of its defaults in the value', () => {
  for (const kind of ['round', 'square']) {
    const value = { shape: { kind }, round: { kind: 'round' } };
    assert.deepEqual(violations('shapesParams', value), []);
    assert.deepEqual(value, { shape: { kind }, round: { kind: 'round', roundSize: 1 } });
  }
});

test('the code imports the support of all validators and nothing else, and that imports nothing; both make no code', async () => {
  assert.deepEqual(reachesIn(code), ['import ../validator-support.js']);
  assert.deepEqual(reachesIn(await emitSupport()), []);
});

/** What a text imports, and calls that make code. Every `require` in it is the parameter of a function around it. */
function reachesIn(text: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const called = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : undefined;
    if (called !== undefined && ts.isIdentifier(called) && ['eval', 'Function'].includes(called.text)) {
      found.push(called.text);
    }
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      found.push(`import ${node.moduleSpecifier.text}`);
    }
    if (called?.kind === ts.SyntaxKind.ImportKeyword) found.push('import()');
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('validators.js', text, ts.ScriptTarget.Latest));
  return found;
}

test('defaults of parameters are filled in, in nested objects too; those of results are not', () => {
  const params = { query: 'x', options: {} };
  assert.deepEqual(violations('plainParams', params), []);
  assert.deepEqual(params, { query: 'x', options: { deep: true }, limit: 5 });
  const result = { query: 'x' };
  assert.deepEqual(violations('plainResult', result), []);
  assert.deepEqual(result, { query: 'x' });
});

test('all that is wrong with parameters is told at once: missing, unknown and wrong ones', () => {
  assert.deepEqual([...violations('plainParams', { qery: 'x', limit: 11, at: 'yesterday' })].sort(), [
    ' additionalProperties',
    ' required',
    '/at format',
    '/limit maximum',
  ]);
});

test('of a result, the first violation is enough', () => {
  assert.equal(violations('plainResult', { limit: 'x', at: 1 }).length, 1);
});

test('formats are checked', () => {
  assert.deepEqual(
    violations('plainParams', { query: 'x', at: '2026-01-31T10:00:00Z', site: 'https://a.example/' }),
    [],
  );
  assert.deepEqual(violations('plainParams', { query: 'x', at: '2026-02-31T10:00:00Z' }), ['/at format']);
});

test('a hundred thousand wrong items or keys make a handful of violations', () => {
  const many = 100_000;
  const bounded = [
    violations('listsParams', { items: Array.from({ length: many }, () => ({})) }),
    violations('listsParams', {
      map: Object.fromEntries(Array.from({ length: many }, (_, i) => [`k${i}`, 'x'])),
    }),
    violations('listsParams', Object.fromEntries(Array.from({ length: many }, (_, i) => [`k${i}`, 1]))),
  ];
  for (const list of bounded) assert.ok(list.length >= 10 && list.length <= 20, String(list.length));
});

test('unique items are told apart in linear time', () => {
  const tags = Array.from({ length: 200_000 }, (_, i) => `t${i}`);
  assert.ok(violations('plainParams', { query: 'x', tags }).length > 0);
  assert.deepEqual(violations('plainParams', { query: 'x', tags: ['a', 'a'] }), ['/tags uniqueItems']);
});

test('a branch does not pass because an earlier one had used up its violations', () => {
  const strings = Array.from({ length: 50 }, () => 'x');
  assert.notDeepEqual(violations('branchesParams', { either: strings }), []);
  assert.deepEqual(violations('branchesParams', { either: Array.from({ length: 50 }, () => true) }), []);
  assert.deepEqual(violations('branchesParams', { either: Array.from({ length: 50 }, () => 1) }), []);
});
