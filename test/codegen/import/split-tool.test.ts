import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { splitTool } from '../../../codegen/import/split-tool.ts';

const OPERATION = { enum: ['a', 'b', 'c'] };
const X_AND_Y = { x: { type: 'string' }, y: { type: 'string' } };
const tool = (more: object, operation: object = OPERATION): Record<string, unknown> => ({
  type: 'object',
  properties: { operation, ...X_AND_Y },
  required: ['operation'],
  ...more,
});
const is = (value: string, required: readonly string[] = []): object => ({
  properties: { operation: { const: value } },
  required,
});
const when = (asked: object, yes: object, no: object = {}): object =>
  Object.fromEntries([
    ['if', asked],
    ['then', yes],
    ['else', no],
  ]);
const needs = (...required: readonly string[]): object => ({ required });

/** What a tool's schema says of its other parameters, as far as its operation decides it. */
const SCHEMAS: Readonly<Record<string, Record<string, unknown>>> = {
  'nothing more': tool({}),
  'a condition on the operation': tool(when(is('a'), needs('x'), needs('y'))),
  'a condition in an allOf of a condition': tool(when({ allOf: [is('a')] }, needs('x'), needs('y'))),
  'a condition on what the operation is not': tool(
    when({ properties: { operation: { not: { const: 'b' } } } }, needs('x')),
  ),
  'a condition on the operation and a parameter': tool(
    when(
      { properties: { operation: { const: 'a' }, x: { const: '1' } }, required: ['operation', 'x'] },
      needs('y'),
    ),
  ),
  'a condition on a choice': tool(when({ anyOf: [is('a'), is('b')] }, needs('x'))),
  'a condition in a condition': tool(when(is('a'), {}, when(is('b'), needs('y')))),
  'a combination that is refused': tool({ not: is('a', ['operation', 'x']) }),
  'a combination that two parts refuse': tool({
    allOf: [{ not: is('a', ['x']) }, { not: is('b', ['y']) }],
    not: needs('x', 'y'),
  }),
  'a choice of which one refuses the operation': tool({ anyOf: [is('a', ['x']), { not: is('a') }] }),
  'a choice in a choice': tool({ anyOf: [{ oneOf: [is('a', ['x']), is('b', ['y'])] }, is('c')] }),
  'what an operation demands by being there': tool({
    dependentRequired: { operation: ['x'], x: ['operation', 'y'] },
    dependentSchemas: { operation: { maxProperties: 3 }, y: is('a') },
  }),
  'numbers of properties': tool({ minProperties: 2, maxProperties: 2 }),
  'a reference to the enum': tool({ $defs: { Op: OPERATION } }, { $ref: '#/$defs/Op', description: 'What' }),
  'a reference in an allOf': tool({ $defs: { Op: OPERATION } }, { allOf: [{ $ref: '#/$defs/Op' }] }),
  'a list of constants': tool({}, { oneOf: [{ const: 'a' }, { const: 'b', title: 'B' }, { const: 'c' }] }),
};

const PARAMETERS: readonly Record<string, unknown>[] = [
  {},
  { x: '1' },
  { x: '2' },
  { y: '1' },
  { x: '1', y: '1' },
  { x: 1 },
  { z: true },
];

for (const [what, schema] of Object.entries(SCHEMAS)) {
  test(`operations take what their tool takes: ${what}`, () => {
    const split = splitTool(schema, schema);
    assert.deepEqual(
      split?.operations.map(({ value }) => value),
      ['a', 'b', 'c'],
    );
    const takes = new Ajv2020({ strict: false }).compile(schema);
    for (const { value, schema: own } of split?.operations ?? []) {
      const takesAlone = new Ajv2020({ strict: false }).compile(own);
      for (const parameters of PARAMETERS) {
        const said = `${value} ${JSON.stringify(parameters)}`;
        assert.equal(takesAlone(parameters), takes({ operation: value, ...parameters }), said);
      }
      assert.ok(!JSON.stringify(own.properties ?? {}).includes('operation'));
    }
  });
}

test('an operation that no branch is for takes what all take', () => {
  const schema = tool({ oneOf: [is('a', ['x']), is('b', ['y'])] });
  const [, , last] = splitTool(schema, schema)?.operations ?? [];
  assert.deepEqual(last, { value: 'c', schema: { type: 'object', properties: X_AND_Y } });
});
