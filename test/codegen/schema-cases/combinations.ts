import { closed, number, type Row, text } from './row.ts';

const UNION = 'a union lets what fits several branches through';
const CONDITION = 'TypeScript has no conditions on values';

/** Schemas that are made of others. */
export const COMBINATIONS: readonly Row[] = [
  {
    name: 'an intersection of closed objects, which lets through what both know',
    schema: {
      allOf: [
        { type: 'object', properties: { a: text, b: text }, ...closed },
        { type: 'object', properties: { b: text, c: text }, ...closed },
      ],
    },
    valid: [{}, { b: 'x' }],
    invalid: [{ d: 1 }, { b: 1 }],
    wider: [{ a: 'x', b: 'x' }, { c: 'x' }],
    because: 'an intersection of object types lets through what either knows',
  },
  {
    name: 'allOf with references',
    schema: {
      $defs: {
        Named: { type: 'object', properties: { name: text }, required: ['name'] },
        Aged: { type: 'object', properties: { age: number }, required: ['age'] },
      },
      allOf: [{ $ref: '#/properties/value/$defs/Named' }, { $ref: '#/properties/value/$defs/Aged' }],
    },
    valid: [
      { name: 'x', age: 1 },
      { name: 'x', age: 1, more: [] },
    ],
    invalid: [{ name: 'x' }, { age: 1 }, { name: 1, age: 1 }],
  },
  {
    name: 'anyOf of required in an open object without type',
    schema: { properties: { a: text, b: number }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    valid: [{ a: 'x' }, { b: 1 }, { a: 'x', b: 1 }, { a: 'x', c: 1 }],
    invalid: [{}, { c: 1 }, { a: 1 }, 'x', 1],
  },
  {
    name: 'anyOf that demands properties that nothing declares',
    schema: { type: 'object', anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    valid: [{ a: 1 }, { b: null }],
    invalid: [{ c: 1 }, 'x'],
  },
  {
    name: 'anyOf of an open object and a string',
    schema: { anyOf: [{ type: 'object', properties: { a: text }, required: ['a'] }, text] },
    valid: ['x', { a: 'x' }, { a: 'x', more: 1 }],
    invalid: [{}, { a: 1 }, 1],
  },
  {
    name: 'oneOf with overlapping branches',
    schema: { type: 'integer', oneOf: [{ minimum: 5 }, { multipleOf: 2 }] },
    valid: [2, 7],
    invalid: ['x'],
    wider: [6, 3],
    because: UNION,
  },
  {
    name: 'oneOf of overlapping objects',
    schema: {
      oneOf: [
        { type: 'object', properties: { a: text }, required: ['a'] },
        { type: 'object', properties: { b: text }, required: ['b'] },
      ],
    },
    valid: [{ a: 'x' }, { b: 'x' }, { b: 'x', c: 1 }],
    invalid: [{}, 'x', { c: 1 }],
    wider: [{ a: 'x', b: 'x' }],
    because: UNION,
  },
  {
    name: 'oneOf of kinds',
    schema: { oneOf: [text, number, { type: 'null' }] },
    valid: ['x', 1, null],
    invalid: [true, [], {}],
  },
  {
    name: 'a union of open objects told apart by an enum',
    schema: {
      anyOf: [
        { type: 'object', properties: { k: { enum: ['a', 'b'] }, x: text }, required: ['k', 'x'] },
        { type: 'object', properties: { k: { const: 'c' }, y: number }, required: ['k', 'y'] },
      ],
    },
    valid: [
      { k: 'a', x: 's' },
      { k: 'c', y: 1, more: true },
    ],
    invalid: [{ k: 'a', y: 1 }, { k: 'c' }, { k: 'd', x: 's' }, { k: 'c', y: 's' }],
  },
  {
    name: 'unevaluatedProperties after allOf',
    schema: {
      type: 'object',
      allOf: [{ properties: { a: text } }],
      properties: { b: number },
      unevaluatedProperties: false,
    },
    valid: [{}, { a: 'x', b: 1 }],
    invalid: [{ c: 1 }, { a: 1 }, { a: 'x', c: 1 }],
  },
  {
    name: 'unevaluatedProperties after anyOf',
    schema: {
      type: 'object',
      anyOf: [
        { properties: { a: text }, required: ['a'] },
        { properties: { b: number }, required: ['b'] },
      ],
      unevaluatedProperties: false,
    },
    valid: [{ a: 'x' }, { b: 1 }, { a: 'x', b: 1 }],
    invalid: [{ a: 'x', c: 1 }, {}, { a: 'x', b: 'no number' }],
  },
  {
    name: 'unevaluatedProperties after patterns and branches that evaluate nothing',
    schema: {
      type: 'object',
      patternProperties: { '^x': true },
      oneOf: [{ required: ['x'] }, { required: ['y'], unevaluatedProperties: number }],
      unevaluatedProperties: false,
    },
    valid: [{ x: 1 }, { y: 1 }, { x: 'x', xy: 1 }],
    invalid: [{}, 'x'],
    wider: [{ x: 1, z: 1 }, { y: 'x' }],
    because: UNION,
  },
  {
    name: 'unevaluatedItems',
    schema: { type: 'array', prefixItems: [text], unevaluatedItems: false },
    valid: [[], ['x']],
    invalid: [[1], 'x'],
    wider: [['x', 1]],
    because: 'what is evaluated depends on the value',
  },
  {
    name: 'dependentRequired',
    schema: {
      type: 'object',
      properties: { card: text, address: text },
      dependentRequired: { card: ['address'] },
      ...closed,
    },
    valid: [{}, { address: 'x' }, { card: 'x', address: 'x' }],
    invalid: [{ card: 1, address: 'x' }],
    wider: [{ card: 'x' }],
    because: CONDITION,
  },
  {
    name: 'dependentSchemas',
    schema: {
      type: 'object',
      properties: { card: text },
      dependentSchemas: { card: { required: ['address'], properties: { address: text } } },
    },
    valid: [{}, { card: 'x', address: 'x' }],
    invalid: [{ card: 1, address: 'x' }],
    wider: [{ card: 'x' }, { card: 'x', address: 1 }],
    because: CONDITION,
  },
  {
    name: 'if, then and else',
    schema: {
      type: 'object',
      properties: { kind: text, size: number, colour: text },
      required: ['kind'],
      if: { properties: { kind: { const: 'box' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['size'] },
      else: { required: ['colour'] },
      ...closed,
    },
    valid: [
      { kind: 'box', size: 1 },
      { kind: 'ink', colour: 'x' },
    ],
    invalid: [{ kind: 'box' }, { kind: 'ink', size: 1 }, { kind: 'ink' }],
    wider: [{ kind: 'box', colour: 'x' }],
    because: 'what else says is not taken out of what if says',
  },
  {
    name: 'if without effect',
    schema: { type: 'string', if: { const: 'x' } },
    valid: ['x', 'y'],
    invalid: [1],
  },
  {
    name: 'contains',
    schema: { type: 'array', contains: { const: 1 } },
    valid: [[1], ['x', 1]],
    invalid: ['x', 1],
    wider: [[], ['x']],
    because: 'TypeScript cannot demand an element at no place in particular',
  },
  {
    name: 'contains, counted',
    schema: { type: 'array', contains: number, minContains: 0, maxContains: 1 },
    valid: [[], ['x'], ['x', 1]],
    invalid: ['x'],
    wider: [[1, 2]],
    because: 'TypeScript does not count elements',
  },
  { name: 'not of a type', schema: { not: text }, valid: [1, null, [], {}], invalid: ['x'] },
  {
    name: 'not of several types',
    schema: { not: { type: ['string', 'null', 'object'] } },
    valid: [1, true, [1]],
    invalid: ['x', null, {}],
  },
  {
    name: 'not of integers',
    schema: { type: 'number', not: { type: 'integer' } },
    valid: [1.5],
    invalid: ['x'],
    wider: [1],
    because: 'TypeScript has one type of numbers',
  },
  {
    name: 'allOf of kinds that exclude each other but for one',
    schema: { allOf: [{ type: ['string', 'null'] }, { type: ['null', 'number'] }] },
    valid: [null],
    invalid: ['x', 1],
  },
  {
    name: 'a default inside a branch, where nothing is completed',
    schema: {
      type: 'object',
      anyOf: [
        { properties: { a: { type: 'integer', default: 1 } }, required: ['a'] },
        { properties: { b: text }, required: ['b'] },
      ],
    },
    valid: [{ a: 1 }, { b: 'x' }],
    invalid: [{}, { a: 'x' }],
  },
  {
    name: 'branches beside a map',
    schema: {
      type: 'object',
      additionalProperties: number,
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    valid: [{ a: 1 }, { b: 1, c: 2 }],
    invalid: [{ c: 1 }, { a: 'x' }],
  },
];
