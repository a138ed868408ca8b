import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OpenTool, openTool } from './open-tool.ts';

const TOOL = 'graph_tools';

/** Stores entities and relations, written as in `main:function calls parse:function`. */
async function store({ call }: OpenTool, relations: readonly string[]): Promise<void> {
  for (const relation of relations) {
    const [left = '', relation_type = '', right = ''] = relation.split(' ');
    const names: string[] = [];
    for (const end of [left, right]) {
      const [name = '', entity_type = 'function'] = end.split(':');
      await call('create_entity', { name, entity_type });
      names.push(name);
    }
    await call('create_relation', { from_entity: names[0], relation_type, to_entity: names[1] });
  }
}

const namesOf = (items: any[]) => items.map(({ name, symbol }) => name ?? symbol);

test('every operation answers as its schema says', async (t) => {
  const tool = await openTool(t, TOOL);
  const { call, athena } = tool;
  for (const empty of [
    'search_graph_with_depth',
    'get_graph_metrics',
    'analyze_symbols',
    'temporal_search_enrich',
  ])
    await call(empty);
  await call('search_graph', { query: 'config' });
  await store(tool, ['main calls parse', 'parse calls main', 'config:module contains parse']);
  await call('add_observation', { entity_name: 'parse', observation: 'Throws on unknown keys' });
  await athena.call('memory_tools.remember', {
    content: 'parse is slow',
    memory_type: 'fact',
    tags: ['speed'],
  });
  await athena.call('memory_tools.remember', {
    content: 'cache it',
    memory_type: 'decision',
    tags: ['speed'],
  });
  await athena.call('memory_tools.record_event', {
    content: 'parse failed',
    outcome: 'failure',
    context: { session_id: 's' },
  });
  await athena.call('memory_tools.record_event', {
    content: 'parse fixed',
    outcome: 'success',
    context: { session_id: 's', file: 'a.ts' },
  });
  await call('search_graph', { query: 'parse', depth: 2 });
  await call('search_graph_with_depth', { query: 'parse', relation_type: 'calls', direction: 'outgoing' });
  await call('get_graph_metrics', { entity_name: 'parse' });
  await call('analyze_symbols');
  for (const operation of ['get_symbol_info', 'find_symbol_dependencies', 'find_symbol_dependents'])
    await call(operation, { symbol: 'parse' });
  await call('temporal_kg_synthesis', { session_id: 's' });
  await call('get_causal_context', { memory_id: 1 });
  await call('temporal_search_enrich', { query: 'parse' });
  const ends = { from_memory_id: 1, from_layer: 'semantic', to_memory_id: 2 };
  await call('find_memory_path', { ...ends, to_layer: 'episodic' });
  await call('get_associations', { memory_id: 1 });
  assert.deepEqual(await tool.unused(), []);
});

test('an empty store has no entities, no patterns and zero counts', async (t) => {
  const { call } = await openTool(t, TOOL);
  const metrics = await call('get_graph_metrics');
  assert.deepEqual([metrics.entity_count, metrics.density, metrics.component_count], [0, 0, 0]);
  assert.deepEqual(metrics.central_entities, []);
  assert.deepEqual((await call('search_graph', { query: 'x' })).entities, []);
  assert.equal((await call('analyze_symbols')).symbols_analyzed, 0);
  assert.deepEqual((await call('temporal_search_enrich')).results, []);
});

test('entities, observations and relations survive a restart', async (t) => {
  const tool = await openTool(t, TOOL);
  await store(tool, ['main calls parse']);
  await tool.call('add_observation', { entity_name: 'parse', observation: 'Understands YAML' });
  const before = await tool.call('search_graph', { query: 'yaml' });
  await tool.athena.reopen();
  assert.deepEqual(await tool.call('search_graph', { query: 'yaml' }), before);
  assert.deepEqual(namesOf(before.entities), ['parse', 'main']);
  assert.deepEqual(before.relations, [{ from_entity: 'main', relation_type: 'calls', to_entity: 'parse' }]);
});

