import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compile } from '../../codegen/compile.ts';
import type { Outputs } from '../../codegen/join-parts.ts';
import { loadSchemas } from '../../codegen/load.ts';
import { fileOf, soundOperation, soundTool } from './one-tool.ts';

/** An old operation with a parameter and a property that go, and its successor. */
function deprecatedTool(): any {
  const tool = soundTool();
  const [old] = tool.operations;
  old.deprecated = { since: '2.0.0', use: 'sample.secondThing', reason: 'It counts twice */ at night.' };
  old.parameters.properties.id.deprecated = true;
  old.result.properties.id.deprecated = true;
  const bare = soundOperation('third_thing');
  bare.deprecated = true;
  const current = soundOperation('fourth_thing');
  current.deprecated = false;
  tool.operations.push(soundOperation('second_thing'), bare, current);
  return tool;
}

let outputs: Outputs;
before(async () => {
  const result = await compile([fileOf(deprecatedTool())]);
  assert.ok(result.ok, result.ok ? '' : result.problems.join('\n'));
  outputs = result.outputs;
});
const output = (path: string): string => outputs.get(path) ?? assert.fail(`no output ${path}`);

test('the typings strike what is deprecated, and say what to call instead', () => {
  const text = output('athena.d.ts');
  assert.match(
    text,
    /\* @deprecated Since 2\.0\.0\. Use `athena\.sample\.secondThing`\. It counts twice \*\\\/ at night\.\n(?: +\* .*\n)* +\*\/\n +firstThing\(/,
  );
  assert.match(text, /\* @deprecated\n(?: +\* .*\n)* +\*\/\n +thirdThing\(/);
  assert.match(text, /An id of something\. Integer; ≥ 1\n +\* @deprecated\n +\*\/\n +id\?: number;/);
  assert.match(text, /type FirstThingResult = \{\n +\/\*\* @deprecated \*\/\n +id: number;/);
  assert.equal([...text.matchAll(/@deprecated/g)].length, 4);
});

test('the manifest carries it in every level from 2 on', () => {
  const entries: readonly { id: string; deprecated?: object }[] = JSON.parse(
    output('manifest/operations.json'),
  );
  assert.deepEqual(
    entries.map(({ id, deprecated }) => [id, deprecated]),
    [
      [
        'sample.firstThing',
        { since: '2.0.0', use: 'sample.secondThing', reason: 'It counts twice */ at night.' },
      ],
      ['sample.secondThing', undefined],
      ['sample.thirdThing', {}],
      ['sample.fourthThing', undefined],
    ],
  );
  const signatures = JSON.parse(output('manifest/signatures/sample.json'));
  assert.equal(
    signatures['sample.firstThing'],
    'firstThing(params?: { id?: number /* deprecated; ≥ 1 */; }): Promise<{ id: number /* deprecated */; }>;',
  );
  const details = JSON.parse(output('manifest/details/sample.json'));
  assert.equal(details['sample.firstThing'].parameters.properties.id.deprecated, true);
  assert.match(details['sample.firstThing'].source, /deprecated: \{ since: '2\.0\.0'/);
});

for (const [use, expected] of [
  ['sample.gone', 'the id of an operation'],
  ['sample.firstThing', 'another operation than this one'],
]) {
  test(`a successor must be ${expected}`, async () => {
    const tool = deprecatedTool();
    tool.operations[0].deprecated.use = use;
    const result = await loadSchemas([fileOf(tool)]);
    assert.ok(!result.ok);
    assert.deepEqual(
      result.mistakes.map(({ pointer, ...mistake }) => [pointer, mistake.expected]),
      [['/operations/0/deprecated/use', expected]],
    );
  });
}

test('a deprecation that says nothing, or something else, is a mistake', async () => {
  for (const deprecated of [{}, { instead: 'x' }, 'yes', { since: '' }]) {
    const tool = deprecatedTool();
    tool.operations[0].deprecated = deprecated;
    const result = await loadSchemas([fileOf(tool)]);
    assert.ok(!result.ok, JSON.stringify(deprecated));
    assert.ok(result.mistakes.every(({ pointer }) => pointer.startsWith('/operations/0/deprecated')));
  }
});
