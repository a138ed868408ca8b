import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { emitTypings } from '../../codegen/emit/typings.ts';
import { emitValidators } from '../../codegen/emit/validators.ts';
import { loadSchemas } from '../../codegen/load.ts';
import { createNamespace } from '../../codegen/model.ts';
import type { Validator } from '../../runtime/contract/catalogue.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { temporaryFolder, typeCheck } from './codegen-process.ts';
import { importValidators } from './import-validators.ts';
import { sayValue } from './measure-agreement.ts';
import { fileOf, soundOperation, soundTool } from './one-tool.ts';
import { ROWS } from './schema-cases/all.ts';
import { LIST_IS_OBJECT, type Row } from './schema-cases/row.ts';

/** A tool a row. The schema is the parameter `value` and the result's property `value`, or the whole result. */
function toolOf({ schema, $defs, at }: Row, index: number): any {
  const wrap = {
    type: 'object',
    properties: { value: { description: 'The value', ...schema } },
    required: ['value'],
    additionalProperties: false,
  };
  const operation = soundOperation('row');
  const placed = at === 'result' ? { result: schema } : { parameters: wrap, result: wrap, examples: [] };
  return { ...soundTool(), tool: `case${index}_tools`, $defs, operations: [{ ...operation, ...placed }] };
}

/** The rows whose examples are the first valid value. */
function withExample(row: Row, index: number): any {
  const tool = toolOf(row, index);
  if (row.at === 'result') return tool;
  tool.operations[0].examples = [{ title: 'The first valid value', parameters: { value: row.valid[0] } }];
  return tool;
}

let typings: string;
let validators: readonly Readonly<Record<string, Validator<unknown>>>[];

before(async () => {
  const loaded = await loadSchemas(ROWS.map((row, i) => fileOf(withExample(row, i))));
  assert.ok(loaded.ok, loaded.ok ? '' : JSON.stringify(loaded.mistakes, undefined, 1));
  const namespaces = loaded.tools.map(createNamespace);
  typings = namespaces.map((namespace) => emitTypings('athena', namespace)).join('');
  validators = await importValidators(namespaces.map(emitValidators));
});

function accepts(index: number, value: JsonValue, part: 'rowParams' | 'rowResult'): boolean {
  const validate = validators[index]?.[part];
  assert.ok(validate !== undefined);
  return validate(structuredClone(ROWS[index]?.at === 'result' ? value : { value }));
}

const partsOf = ({ at }: Row) =>
  at === 'result' ? (['rowResult'] as const) : (['rowParams', 'rowResult'] as const);

for (const [i, row] of ROWS.entries()) {
  test(`the validators accept what the row "${row.name}" calls valid, and nothing else`, () => {
    for (const value of row.valid) assert.ok(accepts(i, value, partsOf(row)[0]), JSON.stringify(value));
    for (const value of [...row.invalid, ...(row.wider ?? [])]) {
      for (const part of partsOf(row)) assert.ok(!accepts(i, value, part), JSON.stringify(value));
    }
  });
}

test('the types accept what each row calls valid and refuse what it calls invalid', (t) => {
  const cases = ROWS.flatMap((row, i) => [
    ...row.valid.map((value) => ({ row, i, value, fits: true })),
    ...row.invalid.map((value) => ({ row, i, value, fits: false })),
    ...(row.wider ?? []).map((value) => ({ row, i, value, fits: true })),
  ]);
  const lines = cases.map(({ row, i, value }, n) => {
    const whole = row.at === 'result';
    const type = `Athena.Case${i}.Row${whole ? 'Result' : 'Params'}`;
    return `const v${n}: ${type} = ${whole ? sayValue(value) : `{ value: ${sayValue(value)} }`};`;
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
    wrong.map(({ row, value, fits }) => `${row.name}: ${sayValue(value)} should ${fits ? '' : 'not '}fit`),
    [],
  );
});

test('where a type is wider than its schema, a reason is known and the documentation tells of it', () => {
  for (const [i, row] of ROWS.entries()) {
    if (row.wider === undefined) continue;
    assert.ok(row.because !== undefined, row.name);
    if (row.because === LIST_IS_OBJECT) continue;
    const from = typings.indexOf(`namespace Case${i} {`);
    const text = typings.slice(from, typings.indexOf('type RowResult', from));
    const remarks = [...text.matchAll(/\/\*\* (.*?) \*\//gs)].map(([, remark]) => remark);
    assert.ok(
      remarks.some((remark) => remark !== 'The value'),
      `${row.name}: ${text}`,
    );
  }
});
