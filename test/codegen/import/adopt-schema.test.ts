import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptSchema, NoSchema } from '../../../codegen/import/adopt-schema.ts';
import { createTypeStore } from '../../../codegen/import/type-store.ts';

interface Row {
  readonly what: string;
  readonly raw: any;
  readonly adopted: unknown;
  readonly types?: unknown;
  /** What the list of wider schemas says, in order. */
  readonly wider?: readonly RegExp[];
}

const text = { type: 'string' };

const ROWS: readonly Row[] = [
  {
    what: 'definitions of draft 7, and a type that contains itself',
    raw: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $ref: '#/definitions/tree node',
      definitions: { 'tree node': { properties: { next: { $ref: '#/definitions/tree%20node' } } } },
    },
    adopted: { $ref: '#/$defs/TreeNode' },
    types: { TreeNode: { properties: { next: { $ref: '#/$defs/TreeNode' } } } },
  },
  {
    what: 'a reference to the whole',
    raw: { type: 'object', properties: { child: { $ref: '#' } } },
    adopted: { type: 'object', properties: { child: { $ref: '#/$defs/Type' } } },
    types: { Type: { type: 'object', properties: { child: { $ref: '#/$defs/Type' } } } },
  },
  {
    what: 'a reference to a sibling',
    raw: { properties: { a: text, b: { $ref: '#/properties/a' } } },
    adopted: { properties: { a: text, b: { $ref: '#/$defs/A' } } },
    types: { A: text },
  },
  {
    what: 'a reference by anchor',
    raw: { $ref: '#here', $defs: { Thing: { $anchor: 'here', ...text } } },
    adopted: { $ref: '#/$defs/Thing' },
    types: { Thing: text },
  },
  {
    what: 'a reference by anchor and by place to the same',
    raw: {
      prefixItems: [{ $ref: '#here' }, { $ref: '#/$defs/Thing' }],
      $defs: { Thing: { $anchor: 'here' } },
    },
    adopted: { prefixItems: [{ $ref: '#/$defs/Thing' }, { $ref: '#/$defs/Thing' }] },
    types: { Thing: {} },
  },
  {
    what: 'references that are relative to the schema with an $id around them',
    raw: {
      $id: 'https://example.org/outer',
      items: { $ref: 'inner#/$defs/T' },
      $defs: { Inner: { $id: 'inner', $ref: '#/$defs/T', $defs: { T: text } }, T: { type: 'null' } },
    },
    adopted: { items: { $ref: '#/$defs/T' } },
    types: { T: text },
  },
  {
    what: 'words beside a reference, which draft 7 ignores',
    raw: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: { a: { $ref: '#/definitions/T', maxLength: 2, description: 'Short.' } },
      definitions: { T: text },
    },
    adopted: { properties: { a: { description: 'Short.', $ref: '#/$defs/T' } } },
    types: { T: text },
  },
  {
    what: 'a dynamic reference that only one schema can answer',
    raw: { items: { $dynamicRef: '#node' }, $defs: { Node: { $dynamicAnchor: 'node', ...text } } },
    adopted: { items: { $ref: '#/$defs/Node' } },
    types: { Node: text },
  },
  {
    what: 'a dynamic reference that several can answer',
    raw: {
      items: { $dynamicRef: '#node' },
      $defs: { A: { $dynamicAnchor: 'node' }, B: { $id: 'b', $dynamicAnchor: 'node' } },
    },
    adopted: {
      items: {
        description: '(Not checked here: $dynamicRef to "#node", which only a run could resolve.)',
      },
    },
    wider: [/\$dynamicRef to "#node", which only a run could resolve/],
  },
  {
    what: 'references in what was not looked at',
    raw: { unevaluatedProperties: { $ref: '#/definitions/T' }, definitions: { T: text } },
    adopted: { unevaluatedProperties: { $ref: '#/$defs/T' } },
    types: { T: text },
  },
  { what: 'a list of values with none in it', raw: { enum: [] }, adopted: { not: {} } },
  {
    what: 'a property that objects answer to, and calls may carry',
    raw: { properties: { toString: text }, required: ['toString', ''] },
    adopted: { properties: { toString: text }, required: ['toString', ''] },
  },
  {
    what: 'a reference out of the document',
    raw: { $ref: 'https://example.org/schema.json' },
    adopted: {
      description:
        '(Not checked here: $ref to "https://example.org/schema.json", which is not in the document.)',
    },
    wider: [/which is not in the document/],
  },
  {
    what: 'a tuple of draft 7',
    raw: { items: [text, true], additionalItems: false },
    adopted: { prefixItems: [text, true], items: false },
  },
  {
    what: 'dependencies',
    raw: { dependencies: { a: ['b'], c: { required: ['d'] } } },
    adopted: { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
  },
  {
    what: 'exclusive bounds as flags',
    raw: { minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false },
    adopted: { exclusiveMinimum: 1, maximum: 5 },
  },
  {
    what: 'nullable with a type',
    raw: { type: 'string', nullable: true },
    adopted: { type: ['string', 'null'] },
  },
  {
    what: 'nullable beside a reference',
    raw: { $ref: '#/$defs/T', nullable: true, $defs: { T: text } },
    adopted: { anyOf: [{ $ref: '#/$defs/T' }, { type: 'null' }] },
    types: { T: text },
  },
  {
    what: 'a format that nobody checks',
    raw: { ...text, format: 'mood', description: 'How.' },
    adopted: { ...text, description: 'How. (Not checked here: format "mood".)' },
    wider: [/format "mood"/],
  },
  {
    what: 'a pattern that is none',
    raw: { ...text, pattern: '(' },
    adopted: { ...text, description: '(Not checked here: pattern "(".)' },
    wider: [/pattern/],
  },
  {
    what: 'items of objects that must differ',
    raw: { type: 'array', items: { type: 'object' }, uniqueItems: true },
    adopted: { type: 'array', items: { type: 'object' }, uniqueItems: true },
  },
  { what: 'unknown words', raw: { ...text, example: 'x', 'x-order': 1, discriminator: {} }, adopted: text },
  {
    what: 'a title where there is no description',
    raw: { ...text, title: 'City' },
    adopted: { ...text, description: 'City' },
  },
  { what: 'a condition without consequence', raw: { if: text }, adopted: {} },
  {
    what: 'a required name that a closed object does not have',
    raw: { required: ['a'], additionalProperties: false },
    adopted: { required: ['a'], additionalProperties: false, properties: { a: true } },
    wider: [/required but not declared: a/],
  },
  {
    what: 'a default in one of several choices',
    raw: { anyOf: [{ ...text, default: 'x' }, { type: 'null' }] },
    adopted: { anyOf: [{ ...text, description: '(Not checked here: default "x".)' }, { type: 'null' }] },
    wider: [/default "x"/],
  },
  {
    what: 'a property that no call may carry',
    raw: JSON.parse('{ "properties": { "__proto__": {}, "ok": true } }'),
    adopted: { properties: { ok: true }, description: '(Not checked here: property "__proto__".)' },
    wider: [/__proto__/],
  },
  { what: 'a boolean', raw: false, adopted: false },
];

