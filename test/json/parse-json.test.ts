import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJson } from '../../runtime/json/parse-json.ts';

test('what JSON.parse reads within the depth is read alike', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      const parsed = parseJson(text, 50);
      if (!parsed.ok) return parsed.reason === 'key';
      assert.deepEqual(parsed.value, JSON.parse(text));
      return true;
    }),
  );
});

test('text nested beyond the depth is refused before it is parsed', () => {
  assert.deepEqual(parseJson('[[[1]]]', 3), { ok: true, value: [[[1]]] });
  const deep = parseJson('['.repeat(5_000_000), 50);
  assert.equal(deep.ok === false && deep.reason, 'depth');
});

test('brackets and quotes inside strings do not count', () => {
  assert.deepEqual(parseJson(String.raw`["[[[[\"[[[", "\\"]`, 1), { ok: true, value: ['[[[["[[[', '\\'] });
});

for (const key of ['__proto__', 'constructor', 'prototype']) {
  test(`the key ${key} is refused at any depth, escaped too`, () => {
    for (const text of [
      `{"${key}":1}`,
      `[{"a":{"${key}":1}}]`,
      `{"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}":1}`,
    ]) {
      const parsed = parseJson(text, 50);
      assert.equal(parsed.ok === false && parsed.reason, 'key', text);
    }
    assert.equal(parseJson(`{"a":"${key}"}`, 50).ok, true, 'as a value it is harmless');
  });
}

test('text that is no JSON is refused, never thrown', () => {
  for (const text of ['', '{', 'undefined', '"\\', '{"a":}', 'NaN', ']]]', '\u0000']) {
    const parsed = parseJson(text, 50);
    assert.equal(parsed.ok === false && parsed.reason, 'syntax', JSON.stringify(text));
  }
});

test('a number beyond all numbers is refused: it would be read as Infinity and written as null', () => {
  for (const text of ['1e999', '[-1e999]', '{"a":{"b":[1,1e400]}}']) {
    const parsed = parseJson(text, 50);
    assert.equal(parsed.ok === false && parsed.reason, 'number', text);
  }
  assert.deepEqual(parseJson('[1.7e308,-0,5e-324]', 50), { ok: true, value: [1.7e308, -0, 5e-324] });
});
