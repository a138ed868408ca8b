import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalise } from '../../codegen/normalise.ts';

function typesOf(...results: readonly any[]): readonly string[] {
  const operations = results.map((result, i) => ({ operation: `do_${i}`, result }));
  const { document }: any = normalise({ operations }, (...mistake) => assert.fail(JSON.stringify(mistake)));
  return Object.keys(document.$defs ?? {});
}

const leaf = { node: { type: 'object', properties: { next: { $ref: '#/definitions/node' } } } };

test('definitions that operations repeat become one type', () => {
  const schema = { $ref: '#/definitions/node', definitions: leaf };
  assert.deepEqual(
    typesOf(schema, structuredClone(schema), { type: 'array', items: schema.$ref, ...schema }),
    ['Node'],
  );
});

test('definitions of one name but another meaning do not', () => {
  const schema = { $ref: '#/definitions/node', definitions: leaf };
  const other = { $ref: '#/definitions/node', definitions: { node: { type: 'string' } } };
  assert.deepEqual(typesOf(schema, other, structuredClone(other)), ['Node', 'Do1ResultNode']);
});

test('definitions that lead out of themselves stay apart', () => {
  const outward = (type: string) => ({
    type: 'object',
    properties: { a: { type }, b: { $ref: '#/$defs/same' } },
    $defs: { same: { $ref: '#/properties/a' } },
  });
  assert.deepEqual(typesOf(outward('string'), outward('number')), [
    'Same',
    'A',
    'Do1ResultSame',
    'Do1ResultA',
  ]);
});

test('a normalised file is left as it is', () => {
  const file = {
    tool: 'x_tools',
    $defs: {
      Thing: { type: 'object', properties: { a: { $ref: '#/$defs/Thing' } }, additionalProperties: false },
    },
    operations: [
      { operation: 'go', parameters: { type: 'object', properties: {} }, result: { $ref: '#/$defs/Thing' } },
    ],
  };
  const { document, origin } = normalise(file, () => assert.fail());
  assert.deepEqual(document, file);
  assert.equal(origin('/operations/0/result/$ref'), '/operations/0/result/$ref');
});
