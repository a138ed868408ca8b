import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../codegen/compile.ts';
import { assembleFiles } from '../../../codegen/import/assemble-files.ts';
import { assignNames } from '../../../codegen/import/assign-names.ts';
import { readTools } from '../../../codegen/import/read-tool.ts';
import { object } from './import-tools.ts';

interface Row {
  readonly what: string;
  /** The schema of the parameter `x`. */
  readonly schema: unknown;
  /** What becomes of it. */
  readonly adopted: unknown;
  readonly wider: RegExp;
}

const ANY = { description: "Any JSON value: the backend's schema of the parameter cannot be compiled." };

/** Everything a server may say of one parameter must end as something that compiles. */
const ROWS: readonly Row[] = [
  {
    what: 'a default that its own schema refuses',
    schema: { type: 'string', default: null },
    adopted: { type: 'string' },
    wider: /default null does not fit its own schema and is left out/,
  },
  {
    what: 'a limit that is no number',
    schema: { type: 'string', maxLength: 'ten' },
    adopted: ANY,
    wider: /setValue parameters\/x: any value: expected/,
  },
  {
    what: 'a negative length',
    schema: { type: 'string', maxLength: -1 },
    adopted: ANY,
    wider: /any value: expected to be >= 0/,
  },
  {
    what: 'a type that consists of itself',
    schema: { $ref: '#/$defs/Loop' },
    adopted: ANY,
    wider: /any value: expected a type that does not consist of itself/,
  },
];

const LOOP = { Loop: { anyOf: [{ $ref: '#/$defs/Loop' }, { type: 'null' }] } };

for (const { what, schema, adopted, wider } of ROWS) {
  test(`widened until it compiles: ${what}`, async () => {
    const tools = [
      {
        name: 'set_value',
        inputSchema: object({ x: schema, y: { type: 'integer' } }, { $defs: LOOP, required: ['y'] }),
      },
      { name: 'other', inputSchema: object({ x: { type: 'integer', minimum: 1 } }) },
    ];
    const named = assignNames(readTools(tools, 'test').operations, {});
    const assembled = await assembleFiles('odd', named);
    const [setValue, other] = assembled.files['tools.json']!.operations;
    assert.deepEqual(setValue!.parameters, {
      type: 'object',
      properties: { x: adopted, y: { type: 'integer' } },
      required: ['y'],
      additionalProperties: false,
    });
    assert.deepEqual(other!.parameters.properties, { x: { type: 'integer', minimum: 1 } }, 'untouched');
    assert.match(assembled.wider.join('\n'), wider);
    const sources = Object.entries(assembled.files).map(([name, file]) => ({
      name,
      text: JSON.stringify(file),
    }));
    const target = { name: 'odd', isImported: true, runtime: './v1.ts' };
    const result = await compile(sources, target);
    assert.ok(result.ok, result.ok ? '' : result.problems.join('\n'));
  });
}

test('a result whose schema cannot be compiled is any value', async () => {
  const outputSchema = object({ x: { type: 'string', minLength: -1 } });
  const named = assignNames(
    readTools([{ name: 'get', inputSchema: object({}), outputSchema }], 'test').operations,
    {},
  );
  const { files, wider } = await assembleFiles('odd', named);
  assert.match(String(files['tools.json']!.operations[0]!.result.description), /^Any JSON value/);
  assert.match(wider.join('\n'), /get result: any value: expected to be >= 0/);
});
