import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Change } from '../../../codegen/diff/change.ts';
import { compareCatalogues } from '../../../codegen/diff/compare-catalogues.ts';
import { RULES, type RuleId } from '../../../codegen/diff/rules.ts';
import { ROOT } from '../codegen-process.ts';
import { soundOperation } from '../one-tool.ts';
import { ROWS, sampleTool } from './rule-rows.ts';

const IDS = Object.keys(RULES) as readonly RuleId[];

function made(change: ((sample: any) => void) | undefined): any {
  const sample = sampleTool();
  change?.(sample);
  return sample;
}

/** What a pair of states gives, beside what else the row's own change brings about. */
function changesOf(before: any, after: any): readonly Change[] {
  return compareCatalogues([before], [after]);
}

/** A tool that goes when another comes, and the other way round: both are told. */
const TOLD_TOGETHER: Partial<Record<RuleId, RuleId>> = {
  'tool-removed': 'tool-added',
  'tool-added': 'tool-removed',
};

for (const id of IDS) {
  test(`${id} is told where it happens, and nothing else is`, () => {
    const { kind, before, after, operation = 'sample.findThings', pointer, values = [] } = ROWS[id];
    const changes = changesOf(made(before), made(after)).filter(({ rule }) => rule !== TOLD_TOGETHER[id]);
    const [old, now] = values;
    const expected = {
      rule: id,
      operation,
      pointer,
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    };
    assert.deepEqual(changes, [expected]);
    assert.equal(RULES[id].kind, kind);
  });
}

const properties = (tool: any) => tool.operations[1].parameters.properties;
const results = (tool: any) => tool.operations[1].result.properties;

/** Pairs that mean the same to agent code. */
const SAME: Readonly<Record<string, readonly [before: (t: any) => void, after: (t: any) => void]>> = {
  'a reference in place of what it refers to': [
    () => {},
    (t) => {
      t.$defs = { Limit: properties(t).limit };
      properties(t).limit = { $ref: '#/$defs/Limit' };
    },
  ],
  'a reference with a description of its own': [
    () => {},
    (t) => {
      const { description, ...rest } = properties(t).limit;
      t.$defs = { Limit: { ...rest, description: 'Any limit' } };
      properties(t).limit = { $ref: '#/$defs/Limit', description };
    },
  ],
  'a type under another name': [
    (t) => {
      t.$defs = { Old: properties(t).limit };
      properties(t).limit = { $ref: '#/$defs/Old' };
    },
    (t) => {
      t.$defs = { New: properties(t).limit };
      properties(t).limit = { $ref: '#/$defs/New' };
    },
  ],
  'another order of operations, properties, values, required names and tags': [
    (t) => t.operations[1].tags.push('search'),
    (t) => {
      const find = t.operations[1];
      find.tags = ['search', 'test'];
      find.parameters.properties = Object.fromEntries(Object.entries(properties(t)).reverse());
      properties(t).sort.enum.reverse();
      find.result.required.reverse();
      t.operations.reverse();
    },
  ],
  'a constant and an enum of one': [
    (t) => Object.assign(results(t).status, { enum: ['found'] }),
    (t) => {
      results(t).status = { const: 'found' };
    },
  ],
  'a list of types and a union of types': [
    (t) => Object.assign(results(t), { name: { type: ['string', 'null'] } }),
    (t) => Object.assign(results(t), { name: { anyOf: [{ type: 'null' }, { type: 'string' }] } }),
  ],
  'nullable and a list of types': [
    (t) => Object.assign(results(t), { name: { type: 'string', nullable: true } }),
    (t) => Object.assign(results(t), { name: { type: ['string', 'null'] } }),
  ],
  'an allOf and the same in one': [
    () => {},
    (t) => {
      const { minimum, ...rest } = properties(t).limit;
      properties(t).limit = { ...rest, allOf: [{ minimum }] };
    },
  ],
  'a false or a 0 where a keyword says nothing': [
    (t) => Object.assign(results(t), { list: { type: 'array', items: { type: 'string' } } }),
    (t) => {
      const nothing = { minItems: 0, uniqueItems: false };
      Object.assign(results(t), { list: { type: 'array', items: { type: 'string' }, ...nothing } });
    },
  ],
};

