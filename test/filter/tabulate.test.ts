import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { tabulate } from '../../runtime/filter/tabulate.ts';

/** What a reader makes of it again. */
function expand(value: any, path: string, tables: ReadonlySet<string>): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  const part = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
  if (tables.has(path))
    return value.rows.map((row: any[], i: number) =>
      Object.fromEntries(
        row.map((cell, at) => [
          value.columns[at],
          expand(cell, `${path}/${i}/${part(value.columns[at])}`, tables),
        ]),
      ),
    );
  if (Array.isArray(value)) return value.map((item, i) => expand(item, `${path}/${i}`, tables));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, expand(item, `${path}/${part(key)}`, tables)]),
  );
}

test('a list of like objects names its members once', () => {
  const rows = [1, 2, 3].map((id) => ({ id, name: `n${id}` }));
  assert.deepEqual(tabulate({ rows, total: 3 }), {
    value: {
      rows: {
        columns: ['id', 'name'],
        rows: [
          [1, 'n1'],
          [2, 'n2'],
          [3, 'n3'],
        ],
      },
      total: 3,
    },
    tables: ['/rows'],
  });
});

for (const [what, list] of [
  ['two rows', [{ a: 1 }, { a: 2 }]],
  ['a member that one of them lacks', [{ a: 1, b: 1 }, { a: 1 }, { a: 1, b: 2 }]],
  ['a member of its own', [{ a: 1 }, { b: 1 }, { a: 1 }]],
  ['something else among them', [{ a: 1 }, null, { a: 1 }]],
  ['lists', [[1], [2], [3]]],
  ['nothing in them', [{}, {}, {}]],
] as const) {
  test(`a list stays as it is with ${what}`, () => {
    const value = list as unknown as JsonValue;
    assert.deepEqual(tabulate(value), { value, tables: [] });
  });
}

test('rows that are longer than may be stay objects, and lists within them become tables all the same', () => {
  const inner = [1, 2, 3].map((id) => ({ id }));
  const rows = [1, 2, 3].map((id) => ({ id, text: 'x'.repeat(50), inner }));
  const table = { columns: ['id'], rows: [[1], [2], [3]] };
  assert.deepEqual(tabulate(rows, 60), {
    value: rows.map((row) => ({ ...row, inner: table })),
    tables: ['/0/inner', '/1/inner', '/2/inner'],
  });
});

test('nothing is lost, whatever the value', () => {
  const row = fc.record({
    id: fc.integer(),
    'a/b~': fc.string(),
    more: fc.array(fc.record({ x: fc.integer() })),
  });
  const value = fc.oneof(
    fc.jsonValue(),
    fc.array(row),
    fc.record({ list: fc.array(row), rest: fc.jsonValue() }),
  );
  fc.assert(
    fc.property(value, (given) => {
      // As it arrives: JSON has no -0.
      const whole: JsonValue = JSON.parse(JSON.stringify(given));
      const { value: table, tables } = tabulate(whole);
      assert.deepEqual(expand(table, '', new Set(tables)), whole);
    }),
    { numRuns: 500 },
  );
});
