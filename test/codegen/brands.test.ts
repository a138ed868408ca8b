import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../codegen/compile.ts';
import { loadSchemas } from '../../codegen/load.ts';
import { fileOf, soundTool } from './one-tool.ts';

/** A tool whose result has ids in every place in which they stand. */
function toolWithIds(): any {
  const tool = soundTool();
  const id = { type: 'integer', 'x-id': 'thing', minimum: 1 };
  const [operation] = tool.operations;
  operation.parameters.properties.id = { ...id, description: 'A thing' };
  operation.result.properties = {
    id,
    other: { type: ['integer', 'null'], 'x-id': 'other thing' },
    ids: { type: 'array', items: id },
    name: { type: 'string', 'x-id': 'name' },
    nested: { type: 'object', properties: { ref: { $ref: '#/$defs/Id' } } },
    plain: { type: 'integer' },
  };
  tool.$defs = { Id: id };
  return tool;
}

test('ids of a kind have a type of their own, in the typings that programs are checked against alone', async () => {
  const compiled = await compile([fileOf(toolWithIds())]);
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.problems.join('\n'));
  const typings = compiled.outputs.get('athena.d.ts') ?? '';
  for (const line of [
    'type Id<Kind extends string, Value = number> = Value & {',
    "readonly 'id of'?: Kind;",
    "type Id = Athena.Id<'thing'>;",
    "id?: Athena.Id<'thing'>;",
    "other?: Athena.Id<'other thing'> | null;",
    "ids?: Athena.Id<'thing'>[];",
    "name?: Athena.Id<'name', string>;",
    'ref?: Id;',
    'plain?: number;',
  ]) {
    assert.ok(typings.includes(line), `${line}\n${typings}`);
  }
  for (const path of [
    'types.d.ts',
    'contract.d.ts',
    'manifest/signatures/sample.json',
    'validators/sample.js',
  ]) {
    assert.doesNotMatch(compiled.outputs.get(path) ?? assert.fail(path), /thing'|x-id/, path);
  }
});

test('a catalogue without kinds of ids has no type for them', async () => {
  const compiled = await compile([fileOf(soundTool())]);
  assert.ok(compiled.ok);
  assert.doesNotMatch(compiled.outputs.get('athena.d.ts') ?? '', /\bId<|'id of'/);
});

for (const [schema, pointer] of [
  [{ type: 'integer', 'x-id': 5 }, '/x-id'],
  [{ type: 'integer', 'x-id': "it's" }, '/x-id'],
  [{ type: 'object', 'x-id': 'thing', properties: { a: { type: 'string' } } }, '/x-id'],
  [{ 'x-id': 'thing', enum: [1, 'a'] }, '/x-id'],
] as const) {
  test(`${JSON.stringify(schema)} is no id`, async () => {
    const tool = soundTool();
    tool.operations[0].result.properties.id = schema;
    const loaded = await loadSchemas([fileOf(tool)]);
    assert.ok(!loaded.ok);
    assert.deepEqual(
      loaded.mistakes.map((mistake) => mistake.pointer),
      [`/operations/0/result/properties/id${pointer}`],
    );
  });
}