for (const { what, raw, adopted, types = {}, wider = [] } of ROWS) {
  test(`adopted: ${what}`, () => {
    const store = createTypeStore(new Set());
    const notes: string[] = [];
    const document = typeof raw === 'object' ? raw : {};
    const result = adoptSchema(raw, { document, store, onWider: (_, note) => notes.push(note) });
    assert.deepEqual(result, adopted);
    assert.deepEqual(store.types, types);
    assert.equal(notes.length, wider.length, notes.join('\n'));
    for (const [i, pattern] of wider.entries()) assert.match(notes[i]!, pattern);
  });
}

for (const raw of [
  'text',
  null,
  7,
  [],
  { type: 'text' },
  { properties: [] },
  { anyOf: {} },
  { items: 'x' },
]) {
  test(`no schema: ${JSON.stringify(raw)}`, () => {
    const store = createTypeStore(new Set());
    const adopt = () => adoptSchema(raw, { document: {}, store, onWider: () => undefined });
    assert.throws(adopt, NoSchema);
  });
}

test('a schema that is nested without end becomes wider where it is too deep', () => {
  const deep = Array.from({ length: 5_000 }).reduce<object>((inner) => ({ items: inner }), {});
  const notes: string[] = [];
  adoptSchema(deep, {
    document: {},
    store: createTypeStore(new Set()),
    onWider: (_, note) => notes.push(note),
  });
  assert.deepEqual(notes, ['nested deeper than 100 levels']);
});

test('the same definitions in several tools are one type; others of that name get their own', () => {
  const store = createTypeStore(new Set(['Point']));
  const adopt = (Point: object) => {
    const raw = { $ref: '#/$defs/Point', $defs: { Point } };
    return adoptSchema(raw, { document: raw, store, onWider: () => undefined });
  };
  assert.deepEqual(adopt(text), { $ref: '#/$defs/Point2' }, 'Point is taken');
  assert.deepEqual(adopt(text), { $ref: '#/$defs/Point2' });
  assert.deepEqual(adopt({ type: 'number' }), { $ref: '#/$defs/Point3' });
});
