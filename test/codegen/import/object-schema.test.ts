import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { flattenObject } from '../../../codegen/import/object-schema.ts';

const text = { type: 'string' };
const number = { type: 'number' };
const needs = (...required: readonly string[]): object => ({ required });
const when = (asked: object, demanded: object): object =>
  Object.fromEntries([
    ['if', asked],
    ['then', demanded],
  ]);

/** Parts that hold at once: what each says is kept. */
const PARTS: Readonly<Record<string, readonly object[]>> = {
  'names that demand others': [{ dependentRequired: { a: ['b'] } }, { dependentRequired: { b: ['c'] } }],
  'one name that demands several': [{ dependentRequired: { a: ['b'] } }, { dependentRequired: { a: ['c'] } }],
  'schemas that a name brings': [
    { dependentSchemas: { a: { properties: { b: text } } } },
    { dependentSchemas: { a: needs('c') } },
  ],
  'patterns of names': [
    { patternProperties: { '^a': text } },
    { patternProperties: { '^a': number, b: text } },
  ],
  'schemas of names': [{ propertyNames: { minLength: 1 } }, { propertyNames: { pattern: '^[ab]' } }],
  'numbers of properties': [
    { minProperties: 2, maxProperties: 2 },
    { minProperties: 1, maxProperties: 3 },
  ],
  'what is refused': [{ not: needs('a') }, { not: needs('b') }],
  conditions: [when(needs('a'), needs('b')), when(needs('b'), needs('c'))],
  'choices of both kinds': [
    { anyOf: [needs('a'), needs('b')], oneOf: [needs('a'), needs('c')] },
    { anyOf: [needs('c'), needs('b')], oneOf: [needs('b'), needs('a', 'c')] },
  ],
};

const OBJECTS: readonly Record<string, unknown>[] = ['', 'a', 'b', 'c', 'ab', 'ac', 'bc', 'abc'].flatMap(
  (names) => ['x', 7].map((value) => Object.fromEntries([...names].map((name) => [name, value]))),
);

for (const [what, parts] of Object.entries(PARTS)) {
  test(`an object takes what all of its parts take: ${what}`, () => {
    const [first = {}] = parts;
    for (const whole of [
      { type: 'object', allOf: parts },
      { type: 'object', ...first, allOf: parts.slice(1) },
    ]) {
      const flat = flattenObject(whole, whole);
      assert.ok(flat !== undefined);
      const [takes, takesFlat] = [whole, flat].map((schema) =>
        new Ajv2020({ strict: false }).compile(schema),
      );
      for (const object of OBJECTS)
        assert.equal(
          takesFlat?.(object),
          takes?.(object),
          `${JSON.stringify(object)}: ${JSON.stringify(flat)}`,
        );
    }
  });
}

test('what only one choice would fill in is filled in for none', () => {
  const choice = (name: string, more: object) => ({ properties: { [name]: text, ...more }, ...needs(name) });
  const whole = { type: 'object', anyOf: [choice('path', { depth: { default: 5 } }), choice('url', {})] };
  assert.deepEqual(flattenObject(whole, whole)?.properties, { path: text, depth: {}, url: text });
});