for (const [what, [before, after]] of Object.entries(SAME)) {
  test(`${what}: no change`, () => {
    assert.deepEqual(changesOf(made(before), made(after)), []);
  });
}

test('types that contain themselves are compared to the end, and told once', () => {
  const tree = (leaf: string) => (t: any) => {
    t.$defs = {
      Tree: {
        type: 'object',
        properties: { leaf: { type: leaf }, inner: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
        required: ['leaf'],
      },
    };
    results(t).tree = { $ref: '#/$defs/Tree' };
  };
  assert.deepEqual(
    changesOf(made(tree('string')), made(tree('integer'))).map(({ rule, pointer }) => [rule, pointer]),
    [['result-type-changed', '/result/properties/tree/properties/leaf']],
  );
});

/** What only one of several schemas says that hold at once, or only one of several choices. */
const IN_PARTS: Readonly<Record<string, readonly [before: object, after: object, told: readonly string[]]>> =
  {
    'a limit that another part has looser': [
      { type: 'integer', allOf: [{ minimum: 1 }, { minimum: 0 }] },
      { type: 'integer', allOf: [{ minimum: 5 }, { minimum: 0 }] },
      ['parameter-limit-tightened /minimum'],
    ],
    'a limit of a property that two parts name': [
      { allOf: [objectOf({ n: { type: 'string', maxLength: 9 } }), objectOf({ n: { pattern: 'x' } })] },
      { allOf: [objectOf({ n: { type: 'string', maxLength: 5 } }), objectOf({ n: { pattern: 'x' } })] },
      ['parameter-limit-tightened /properties/n/maxLength'],
    ],
    'one of two patterns': [
      { type: 'string', allOf: [{ pattern: 'a' }, { pattern: 'b' }] },
      { type: 'string', allOf: [{ pattern: 'c' }, { pattern: 'b' }] },
      ['parameter-limit-changed /pattern'],
    ],
    'one of two choices': [
      { allOf: [choice('string', 'null'), choice('string', 'null')] },
      { allOf: [choice('string', 'null'), choice('string')] },
      ['parameter-type-narrowed '],
    ],
    'one of two lists of types': [
      { allOf: [{ type: 'string' }, { type: ['string', 'null'] }] },
      { allOf: [{ type: ['string', 'null'] }, { type: ['string', 'null'] }] },
      ['parameter-type-widened '],
    ],
    'which of two properties has to be there': [
      objectOf({ a: {}, b: {} }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
      objectOf({ a: {}, b: {} }, { anyOf: [{ type: 'object', required: ['a'] }] }),
      ['parameter-condition-changed /anyOf'],
    ],
    'a name that has to be there and is not declared': [
      objectOf({ a: {} }, { required: ['b'] }),
      objectOf({ a: {} }, { required: ['c'] }),
      ['parameter-added-required /properties/c', 'parameter-optional /properties/b'],
    ],
    'properties that no part names': [
      objectOf({ a: {} }),
      objectOf({ a: {} }, { unevaluatedProperties: false }),
      ['parameter-closed /additionalProperties'],
    ],
    'items that no part names': [
      { type: 'array', prefixItems: [{ type: 'string' }] },
      { type: 'array', prefixItems: [{ type: 'string' }], unevaluatedItems: false },
      ['parameter-type-narrowed /items'],
    ],
  };

function objectOf(members: object, more: object = {}): object {
  return { type: 'object', properties: members, ...more };
}

function choice(...types: readonly string[]): object {
  return { anyOf: types.map((type) => ({ type })) };
}

for (const [what, [before, after, told]] of Object.entries(IN_PARTS)) {
  test(`${what}: told`, () => {
    const [old, now] = [before, after].map((schema) =>
      made((t) => Object.assign(properties(t), { part: schema })),
    );
    const place = '/parameters/properties/part';
    assert.deepEqual(
      changesOf(old, now).map(({ rule, pointer }) => `${rule} ${pointer.replace(place, '')}`),
      told,
    );
  });
}

test('types that contain themselves in several parts are compared to the end', () => {
  const trees = (leaf: string) => (t: any) => {
    const [own, both] = ['Own', 'Both'].map((name) => ({ $ref: `#/$defs/${name}` }));
    t.$defs = {
      Own: objectOf({ leaf: { type: leaf }, inner: both }),
      Both: { allOf: [objectOf({ inner: own }), objectOf({ inner: both, size: { type: 'integer' } })] },
    };
    Object.assign(results(t), { own, both });
  };
  const places = changesOf(made(trees('string')), made(trees('integer'))).map(({ pointer }) => pointer);
  for (const place of ['own/properties/leaf', 'both/properties/inner/properties/leaf'])
    assert.ok(places.includes(`/result/properties/${place}`), place);
});

test('what changed in a type is told at every place that has it', () => {
  const places = (part: object) => (t: any) => {
    t.$defs = { Place: objectOf(part), Way: objectOf({ start: { $ref: '#/$defs/Place' } }) };
    Object.assign(properties(t), { from: { $ref: '#/$defs/Place' }, way: { $ref: '#/$defs/Way' } });
  };
  assert.deepEqual(
    changesOf(made(places({ x: { type: 'string' } })), made(places({ x: { type: 'integer' } }))).map(
      ({ pointer }) => pointer,
    ),
    ['from/properties/x', 'way/properties/start/properties/x'].map(
      (place) => `/parameters/properties/${place}`,
    ),
  );
});

const A_REF = { $ref: '#/$defs/A' };
const BRANCH = Object.fromEntries([
  ['if', objectOf({ kind: { const: 'a' } })],
  ['then', A_REF],
]);

/** Conditions that refer to a type, and where it is told what changed in it. */
const REFERRING: Readonly<Record<string, readonly [condition: object, told: string]>> = {
  'the properties of a pattern': [
    { patternProperties: { '^x': A_REF } },
    'parameter-type-changed /patternProperties/^x/properties/p',
  ],
  'what a property brings': [
    { dependentSchemas: { kind: A_REF } },
    'parameter-type-changed /dependentSchemas/kind/properties/p',
  ],
  'one of two branches': [{ allOf: [BRANCH, BRANCH] }, 'parameter-type-changed /then/properties/p'],
  'what is refused': [{ not: A_REF }, 'parameter-condition-changed /not'],
};

for (const [what, [condition, told]] of Object.entries(REFERRING)) {
  test(`what changed in a type is told where it is ${what}, and its words alone are none`, () => {
    const state = (p: object) => (t: any) => {
      t.$defs = { A: objectOf({ p }) };
      properties(t).part = objectOf({ kind: { type: 'string' } }, condition);
    };
    const changesTo = (p: object) => changesOf(made(state({ type: 'string' })), made(state(p)));
    const place = '/parameters/properties/part';
    const changes = changesTo({ type: 'integer' }).map(
      ({ rule, pointer }) => `${rule} ${pointer.replace(place, '')}`,
    );
    assert.deepEqual([...new Set(changes)], [told]);
    const described = changesTo({ type: ['string'], description: 'New words' });
    assert.ok(
      described.every(({ rule }) => rule === 'parameter-description'),
      JSON.stringify(described),
    );
  });
}

test('a change that countless places share is told as often as people read', () => {
  const layers = (type: string) => (t: any) => {
    const next = (i: number) => ({ $ref: `#/$defs/Layer${i + 1}` });
    const layer = (i: number) => (i < 40 ? objectOf({ a: next(i), b: next(i) }) : { type });
    t.$defs = Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`Layer${i}`, layer(i)]));
    Object.assign(results(t), { top: { $ref: '#/$defs/Layer0' } });
  };
  const { length } = changesOf(made(layers('string')), made(layers('integer')));
  assert.ok(length > 20 && length < 100, String(length));
});

