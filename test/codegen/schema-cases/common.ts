import type { JsonValue } from '../../../runtime/contract/json.ts';
import { closed, LIST_IS_OBJECT, number, type Row, text } from './row.ts';

function chain(depth: number): any {
  return depth === 0
    ? text
    : { type: 'object', properties: { in: chain(depth - 1) }, required: ['in'], ...closed };
}

function chainValue(depth: number, leaf: JsonValue): JsonValue {
  return depth === 0 ? leaf : { in: chainValue(depth - 1, leaf) };
}

/** What most schemas are made of. */
export const COMMON: readonly Row[] = [
  { name: 'string', schema: text, valid: ['', 'x'], invalid: [1, null, [], {}] },
  {
    name: 'integer',
    schema: { type: 'integer' },
    valid: [1, -2, 0],
    invalid: ['1', null],
    wider: [1.5],
    because: 'TypeScript has one type of numbers',
  },
  {
    name: 'ranges',
    schema: { type: 'number', minimum: 0 },
    valid: [0],
    invalid: ['0'],
    wider: [-1],
    because: 'TypeScript has no ranges',
  },
  { name: 'null', schema: { type: 'null' }, valid: [null], invalid: [0, ''] },
  { name: 'type array', schema: { type: ['string', 'null'] }, valid: ['x', null], invalid: [1, {}] },
  {
    name: 'type array of object and null with properties',
    schema: { type: ['object', 'null'], properties: { a: text }, required: ['a'], ...closed },
    valid: [null, { a: 'x' }],
    invalid: ['x', {}, { a: 1 }, { a: 'x', b: 1 }],
  },
  { name: 'nullable', schema: { type: 'string', nullable: true }, valid: ['x', null], invalid: [1] },
  { name: 'enum', schema: { enum: ['a', 'b'] }, valid: ['a', 'b'], invalid: ['c', 1, null] },
  { name: 'enum with null', schema: { enum: ['a', null] }, valid: ['a', null], invalid: ['b'] },
  {
    name: 'enum with null that the type rules out',
    schema: { type: 'string', enum: ['a', null] },
    valid: ['a'],
    invalid: [null, 'b'],
  },
  {
    name: 'mixed enum',
    schema: { enum: ['a', 1, -2, true] },
    valid: ['a', 1, -2, true],
    invalid: ['1', 2, false],
  },
  {
    name: 'enum of objects and lists',
    schema: { enum: [{ a: 1 }, [1, 'x'], []] },
    valid: [{ a: 1 }, [1, 'x'], []],
    invalid: [{ a: 2 }, {}, [1], [2, 'x']],
  },
  { name: 'const', schema: { const: 'only' }, valid: ['only'], invalid: ['other', 1] },
  {
    name: 'const object',
    schema: { const: { a: [1, null] } },
    valid: [{ a: [1, null] }],
    invalid: [{ a: [1] }, {}],
  },
  { name: 'boolean schema true', schema: { anyOf: [true] }, valid: [1, 'x', null, {}, []], invalid: [] },
  {
    name: 'boolean schema false',
    schema: { type: 'object', properties: { a: text, never: false } },
    valid: [{ a: 'x' }, {}],
    invalid: [{ never: 1 }],
  },
  {
    name: 'array',
    schema: { type: 'array', items: number },
    valid: [[], [1, 2]],
    invalid: [['1'], 1, [1, null]],
  },
  { name: 'array of anything', schema: { type: 'array' }, valid: [[], [1, 'x', null]], invalid: ['x', {}] },
  {
    name: 'array of a union',
    schema: { type: 'array', items: { anyOf: [text, number] } },
    valid: [[], [1, 'x'], ['x'], [1]],
    invalid: [[null], [[1]], 'x'],
  },
  {
    name: 'array of an enum',
    schema: { type: 'array', items: { enum: ['a', 'b'] } },
    valid: [[], ['a'], ['b', 'a']],
    invalid: [['c'], 'a'],
  },
  {
    name: 'tuple',
    schema: { type: 'array', prefixItems: [text, number], items: false, minItems: 2 },
    valid: [['x', 1]],
    invalid: [['x'], [], [1, 'x'], ['x', 1, 1]],
  },
  {
    name: 'tuple whose end may be left out, with a rest',
    schema: { type: 'array', prefixItems: [text, number], items: { type: 'boolean' }, minItems: 1 },
    valid: [['x'], ['x', 1], ['x', 1, true, false]],
    invalid: [[], ['x', 'y'], ['x', 1, 1]],
  },
  {
    name: 'tuple closed by maxItems',
    schema: { type: 'array', prefixItems: [text], minItems: 1, maxItems: 1 },
    valid: [['x']],
    invalid: [[], ['x', 'y']],
  },
  {
    name: 'required after optional',
    schema: { type: 'object', properties: { a: text, b: number }, required: ['b'], ...closed },
    valid: [{ b: 1 }, { a: 'x', b: 1 }],
    invalid: [{}, { a: 'x' }, { b: '1' }, { b: 1, c: 1 }],
  },
  {
    name: 'no type but properties',
    schema: { properties: { a: text }, required: ['a'] },
    valid: [{ a: 'x' }, { a: 'x', b: 1 }],
    invalid: [{}, { a: 1 }, 'x', 1, []],
  },
  {
    name: 'open object',
    schema: { type: 'object', properties: { a: text } },
    valid: [{}, { a: 'x' }, { b: 1 }],
    invalid: [{ a: 1 }, 'x'],
  },
  {
    name: 'open object, said so',
    schema: { type: 'object', properties: { a: text }, additionalProperties: true },
    valid: [{}, { a: 'x', b: [1] }],
    invalid: [{ a: 1 }],
  },
  {
    name: 'free-form object',
    schema: { type: 'object' },
    valid: [{}, { a: { b: 1 } }],
    invalid: ['x', 1, null],
    wider: [[]],
    because: LIST_IS_OBJECT,
  },
  {
    name: 'empty closed object',
    schema: { type: 'object', ...closed },
    valid: [{}],
    invalid: [{ a: 1 }, 'x', 1],
  },
  {
    name: 'map',
    schema: { type: 'object', additionalProperties: number },
    valid: [{}, { a: 1 }],
    invalid: [{ a: 'x' }, 1],
  },
  {
    name: 'typed additional properties beside properties',
    schema: { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: number },
    valid: [{ a: 'x' }, { a: 'x', b: 1 }],
    invalid: [{}, { a: 1 }, { a: 'x', b: true }],
    wider: [{ a: 'x', b: 'y' }],
    because: 'an index signature takes what the named properties are, too',
  },
  {
    name: 'patternProperties',
    schema: { type: 'object', patternProperties: { '^x-': text }, ...closed },
    valid: [{}, { 'x-a': 'y' }],
    invalid: [{ 'x-a': 1 }],
    wider: [{ other: 'y' }],
    because: 'TypeScript has no patterns of keys',
  },
  {
    name: 'a map with listed keys',
    schema: { type: 'object', propertyNames: { enum: ['a', 'valueOf'] }, additionalProperties: number },
    valid: [{}, { a: 1 }, { valueOf: 1, a: 2 }],
    invalid: [{ c: 1 }, { a: 'x' }],
  },
  {
    name: 'a name that the listed keys do not have',
    schema: { type: 'object', properties: { b: text }, propertyNames: { enum: ['a'] } },
    valid: [{}, { a: 1 }],
    invalid: [{ c: 1 }, { b: 1 }],
    wider: [{ b: 'x' }],
    because: 'members are not left out of types',
  },
  {
    name: 'anyOf',
    schema: { anyOf: [text, { type: 'array', items: text }] },
    valid: ['x', ['x'], []],
    invalid: [1, [1], {}],
  },
  {
    name: 'properties beside anyOf of required',
    schema: {
      type: 'object',
      properties: { id: { type: 'integer' }, name: text },
      anyOf: [{ required: ['id'] }, { required: ['name'] }],
      ...closed,
    },
    valid: [{ id: 1 }, { name: 'x' }, { id: 1, name: 'x' }],
    invalid: [{}, { id: 'x' }, { id: 1, other: 1 }, { name: 1 }],
  },
  {
    name: 'properties beside anyOf of objects',
    schema: {
      type: 'object',
      properties: { kind: text },
      required: ['kind'],
      anyOf: [
        { properties: { a: text }, required: ['a'] },
        { properties: { b: number }, required: ['b'] },
      ],
    },
    valid: [
      { kind: 'k', a: 'x' },
      { kind: 'k', b: 1 },
    ],
    invalid: [{ kind: 'k' }, { a: 'x' }, { kind: 'k', a: 1 }],
  },
  {
    name: 'discriminated oneOf',
    schema: {
      oneOf: [
        { type: 'object', properties: { t: { const: 'a' }, x: text }, required: ['t', 'x'], ...closed },
        { type: 'object', properties: { t: { const: 'b' }, y: number }, required: ['t', 'y'], ...closed },
      ],
    },
    valid: [
      { t: 'a', x: 's' },
      { t: 'b', y: 1 },
    ],
    invalid: [{ t: 'a', y: 1 }, { t: 'c' }, { t: 'b' }, { t: 'a', x: 's', y: 1 }],
  },
  {
    name: 'allOf of oneOf',
    schema: {
      allOf: [
        {
          oneOf: [
            { type: 'object', properties: { a: text }, required: ['a'] },
            { type: 'object', properties: { b: text }, required: ['b'] },
          ],
        },
        { type: 'object', properties: { c: number }, required: ['c'] },
      ],
    },
    valid: [
      { a: 'x', c: 1 },
      { b: 'x', c: 1 },
    ],
    invalid: [{ a: 'x' }, { c: 1 }, { a: 1, c: 1 }],
    wider: [{ a: 'x', b: 'x', c: 1 }],
    because: 'a union lets both branches through',
  },
  {
    name: 'not',
    schema: { type: 'string', not: { const: 'x' } },
    valid: ['y'],
    invalid: [1],
    wider: ['x'],
    because: 'TypeScript cannot take a value out of a type',
  },
  {
    name: 'if and then',
    schema: {
      type: 'object',
      properties: { a: text, b: text },
      if: { required: ['a'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['b'] },
      ...closed,
    },
    valid: [{}, { b: 'x' }, { a: 'x', b: 'x' }],
    invalid: [{ a: 1 }],
    wider: [{ a: 'x' }],
    because: 'TypeScript has no conditions on values',
  },
  {
    name: 'reference',
    schema: { $ref: '#/$defs/Leaf' },
    $defs: { Leaf: { enum: ['leaf'] } },
    valid: ['leaf'],
    invalid: ['twig'],
  },
  {
    name: 'reference beside other words',
    schema: { $ref: '#/$defs/Base', required: ['b'], properties: { b: number } },
    $defs: { Base: { type: 'object', properties: { a: text }, required: ['a'] } },
    valid: [{ a: 'x', b: 1 }],
    invalid: [{ a: 'x' }, { b: 1 }],
  },
  {
    name: 'a cycle of one',
    schema: { $ref: '#/$defs/Node' },
    $defs: { Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' } }, ...closed } },
    valid: [{}, { next: { next: {} } }],
    invalid: [{ next: { next: 1 } }, { nxt: {} }],
  },
  {
    name: 'a cycle of two',
    schema: { $ref: '#/$defs/Ping' },
    $defs: {
      Ping: { type: 'object', properties: { pong: { $ref: '#/$defs/Pong' } }, ...closed },
      Pong: { type: 'array', items: { $ref: '#/$defs/Ping' } },
    },
    valid: [{}, { pong: [] }, { pong: [{ pong: [] }] }],
    invalid: [{ pong: {} }, { pong: [[]] }],
  },
  {
    name: 'a cycle of three',
    schema: { $ref: '#/$defs/One' },
    $defs: {
      One: { type: 'object', properties: { two: { $ref: '#/$defs/Two' } }, ...closed },
      Two: { type: 'object', properties: { three: { $ref: '#/$defs/Three' } }, ...closed },
      Three: { anyOf: [{ $ref: '#/$defs/One' }, { type: 'null' }] },
    },
    valid: [{ two: { three: { two: { three: null } } } }],
    invalid: [{ two: { three: { two: 1 } } }, { two: null }],
  },
  {
    name: 'default in a nested object',
    schema: {
      type: 'object',
      properties: { size: { type: 'integer', default: 1 } },
      required: ['size'],
      ...closed,
    },
    valid: [{}, { size: 2 }],
    invalid: [{ size: 'x' }],
  },
  {
    name: 'thirty levels',
    schema: chain(30),
    valid: [chainValue(30, 'x')],
    invalid: [chainValue(30, 1), chainValue(29, 'x')],
  },
  {
    name: 'odd property names',
    schema: {
      type: 'object',
      properties: {
        'a-b': text,
        "it's": text,
        '"q"': text,
        '1st': text,
        '': text,
        class: text,
        日本: text,
        'line\u2028end\u0007': text,
        '*/': text,
        '`$x`': text,
      },
      required: ['a-b', '1st'],
      ...closed,
    },
    valid: [
      { 'a-b': 'x', '1st': 'x', '': 'x', class: 'x', 日本: 'x', 'line\u2028end\u0007': 'x', "it's": 'x' },
    ],
    invalid: [{ 'a-b': 'x' }, { 'a-b': 'x', '1st': 'x', '': 1 }, { 'a-b': 'x', '1st': 'x', 日: 'x' }],
  },
  {
    name: 'odd literals',
    schema: { enum: ["it's", '"', '\n', '`$x`', '\u2028', '日本', '*/', '\\'] },
    valid: ["it's", '"', '\n', '`$x`', '\u2028', '日本', '*/', '\\'],
    invalid: ['its', '', 'x'],
  },
];