test('storing the same again adds nothing', async (t) => {
  const tool = await openTool(t, TOOL);
  const entity = { name: 'a', entity_type: 'Code Module', observations: ['one', 'two', 'one'] };
  assert.equal((await tool.call('create_entity', entity)).created, true);
  const again = await tool.call('create_entity', {
    ...entity,
    entity_type: 'code-module',
    observations: ['two', 'three'],
  });
  assert.equal(again.created, false);
  assert.deepEqual(again.entity.observations, ['one', 'two', 'three']);
  assert.equal((await tool.call('add_observation', { entity_name: 'a', observation: 'one' })).added, false);
  await tool.call('create_entity', { name: 'b', entity_type: 'thing' });
  const relation = { from_entity: 'a', to_entity: 'b', relation_type: 'Depends on' };
  assert.equal((await tool.call('create_relation', relation)).created, true);
  assert.equal(
    (await tool.call('create_relation', { ...relation, relation_type: 'depends-on' })).created,
    false,
  );
  assert.equal((await tool.call('get_graph_metrics')).relation_count, 1);
});

const CHAIN = ['a:x knows b:x', 'b:x knows c:x', 'c:x knows d:x', 'e:x likes b:x'];

const WALKS: readonly (readonly [what: string, params: object, names: readonly string[]])[] = [
  ['one step both ways', { query: 'b', depth: 1 }, ['b', 'a', 'c', 'e']],
  ['outgoing', { query: 'b', direction: 'outgoing', depth: 5 }, ['b', 'c', 'd']],
  ['incoming', { query: 'b', direction: 'incoming', depth: 5 }, ['b', 'a', 'e']],
  ['one type', { query: 'b', relation_type: 'likes', depth: 5 }, ['b', 'e']],
  ['no query, one type', { relation_type: 'likes', depth: 1 }, ['e', 'b']],
  [
    'no query, one type, outgoing ends',
    { relation_type: 'likes', direction: 'outgoing', depth: 1 },
    ['e', 'b'],
  ],
  ['no match', { query: 'zzz', depth: 3 }, []],
];

for (const [what, params, names] of WALKS)
  test(`a walk: ${what}`, async (t) => {
    const tool = await openTool(t, TOOL);
    await store(tool, CHAIN);
    const walked = await tool.call('search_graph_with_depth', params);
    assert.deepEqual(namesOf(walked.entities), names);
    assert.ok(
      walked.relations.every(
        (each: any) => names.includes(each.from_entity) && names.includes(each.to_entity),
      ),
    );
  });

test('a search of depth 0 gives the matches alone', async (t) => {
  const tool = await openTool(t, TOOL);
  await store(tool, CHAIN);
  const { entities } = await tool.call('search_graph', { query: 'b', depth: 0 });
  assert.deepEqual(namesOf(entities), ['b']);
  assert.ok(entities[0].score > 0);
});

test('a neighbourhood of more than 200 entities is cut, and says so', async (t) => {
  const tool = await openTool(t, TOOL);
  const relations = Array.from({ length: 210 }, (_, index) => `hub:x knows n${index}:x`);
  await store(tool, relations);
  const found = await tool.call('search_graph', { query: 'hub', depth: 1 });
  assert.equal(found.truncated, true);
  assert.equal(found.entities.length, 200);
});

test('metrics: density, components, degrees and clustering are counted without direction', async (t) => {
  const tool = await openTool(t, TOOL);
  // A triangle with a tail, and a pair.
  await store(tool, ['a:x r b:x', 'b:x r c:x', 'c:x s a:x', 'a:x r d:x', 'y:z r z:z']);
  const metrics = await tool.call('get_graph_metrics', { entity_name: 'a' });
  assert.equal(metrics.density, 0.333);
  assert.equal(metrics.component_count, 2);
  assert.equal(metrics.largest_component, 4);
  assert.deepEqual(metrics.entity_types, [
    { type: 'x', count: 4 },
    { type: 'z', count: 2 },
  ]);
  assert.deepEqual(metrics.relation_types, [
    { type: 'r', count: 4 },
    { type: 's', count: 1 },
  ]);
  const { in_degree, out_degree, clustering, component_size } = metrics.entity;
  assert.deepEqual([in_degree, out_degree, clustering, component_size], [1, 2, 0.333, 4]);
  const total = metrics.central_entities.reduce((sum: number, { pagerank }: any) => sum + pagerank, 0);
  assert.ok(Math.abs(total - 1) < 0.01);
});

test('no type that somebody makes up becomes a key of a result', async (t) => {
  const tool = await openTool(t, TOOL);
  await store(tool, ['a:constructor constructor b:constructor', 'b:constructor __proto__ a:constructor']);
  const metrics = await tool.call('get_graph_metrics');
  const analysis = await tool.call('analyze_symbols');
  assert.doesNotMatch(JSON.stringify([metrics, analysis]), /"(constructor|__proto__)":/);
  assert.deepEqual(analysis.symbols_by_type, [{ type: 'constructor', count: 2 }]);
});

