import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OpenTool, openTool } from './open-tool.ts';

const TOOL = 'graph_tools';

async function remember(
  { athena }: OpenTool,
  content: string,
  tags: readonly string[] = [],
): Promise<number> {
  return (await athena.call('memory_tools.remember', { content, tags, memory_type: 'fact' })).memory_id;
}

async function record(
  { athena }: OpenTool,
  content: string,
  options: { readonly outcome?: string; readonly session?: string; readonly file?: string } = {},
): Promise<number> {
  const { outcome, session = 's', file } = options;
  const context = { session_id: session, ...(file && { file }) };
  return (await athena.call('episodic_tools.record_event', { content, context, ...(outcome && { outcome }) }))
    .event_id;
}

test('a session becomes entities, a chain in time, and causal links from what failed to its repair', async (t) => {
  const tool = await openTool(t, TOOL);
  await record(tool, 'Importer test failed on dates', { outcome: 'failure', file: 'src/importer.ts' });
  tool.wait(5);
  await record(tool, 'Importer parses dates in UTC now', { outcome: 'success', file: 'src/importer.ts' });
  tool.wait(300);
  await record(tool, 'Went to lunch');
  const made = await tool.call('temporal_kg_synthesis', { session_id: 's' });
  assert.equal(made.event_count, 3);
  assert.deepEqual(
    made.entities.map(({ name, entity_type, mentions }: any) => [name, entity_type, mentions]),
    [
      ['src/importer.ts', 'file', 2],
      ['importer', 'term', 2],
      ['dates', 'term', 2],
    ],
  );
  const ends = (links: any[]) => links.map((link) => [link.from_event_id, link.to_event_id]);
  assert.deepEqual(ends(made.temporal_links), [
    [1, 2],
    [2, 3],
  ]);
  assert.deepEqual(ends(made.causal_links), [[1, 2]]);
  assert.match(
    made.causal_links[0].reason,
    /5 minutes apart; both about .*import.*; the first ended in failure/,
  );
  const found = await tool.call('search_graph', { query: 'importer' });
  assert.equal(found.entities.length, 2);
});

test('synthesis again changes nothing, and the threshold decides what is causal', async (t) => {
  const tool = await openTool(t, TOOL);
  await record(tool, 'Build failed', { outcome: 'failure' });
  await record(tool, 'Build repaired', { outcome: 'success' });
  const first = await tool.call('temporal_kg_synthesis', { session_id: 's' });
  await tool.athena.reopen();
  assert.deepEqual(await tool.call('temporal_kg_synthesis', { session_id: 's' }), first);
  assert.equal(first.causal_links.length, 1);
  const strict = await tool.call('temporal_kg_synthesis', { session_id: 's', causality_threshold: 0.99 });
  assert.deepEqual(strict.causal_links, []);
});

test('the causal context of a memory is what happened around it and the causes of what it names', async (t) => {
  const tool = await openTool(t, TOOL);
  await record(tool, 'The cache was full', { outcome: 'failure' });
  tool.wait(2);
  await record(tool, 'Updated the website');
  tool.wait(2);
  const memory_id = await remember(tool, 'The cache needs a limit: Redis evicts nothing');
  tool.wait(2);
  await record(tool, 'Set a limit for the cache');
  for (const name of ['Redis', 'Traffic', 'Outage'])
    await tool.call('create_entity', { name, entity_type: 'thing' });
  await tool.call('create_relation', { from_entity: 'Traffic', relation_type: 'causes', to_entity: 'Redis' });
  await tool.call('create_relation', { from_entity: 'Redis', relation_type: 'led to', to_entity: 'Outage' });
  const context = await tool.call('get_causal_context', { memory_id });
  assert.deepEqual(
    context.before.map(({ event_id }: any) => event_id),
    [1, 2],
  );
  assert.equal(context.before[0].minutes_apart, 4);
  assert.ok(context.before[0].strength > 0.5 && context.before[1].strength < 0.5);
  assert.deepEqual(
    context.after.map(({ event_id }: any) => event_id),
    [3],
  );
  assert.deepEqual(context.causes, [{ from_entity: 'Traffic', relation_type: 'causes', to_entity: 'Redis' }]);
  assert.deepEqual(context.effects, [{ from_entity: 'Redis', relation_type: 'led_to', to_entity: 'Outage' }]);
});

test('a search shows with each result what was before and after it', async (t) => {
  const tool = await openTool(t, TOOL);
  await record(tool, 'Changed the schema');
  tool.wait(1);
  await record(tool, 'Deploy failed', { outcome: 'failure' });
  tool.wait(1);
  await record(tool, 'Rolled back the deploy');
  const { results } = await tool.call('temporal_search_enrich', { query: 'deploy failed', k: 1 });
  assert.deepEqual(results[0].thing, { layer: 'episodic', id: 2, text: 'Deploy failed' });
  assert.deepEqual(
    results[0].before.map(({ event_id }: any) => event_id),
    [1],
  );
  assert.deepEqual(
    results[0].after.map(({ event_id }: any) => event_id),
    [3],
  );
  const latest = await tool.call('temporal_search_enrich', { k: 2 });
  assert.deepEqual(
    latest.results.map(({ thing }: any) => thing.id),
    [3, 2],
  );
});

