import { closed, number, type Row, text } from './row.ts';

const V = '#/properties/value';

/** What references can name, within a schema and in the file around it. */
export const REFERENCES: readonly Row[] = [
  {
    name: 'a reference to the root',
    at: 'result',
    schema: { type: 'object', properties: { value: text, next: { $ref: '#' } }, ...closed },
    valid: [{}, { value: 'x', next: { next: {} } }],
    invalid: [{ next: 1 }, { next: { nxt: 1 } }, { next: { next: { value: 1 } } }],
  },
  {
    name: 'a list of itself',
    at: 'result',
    schema: { type: 'array', items: { anyOf: [{ $ref: '#' }, number] } },
    valid: [[], [1, [2, [3]]]],
    invalid: [['x'], [[['x']]], 1],
  },
  {
    name: 'a recursive tuple',
    at: 'result',
    schema: {
      type: 'array',
      prefixItems: [text, { anyOf: [{ $ref: '#' }, { type: 'null' }] }],
      minItems: 2,
      items: false,
    },
    valid: [
      ['a', null],
      ['a', ['b', null]],
    ],
    invalid: [['a'], ['a', ['b']], ['a', 'b'], ['a', null, null]],
  },
  {
    name: 'a recursive tuple in elements that may be missing and that come often',
    at: 'result',
    schema: {
      type: 'array',
      prefixItems: [{ items: { $ref: '#' } }],
      items: { prefixItems: [{ $ref: '#' }] },
    },
    valid: [[], [[[], [[]]], [[]], []]],
    invalid: [1, [1], [[1]], [[], 1]],
  },
  {
    name: 'a reference into a property',
    schema: {
      type: 'object',
      properties: { a: { enum: ['x'] }, b: { $ref: `${V}/properties/a` } },
      ...closed,
    },
    valid: [{ a: 'x', b: 'x' }],
    invalid: [{ b: 'y' }],
  },
  {
    name: 'a reference into items and into a branch',
    schema: {
      type: 'object',
      properties: {
        list: {
          type: 'array',
          items: { type: 'object', properties: { n: number }, required: ['n'], ...closed },
        },
        first: { $ref: `${V}/properties/list/items` },
        either: { anyOf: [text, { $ref: `${V}/properties/list/items/properties/n` }] },
        same: { $ref: `${V}/properties/either/anyOf/1` },
      },
      ...closed,
    },
    valid: [{ list: [{ n: 1 }], first: { n: 2 }, either: 3, same: 4 }],
    invalid: [{ first: {} }, { either: null }, { same: 'x' }, { first: { n: 1, m: 1 } }],
  },
  {
    name: 'escapes in pointers',
    schema: {
      type: 'object',
      properties: {
        tilde: { $ref: `${V}/$defs/a~0b` },
        slash: { $ref: `${V}/$defs/a~1b` },
        percent: { $ref: `${V}/$defs/a%25b` },
        space: { $ref: `${V}/$defs/a%20b` },
        quote: { $ref: `${V}/$defs/a%22b` },
      },
      $defs: {
        'a~b': { const: 1 },
        'a/b': { const: 2 },
        'a%b': { const: 3 },
        'a b': { const: 4 },
        'a"b': { const: 5 },
      },
      ...closed,
    },
    valid: [{ tilde: 1, slash: 2, percent: 3, space: 4, quote: 5 }],
    invalid: [{ tilde: 2 }, { slash: 3 }, { percent: 4 }, { space: 5 }, { quote: 1 }],
  },
  {
    name: 'definitions of a schema by itself, found from its own root',
    schema: {
      $id: 'https://example.com/tree',
      $defs: {
        node: {
          type: 'object',
          properties: { kids: { type: 'array', items: { $ref: '#/$defs/node' } } },
          ...closed,
        },
      },
      $ref: '#/$defs/node',
    },
    valid: [{}, { kids: [{ kids: [] }] }],
    invalid: [{ kids: [1] }, { kid: [] }],
  },
  {
    name: 'anchors',
    schema: {
      $id: 'https://example.com/anchored',
      $defs: { a: { $anchor: 'word', type: 'string' }, b: { $dynamicAnchor: 'count', type: 'number' } },
      type: 'object',
      properties: {
        w: { $ref: '#word' },
        c: { $dynamicRef: '#count' },
        same: { $ref: 'https://example.com/anchored#word' },
      },
      ...closed,
    },
    valid: [{ w: 'x', c: 1, same: 'x' }],
    invalid: [{ w: 1 }, { c: 'x' }, { same: 1 }],
  },
  {
    name: 'identifiers relative to each other',
    schema: {
      $id: 'https://example.com/folder/root.json',
      $defs: {
        part: {
          $id: 'parts/part.json',
          $defs: { inner: { type: 'integer' } },
          type: 'array',
          items: { $ref: '#/$defs/inner' },
        },
        urn: { $id: 'urn:example:thing', const: 'thing' },
      },
      type: 'object',
      properties: {
        part: { $ref: 'parts/part.json' },
        inner: { $ref: 'parts/part.json#/$defs/inner' },
        absolute: { $ref: '/folder/parts/part.json' },
        urn: { $ref: 'urn:example:thing' },
      },
      ...closed,
    },
    valid: [{ part: [1], inner: 1, absolute: [], urn: 'thing' }],
    invalid: [{ part: ['x'] }, { inner: 'x' }, { absolute: 1 }, { urn: 'x' }],
  },
  {
    name: 'a type of the file, one that the schema has itself under the same name, and one inside a type',
    $defs: {
      Thing: { enum: ['file'] },
      Deep: { type: 'object', properties: { in: { enum: [7] } }, ...closed },
    },
    schema: {
      type: 'object',
      properties: {
        file: { $ref: '#/$defs/Thing' },
        own: { $ref: `${V}/definitions/Thing` },
        deep: { $ref: '#/$defs/Deep/properties/in' },
        whole: { $ref: '#/$defs/Deep' },
      },
      definitions: { Thing: { enum: ['own'] } },
      ...closed,
    },
    valid: [{ file: 'file', own: 'own', deep: 7, whole: { in: 7 } }],
    invalid: [{ file: 'own' }, { own: 'file' }, { deep: 8 }, { whole: { in: 8 } }],
  },
  {
    name: 'a reference to a reference to a boolean',
    schema: {
      type: 'object',
      properties: { any: { $ref: `${V}/$defs/a` } },
      $defs: { a: { $ref: `${V}/$defs/b` }, b: true },
    },
    valid: [{ any: 1 }, { any: null }, {}],
    invalid: ['x'],
  },
  {
    name: 'a reference beside closed words',
    $defs: { Base: { type: 'object', properties: { a: text }, required: ['a'], ...closed } },
    schema: { type: 'array', items: { $ref: '#/$defs/Base', description: 'beside' } },
    valid: [[], [{ a: 'x' }]],
    invalid: [[{}], [{ a: 'x', b: 1 }], { a: 'x' }],
  },
  {
    name: 'a type of the file that parameters and results share, open and with a default',
    $defs: {
      Shared: {
        type: 'object',
        properties: { a: text, size: { type: 'integer', default: 1 } },
        required: ['size'],
      },
    },
    schema: { $ref: '#/$defs/Shared' },
    valid: [{ a: 'x', size: 1, more: [] }, { a: 'x' }, {}],
    invalid: [{ a: 1 }, { size: 'x' }, 'x'],
  },
  {
    name: 'a cycle through maps, lists and branches',
    at: 'result',
    schema: {
      $ref: '#/$defs/json',
      $defs: {
        json: {
          anyOf: [
            { type: ['string', 'number', 'boolean', 'null'] },
            { type: 'array', items: { $ref: '#/$defs/json' } },
            { type: 'object', additionalProperties: { $ref: '#/$defs/json' } },
          ],
        },
      },
    },
    valid: [1, 'x', null, [[{ a: [null] }]], { a: { b: 1 } }],
    invalid: [],
  },
];