test('of a union of objects the branch that changed is told, by its constant', () => {
  const branch = (kind: string, size: string) => ({
    type: 'object',
    properties: { kind: { const: kind }, size: { type: size } },
    required: ['kind', 'size'],
  });
  const union = (...branches: object[]) => {
    return (t: any) => Object.assign(results(t), { shape: { oneOf: branches } });
  };
  const changes = changesOf(
    made(union(branch('a', 'integer'), branch('b', 'integer'))),
    made(union(branch('c', 'integer'), branch('b', 'number'), branch('a', 'integer'))),
  );
  assert.deepEqual(
    changes.map(({ rule, pointer, before, after }) => [rule, pointer, before, after]),
    [
      [
        'result-type-widened',
        '/result/properties/shape',
        '{ kind: "a", size } | { kind: "b", size }',
        '{ kind: "c", size } | { kind: "b", size } | { kind: "a", size }',
      ],
      ['result-type-widened', '/result/properties/shape/properties/size', 'integer', 'number'],
    ],
  );
});

test('nested places are told by their pointer, through lists and maps', () => {
  const deep = (type: string) => (t: any) => {
    properties(t).filter.properties['a/b'] = {
      type: 'array',
      description: 'Some maps',
      items: { type: 'object', additionalProperties: { type } },
    };
  };
  const [change, ...others] = changesOf(made(deep('number')), made(deep('string')));
  assert.equal(change?.pointer, '/parameters/properties/filter/properties/a~1b/items/additionalProperties');
  assert.deepEqual(others, []);
});

