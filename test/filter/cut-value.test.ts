import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { cutValue, describeCut } from '../../runtime/filter/cut-value.ts';
import { pageValue } from '../../runtime/filter/page-value.ts';
import { resolvePointer } from '../../runtime/json/resolve-pointer.ts';

const size = (value: JsonValue): number => JSON.stringify(value).length;

test('a value that fits is not touched', () => {
  const value = { a: [1, 2, 3], b: 'text' };
  assert.deepEqual(cutValue(value, 1_000), { value, cuts: [] });
});

test('whatever the value, what is left is JSON within the budget', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 300, max: 2_000 }), (value, budget) => {
      const many = Array.from({ length: 40 }, () => value) as JsonValue;
      for (const whole of [many, { many, also: many }, { text: JSON.stringify(many) }]) {
        const cut = cutValue(whole, budget);
        assert.ok(size(cut.value) <= budget, `${size(cut.value)} of ${budget}`);
        assert.equal(cut.cuts.length === 0, size(whole) <= budget);
      }
    }),
  );
});

test('an array keeps its first items whole and says how many are missing', () => {
  const items = Array.from({ length: 400 }, (_, index) => ({ id: index, text: 'x'.repeat(20) }));
  const { value, cuts } = cutValue({ items, total: 400 }, 2_000);
  const kept = (value as { items: unknown[]; total: number }).items;
  assert.deepEqual(kept.slice(0, 5), items.slice(0, 5));
  assert.equal(kept.at(-1), `[${400 - (kept.length - 1)} more of 400 items]`);
  assert.equal((value as { total: number }).total, 400);
  assert.match(describeCut(cuts[0]!), /^\/items: \d+ of 400 items left out$/);
});

test('a large value costs no more where it lies deep: each part of it is read a few times at most', () => {
  let reads = 0;
  const item = {
    get text() {
      reads += 1;
      return 'x'.repeat(100);
    },
  };
  let deep: JsonValue = Array.from({ length: 2_000 }, () => item as unknown as JsonValue);
  for (let level = 0; level < 45; level += 1) deep = level % 2 === 0 ? [deep] : { deep };
  assert.ok(size(cutValue(deep, 5_000).value) <= 5_000);
  assert.ok(reads < 10_000, `${reads} reads`);
});

test('a long text is cut at its end, never inside a character', () => {
  const { value } = cutValue('😀'.repeat(1_000), 500);
  assert.ok((value as string).isWellFormed());
  assert.match(value as string, /… \[\d+ more characters\]$/);
});

test('a long text fills the room that it has, whatever its escapes', () => {
  for (const text of [
    'x'.repeat(9_000),
    '"\n'.repeat(9_000),
    `x${'😀'.repeat(9_000)}`,
    '\u0001'.repeat(9_000),
  ]) {
    const { length } = JSON.stringify(cutValue(text, 5_000).value);
    assert.ok(length <= 5_000 && length > 4_900, `${text.slice(0, 2)}: ${length}`);
  }
});

test('small entries of an object survive beside a huge one', () => {
  const { value } = cutValue({ huge: 'x'.repeat(100_000), ok: true, name: 'n' }, 1_000);
  assert.equal((value as { ok: boolean }).ok, true);
  assert.equal((value as { name: string }).name, 'n');
});

test('pages of an array, joined, are the array', () => {
  const items = Array.from({ length: 500 }, (_, index) => ({ id: index }));
  const value = { 'a/b': { items } };
  const joined: JsonValue[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const result = pageValue(value, '/a~1b/items', page, 1_000);
    assert.ok(result.ok);
    assert.ok(size(result.page.value) <= 1_000);
    pages = result.page.pages;
    joined.push(...(result.page.value as JsonValue[]));
  }
  assert.deepEqual(joined, items);
});

test('pages of a text, joined, are the text; entries of an object likewise', () => {
  const text = 'line "quoted"\n'.repeat(1_000);
  const object = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key${index}`, index]));
  const all = (value: JsonValue): JsonValue[] => {
    const first = pageValue(value, '', 1, 800);
    assert.ok(first.ok);
    return Array.from({ length: first.page.pages }, (_, index) => {
      const result = pageValue(value, '', index + 1, 800);
      assert.ok(result.ok);
      return result.page.value;
    });
  };
  for (const one of [text, `x${'😀'.repeat(1_000)}`, 'x'.repeat(10_000), '\ud83d'.repeat(500), '']) {
    const pages = all(one);
    assert.equal(pages.join(''), one);
    for (const page of pages) assert.ok(size(page) <= 800);
    for (const page of pages.slice(0, -1)) assert.ok(size(page) > 790, 'a page is filled');
  }
  assert.deepEqual(Object.assign({}, ...all(object)), object);
});

test('a pointer or a page that is not there is said, not thrown', () => {
  assert.equal(resolvePointer({ a: [1] }, '/a/1'), undefined);
  assert.equal(resolvePointer({ a: 1 }, '/toString'), undefined);
  assert.deepEqual(pageValue({ a: 1 }, '/b', 1, 100), {
    ok: false,
    message: 'There is nothing at the pointer "/b".',
  });
  for (const page of [0, 2, -1, 1.5, Number.NaN]) assert.equal(pageValue({ a: 1 }, '', page, 100).ok, false);
});