test('associations come from tags, words, named entities and sources, and several strengthen each other', async (t) => {
  const tool = await openTool(t, TOOL);
  await tool.call('create_entity', { name: 'Postgres', entity_type: 'database' });
  const memory_id = await remember(tool, 'Postgres holds the billing data', ['billing', 'storage']);
  const twice = await remember(tool, 'Postgres holds the audit data', ['storage']);
  const tagged = await remember(tool, 'Invoices go out monthly', ['billing']);
  await remember(tool, 'Nothing in common');
  const task = await tool.athena.call('task_management_tools.create_task', { content: 'Upgrade Postgres' });
  const { associations } = await tool.call('get_associations', { memory_id });
  const keys = associations.map(({ thing }: any) => `${thing.layer} ${thing.id}`);
  assert.deepEqual(
    keys.toSorted(),
    ['graph 1', `prospective ${task.id}`, `semantic ${twice}`, `semantic ${tagged}`].sort(),
  );
  const [first] = associations;
  assert.equal(first.thing.id, twice);
  assert.deepEqual(first.reasons.map((reason: string) => reason.split(':')[0]).sort(), [
    'both name Postgres',
    'shared tags',
    'shared words',
  ]);
  assert.ok(associations.every(({ strength }: any) => strength > 0 && strength <= 1));
  const limited = await tool.call('get_associations', { memory_id, max_results: 1 });
  assert.deepEqual(limited.associations, [first]);
});

const PATHS: readonly (readonly [what: string, from: string, to: string, path: readonly string[] | null])[] =
  [
    ['itself', 'semantic 1', 'semantic 1', ['semantic 1']],
    ['a shared tag', 'semantic 1', 'semantic 2', ['semantic 1', 'semantic 2']],
    ['two tags', 'semantic 1', 'semantic 3', ['semantic 1', 'semantic 2', 'semantic 3']],
    ['a named entity', 'semantic 3', 'graph 1', ['semantic 3', 'graph 1']],
    ['a relation', 'semantic 3', 'graph 2', ['semantic 3', 'graph 1', 'graph 2']],
    [
      'an event that names an entity',
      'semantic 3',
      'episodic 1',
      ['semantic 3', 'graph 1', 'graph 2', 'episodic 1'],
    ],
    ['the next event of the session', 'graph 2', 'episodic 2', ['graph 2', 'episodic 1', 'episodic 2']],
    [
      'a task that names an entity',
      'prospective 1',
      'episodic 1',
      ['prospective 1', 'graph 2', 'episodic 1'],
    ],
    [
      'a procedure that names an entity',
      'procedural 1',
      'semantic 3',
      ['procedural 1', 'graph 1', 'semantic 3'],
    ],
    ['nothing', 'semantic 1', 'semantic 4', null],
  ];

test('the shortest path between two things is found, or none', async (t) => {
  const tool = await openTool(t, TOOL);
  await tool.call('create_entity', { name: 'Kafka', entity_type: 'service' });
  await tool.call('create_entity', { name: 'Zookeeper', entity_type: 'service' });
  await tool.call('create_relation', {
    from_entity: 'Kafka',
    relation_type: 'depends_on',
    to_entity: 'Zookeeper',
  });
  await remember(tool, 'One', ['red']);
  await remember(tool, 'Two', ['red', 'blue']);
  await remember(tool, 'Three is about kafka.', ['blue']);
  await remember(tool, 'Kafkaesque', ['grey']);
  await record(tool, 'Zookeeper restarted');
  await record(tool, 'Somebody called');
  await tool.athena.call('task_management_tools.create_task', { content: 'Retire Zookeeper' });
  await tool.athena.call('procedural_tools.create_procedure', { name: 'restart Kafka' });
  for (const [what, from, to, path] of PATHS) {
    const [from_layer, from_memory_id] = from.split(' ');
    const [to_layer, to_memory_id] = to.split(' ');
    const found = await tool.call('find_memory_path', {
      from_layer,
      from_memory_id: Number(from_memory_id),
      to_layer,
      to_memory_id: Number(to_memory_id),
    });
    const steps = found.path.map(({ thing }: any) => `${thing.layer} ${thing.id}`);
    assert.deepEqual(steps, path ?? [], what);
    assert.equal(found.length, path === null ? null : path.length - 1, what);
    assert.ok(
      found.path.every(({ via }: any, index: number) => (via === null) === (index === 0)),
      what,
    );
  }
});

test('a memory that is forgotten is associated with nothing', async (t) => {
  const tool = await openTool(t, TOOL);
  await remember(tool, 'One', ['red']);
  await remember(tool, 'Two', ['red']);
  await tool.athena.call('memory_tools.forget', { memory_id: 2 });
  assert.deepEqual((await tool.call('get_associations', { memory_id: 1 })).associations, []);
});