const CODE = [
  'main calls parse',
  'parse calls read',
  'parse uses Config:interface',
  'read used_by cache',
  'App:class extends Base:class',
  'core:module contains parse',
];

test('dependencies and dependents are followed through others, the nearest first', async (t) => {
  const tool = await openTool(t, TOOL);
  await store(tool, CODE);
  const { dependencies, dependency_count } = await tool.call('find_symbol_dependencies', { symbol: 'main' });
  assert.deepEqual(
    dependencies.map((link: any) => [link.symbol, link.relation_type, link.distance]),
    [
      ['parse', 'calls', 1],
      ['read', 'calls', 2],
      ['Config', 'uses', 2],
    ],
  );
  assert.equal(dependency_count, 3);
  const { dependents } = await tool.call('find_symbol_dependents', { symbol: 'read' });
  assert.deepEqual(
    dependents.map((link: any) => [link.symbol, link.distance]),
    [
      ['parse', 1],
      ['cache', 1],
      ['main', 2],
    ],
  );
  await tool.call('add_observation', { entity_name: 'parse', observation: 'Defined in src/parse.ts' });
  const info = await tool.call('get_symbol_info', { symbol: 'parse' });
  assert.deepEqual(info.definitions, ['Defined in src/parse.ts', 'in module core']);
  assert.deepEqual(namesOf(info.references), ['main']);
});

test('symbol analysis finds cycles, hubs, long inheritance and what nothing uses', async (t) => {
  const tool = await openTool(t, TOOL);
  await store(tool, [
    'a calls b',
    'b calls c',
    'c calls a',
    ...['u1', 'u2', 'u3', 'u4', 'u5'].map((name) => `${name} uses log`),
    'D:class extends C:class',
    'C:class extends B:class',
    'B:class extends A:class',
    'Ada:person uses log',
  ]);
  const { patterns, symbols_analyzed, symbols_by_type } = await tool.call('analyze_symbols');
  assert.equal(symbols_analyzed, 13);
  assert.deepEqual(symbols_by_type, [
    { type: 'function', count: 9 },
    { type: 'class', count: 4 },
  ]);
  assert.deepEqual(
    patterns.map(({ pattern, symbols }: any) => [pattern, symbols]),
    [
      ['cycle', ['a', 'b', 'c']],
      ['hub', ['log']],
      ['unused', ['u1', 'u2', 'u3', 'u4', 'u5', 'D']],
      ['deep_inheritance', ['D', 'C', 'B', 'A']],
    ],
  );
});

test('what does not exist is refused, with the nearest names or the ids in use', async (t) => {
  const tool = await openTool(t, TOOL);
  const { refusal } = tool;
  assert.match(
    await refusal('add_observation', { entity_name: 'x', observation: 'y' }),
    /no entity `x`; graph\.createEntity/,
  );
  await tool.call('create_entity', { name: 'parseConfig', entity_type: 'function' });
  await tool.call('create_entity', { name: 'Ada', entity_type: 'person' });
  for (const [operation, params, message] of [
    ['add_observation', { entity_name: 'parseconfig', observation: 'y' }, /did you mean `parseConfig`\?/],
    ['create_relation', { from_entity: 'Ada', to_entity: 'Bob', relation_type: 'knows' }, /no entity `Bob`/],
    ['create_entity', { name: 'Ada', entity_type: 'function' }, /`Ada` exists as person/],
    ['get_graph_metrics', { entity_name: 'Bob' }, /no entity `Bob`/],
    ['get_symbol_info', { symbol: 'Ada' }, /`Ada` is a person and no code symbol/],
    ['find_symbol_dependencies', { symbol: 'Bob' }, /no entity `Bob`/],
    ['find_symbol_dependents', { symbol: 'Bob' }, /no entity `Bob`/],
    ['get_causal_context', { memory_id: 5 }, /no memory 5; none is stored yet/],
    ['get_associations', { memory_id: 5, layer: 'episodic' }, /no event 5/],
    [
      'get_associations',
      { memory_id: 5, layer: 'graph' },
      /no entity 5 in the graph layer; the ids in use are 1 to 2/,
    ],
    ['temporal_kg_synthesis', { session_id: 'gone' }, /no event of session `gone`/],
    ['temporal_search_enrich', { project_id: 9 }, /no project 9/],
  ] as const)
    assert.match(await refusal(operation, params), message);
});
