import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compile, type Outputs } from '../../codegen/compile.ts';
import type { Validator } from '../../runtime/contract/catalogue.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { ROWS, type Row } from './agreement-rows.ts';
import { temporaryFolder, typeCheck } from './codegen-process.ts';
import { fileOf, soundOperation, soundTool } from './one-tool.ts';

const POSITIONS = ['Params', 'Result'] as const;

/** Rows of one tool: all in one would not fit the level that shows its signatures. */
const ROWS_A_TOOL = 16;

const toolIndex = (row: number) => Math.floor(row / ROWS_A_TOOL);

/** One operation a row: the schema is its parameter `value`, and its result's property `value`. */
function toolOf(rows: readonly Row[], index: number): any {
  const wrap = (schema: any) => ({
    type: 'object',
    properties: { value: { description: 'The value', ...schema } },
    required: ['value'],
    additionalProperties: false,
  });
  const operations = rows.map(({ schema, valid }, i) => ({
    ...soundOperation(`row_${index * ROWS_A_TOOL + i}`),
    parameters: wrap(schema),
    result: wrap(schema),
    examples: [{ title: 'The first valid value', parameters: { value: valid[0] } }],
  }));
  const $defs = Object.assign({}, ...rows.map((row) => row.$defs ?? {}));
  return { ...soundTool(), tool: `sample${index}_tools`, $defs, operations };
}

let outputs: Outputs;
const validators: Record<string, Validator<unknown>> = {};

before(async () => {
  const chunks = Map.groupBy(ROWS, (row) => toolIndex(ROWS.indexOf(row)));
  const result = await compile([...chunks].map(([index, rows]) => fileOf(toolOf(rows, index))));
  assert.ok(result.ok, result.ok ? '' : result.problems.join('\n\n'));
  outputs = result.outputs;
  for (const index of chunks.keys()) {
    const code = Buffer.from(outputs.get(`validators/sample${index}.js`) ?? '').toString('base64');
    Object.assign(validators, await import(`data:text/javascript;base64,${code}`));
  }
});

function accepts(row: number, position: (typeof POSITIONS)[number], value: JsonValue): boolean {
  const validate = validators[`row${row}${position}`];
  assert.ok(validate !== undefined);
  return validate(structuredClone({ value }));
}

for (const [i, row] of ROWS.entries()) {
  test(`the validators accept what the row "${row.name}" calls valid, and nothing else`, () => {
    for (const value of row.valid) assert.ok(accepts(i, 'Params', value), JSON.stringify(value));
    for (const value of [...row.invalid, ...(row.wider ?? [])]) {
      for (const position of POSITIONS) assert.ok(!accepts(i, position, value), JSON.stringify(value));
    }
  });
}

test('the types accept what each row calls valid and refuse what it calls invalid', (t) => {
  const typings = outputs.get('athena.d.ts') ?? '';
  const cases = ROWS.flatMap((row, i) => [
    ...row.valid.map((value) => ({ row, i, value, fits: true })),
    ...row.invalid.map((value) => ({ row, i, value, fits: false })),
    ...(row.wider ?? []).map((value) => ({ row, i, value, fits: true })),
  ]);
  const lines = cases.map(({ i, value }, n) => {
    return `const v${n}: Athena.Sample${toolIndex(i)}.Row${i}Params = { value: ${JSON.stringify(value).replaceAll('\u2028', '\\u2028')} };`;
  });
  const faults = typeCheck(temporaryFolder(t), {
    'athena.d.ts': typings,
    'values.ts': `${lines.join('\n')}\n`,
  });
  assert.deepEqual(
    faults.filter(({ file }) => file !== 'values.ts'),
    [],
  );
  const refused = new Set(faults.map(({ line }) => line));
  const wrong = cases.filter(({ fits }, n) => refused.has(n + 1) === fits);
  assert.deepEqual(
    wrong.map(
      ({ row, value, fits }) => `${row.name}: ${JSON.stringify(value)} should ${fits ? '' : 'not '}fit`,
    ),
    [],
  );
});
