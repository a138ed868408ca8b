import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { resolvePointer } from '../../runtime/json/resolve-pointer.ts';
import { composeReply, type Reply } from '../../runtime/reply.ts';

const BUDGET = 6_000;

function replyTo(value: JsonValue, budget = BUDGET): Reply {
  return composeReply(
    {
      kind: 'finished',
      value,
      kept: true,
      execution: 'e-1',
      session: 's-1',
      warnings: [],
      effects: [],
      logs: [],
      calls: { made: 0, wrote: 0, unanswered: 0 },
      timings: { checkMs: 0, waitMs: 0, runMs: 0, filterMs: 0, totalMs: 0 },
    },
    budget,
  );
}

const many = <T>(count: number, make: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const rowsOf = (count: number) => many(count, (id) => ({ id, text: `row ${id} ${'x'.repeat(40)}` }));

test('of a long list of rows: how many, how many are shown, the keys and the first rows of the rest', () => {
  const value = { rows: rowsOf(400), total: 400 };
  const { cut, value: shown } = replyTo(value);
  const [one] = cut ?? [];
  const table = (shown as any).rows;
  const kept = table.rows.length - 1;
  assert.deepEqual(
    { ...one, next: undefined },
    { pointer: '/rows', items: 400, shown: kept, keys: ['id', 'text'], next: undefined },
  );
  assert.deepEqual(table.rows[kept - 1][0], kept - 1, 'the rows shown are the first ones');
  assert.equal((one!.next as any)[0].id, kept, 'the first row that is not shown');
});

test('of rows that alone exceed the reply: the first one, with its long text cut and all else whole', () => {
  const value = many(5, (id) => ({ id, text: 't'.repeat(9_000), tags: ['a'] }));
  const { cut, value: shown } = replyTo(value);
  const [first] = shown as readonly { readonly text: string }[];
  assert.deepEqual(
    { ...first, text: first?.text.slice(0, 2_000) },
    { id: 0, text: 't'.repeat(2_000), tags: ['a'] },
  );
  assert.deepEqual(
    cut?.map(({ pointer }) => pointer),
    ['/0/text', ''],
  );
});

test('of rows that are not alike: the keys of those left out', () => {
  const value = many(300, (id) => (id % 2 ? { id, odd: 'o'.repeat(50) } : { id, even: 'e'.repeat(50) }));
  const [one] = replyTo(value).cut ?? [];
  assert.equal(one?.pointer, '');
  assert.equal(one?.items, 300);
  assert.deepEqual(one?.keys?.toSorted(), ['even', 'id', 'odd']);
});

test('of an object of many entries: how many, and the first keys that are not shown', () => {
  const value = Object.fromEntries(many(900, (at) => [`key-${at}`, 'v'.repeat(20)]));
  const { cut, value: shown } = replyTo(value);
  const [one] = cut ?? [];
  assert.equal(one?.entries, 900);
  assert.equal(one?.shown, Object.keys(shown as object).length - 1);
  assert.ok(one?.keys !== undefined && one.keys.length === 12);
  for (const key of one.keys) {
    assert.ok(Object.hasOwn(value, key));
    assert.equal(Object.hasOwn(shown as object, key), false);
  }
});

test('of one long text: its length, and how it goes on', () => {
  const value = many(5_000, (at) => `word${at}`).join(' ');
  const [one] = replyTo(value).cut ?? [];
  assert.equal(one?.characters, value.length);
  assert.equal(value.indexOf(one?.next as string), one?.shown);
});

test('of lists in lists, and deep down: the pointer leads to the place in the whole', () => {
  const shapes: readonly JsonValue[] = [
    many(200, (at) => many(20, (inner) => `${at}-${inner}`)),
    { a: { 'b/c': { '~d': [rowsOf(300)] } } },
    { list: many(3, (at) => ({ name: `n${at}`, 'wide/one': rowsOf(200) })) },
    { columns: ['id'], rows: many(2_000, (at) => [at]) },
    { texts: { first: 'f'.repeat(20_000), second: 's'.repeat(20_000) } },
    many(4, (at) => ({ at, text: `${at}`.repeat(10_000) })),
  ];
  for (const value of shapes) {
    const { cut = [], warnings } = replyTo(value);
    assert.ok(cut.length > 0);
    assert.match(warnings?.[0]?.message ?? '', /left out.*athena:\/\/results\/e-1/);
    for (const { pointer, items, entries, characters, shown } of cut) {
      const part = resolvePointer(value, pointer);
      assert.ok(part !== undefined, pointer);
      const size = typeof part === 'string' ? part.length : Object.keys(part as object).length;
      assert.equal(items ?? entries ?? characters, size, pointer);
      assert.ok(shown < size);
    }
  }
});

test('a value that fits has no summary', () => {
  assert.equal(replyTo(rowsOf(5)).cut, undefined);
});

test('the summary stays within the reply, however small, and with long keys', () => {
  const wide = many(50, (id) =>
    Object.fromEntries(many(40, (at) => [`${at}${'k'.repeat(300)}`, `${id}${'"'.repeat(100)}`])),
  );
  for (const budget of [1_000, 2_000, 24_000])
    for (const value of [wide, { a: wide, b: wide }, rowsOf(5_000)]) {
      const reply = replyTo(value, budget);
      assert.ok(JSON.stringify(reply).length <= budget, `${JSON.stringify(reply).length} of ${budget}`);
      assert.ok(JSON.stringify(reply.cut).length <= 1_500);
    }
});
