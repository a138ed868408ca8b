import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEVEL_BYTES, signatureBytes } from '../../codegen/budgets.ts';
import { compile } from '../../codegen/compile.ts';
import { fileOf, soundOperation, soundTool } from './one-tool.ts';

async function problemsOf(tools: readonly any[]): Promise<readonly string[]> {
  const result = await compile(tools.map((tool) => fileOf(tool)));
  return result.ok ? [] : result.problems;
}

const wide = (count: number, length: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `${'p'.repeat(length)}_${i}`,
      { type: 'string', description: 'A parameter' },
    ]),
  );

test('the four levels may weigh 1, 5, 10 and 50 KB', () => {
  assert.deepEqual(LEVEL_BYTES, { 1: 1024, 2: 5120, 3: 10_240, 4: 51_200 });
});

test('a type that several signatures name is weighed once', () => {
  const type = `type Big = { ${'x'.repeat(500)}: string; };`;
  const together = signatureBytes([`a(): Big;\n${type}`, `b(): Big;\n${type}`]);
  assert.ok(together < 2 * type.length);
});

test('signatures that are too large lose their remarks first', async () => {
  const operation = soundOperation('first_thing');
  operation.parameters.properties = Object.fromEntries(
    Object.entries<any>(wide(150, 30)).map(([name, schema]) => [
      name,
      { ...schema, minLength: 1, maxLength: 1000 },
    ]),
  );
  operation.examples = [{ title: 'No parameters', parameters: {} }];
  const result = await compile([fileOf({ ...soundTool(), operations: [operation] })]);
  assert.ok(result.ok, result.ok ? '' : result.problems.join('\n'));
  const text = result.outputs.get('manifest/signatures/sample.json') ?? '';
  assert.ok(text.length < LEVEL_BYTES[3] && !text.includes('characters'));
});

test('a namespace whose signatures do not fit is refused with its size and what to do', async () => {
  const operation = soundOperation('first_thing');
  operation.parameters.properties = wide(600, 30);
  operation.examples = [{ title: 'No parameters', parameters: {} }];
  const problems = await problemsOf([{ ...soundTool(), operations: [operation] }]);
  assert.equal(problems.length, 2);
  assert.match(
    problems[0] ?? '',
    /^level 3, namespace sample: \d+ bytes, at most 10240 allowed; name shared shapes/,
  );
  assert.match(problems[1] ?? '', /^level 4, operation sample\.firstThing: \d+ bytes, at most 51200 allowed/);
});

test('a layer and a tree that do not fit are refused', async () => {
  const tools = Array.from({ length: 60 }, (_, i) => ({
    ...soundTool(),
    tool: `a_tool_with_quite_a_long_name_${i}_tools`,
    operations: [soundOperation('an_operation_with_a_long_name')],
  }));
  const problems = await problemsOf(tools);
  assert.match(problems[0] ?? '', /^level 1, all layers: \d+ bytes, at most 1024 allowed/);
  assert.match(
    problems[1] ?? '',
    /^level 2, layer meta: \d+ bytes, at most 5120 allowed; shorten the summaries/,
  );
});