test('a moved operation is a guess at a rename; one with another effect is none', () => {
  const other = { ...sampleTool(), tool: 'other_tools', operations: [soundOperation('one')] };
  const moved = structuredClone(sampleTool().operations[1]);
  const after = made((t) => t.operations.pop());
  const rules = (to: object) =>
    compareCatalogues(
      [sampleTool(), other],
      [after, { ...other, operations: [...other.operations, to] } as any],
    ).map(({ rule, operation }) => `${rule} ${operation}`);
  assert.deepEqual(rules(moved), ['operation-renamed other.findThings']);
  assert.deepEqual(rules({ ...moved, effect: 'delete' }), [
    'operation-removed sample.findThings',
    'operation-added other.findThings',
  ]);
});

test('changes come worst first, then in order of id', () => {
  const after = made((t) => {
    t.operations[1].summary = 'Find what is asked for';
    t.operations[1].effect = 'read';
    t.operations[1].timeoutMs = 100;
    t.operations[0].timeoutMs = 100;
  });
  assert.deepEqual(
    changesOf(sampleTool(), after).map(({ rule, operation }) => `${rule} ${operation}`),
    [
      'timeout-lowered sample.findThings',
      'timeout-lowered sample.firstThing',
      'effect-lowered sample.findThings',
      'summary sample.findThings',
    ],
  );
});

test('docs/codegen.md prints the table of rules as it is', () => {
  const page = readFileSync(join(ROOT, 'docs/codegen.md'), 'utf8');
  const section = page.slice(page.indexOf('## What breaks agents'));
  const rows = [...section.matchAll(/^\| `([\w-]+)` +\| (\w+) +\| (.+?) +\| (.+?) +\|$/gm)];
  assert.deepEqual(
    rows.map(([, id, kind, what, advice]) => ({ id, kind, what, advice })),
    IDS.map((id) => ({ id, ...RULES[id] })),
  );
});
