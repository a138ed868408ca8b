import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { chooseStrategy } from '../../../backend/embedded/rag/strategies.ts';
import { type OpenAthena, openAthena } from './open-athena.ts';

async function openFilled(t: TestContext): Promise<OpenAthena> {
  const athena = await openAthena(t);
  const remember = (content: string, memory_type = 'fact') =>
    athena.call('memory_tools.remember', { content, memory_type, tags: [] });
  await remember('The rollback of a deploy takes two minutes');
  await remember('We chose SQLite in WAL mode as the default database', 'decision');
  await remember('SQLite in WAL mode is the database of the product');
  await athena.call('episodic_tools.record_event', {
    content: 'Rollback of the deploy',
    event_type: 'rollback',
  });
  await athena.call('task_management_tools.create_task', { content: 'Automate the rollback of a deploy' });
  await athena.call('procedural_tools.create_procedure', { name: 'rollback a deploy' });
  return athena;
}

test('the words of a query choose the strategy', () => {
  const cases = [
    ['how do we roll back a deploy', 'procedural'],
    ['when was the last deploy', 'temporal'],
    ['why did we choose SQLite', 'causal'],
    ['next task for the login page', 'planning'],
    ['who owns the payment service', 'relational'],
    ['payment service', 'broad'],
  ] as const;
  for (const [query, strategy] of cases) assert.equal(chooseStrategy(query).strategy, strategy, query);
});

test('the same words find the kind that the question asks for', async (t) => {
  const athena = await openFilled(t);
  const cases = [
    ['how do we rollback a deploy', 'procedure'],
    ['when did the rollback of the deploy happen', 'event'],
    ['next task on the rollback of a deploy', 'task'],
  ] as const;
  for (const [query, kind] of cases) {
    const { results, result_count } = await athena.call('rag_tools.retrieve_smart', { query });
    assert.equal(results[0].kind, kind, query);
    assert.equal(result_count, results.length);
    assert.ok(results.length > 2, 'the other kinds come too');
  }
  const nothing = await athena.call('rag_tools.retrieve_smart', { query: 'zeppelin' });
  assert.deepEqual([nothing.status, nothing.result_count], ['empty', 0]);
});

test('a planning question goes to the kind that answers it best', async (t) => {
  const athena = await openFilled(t);
  const route = async (query: string, context = {}) =>
    (await athena.call('rag_tools.route_planning_query', { query, context })).route;
  assert.equal(await route('automate rollback'), 'tasks');
  assert.equal(await route('default database'), 'memories');
  assert.equal(await route('zeppelin'), 'none');
  assert.equal(await route('zeppelin', { area: { words: ['automate'] } }), 'tasks');
});

test('confidence follows the evidence', async (t) => {
  const athena = await openFilled(t);
  const calibrate = (params: object) => athena.call('rag_tools.calibrate_uncertainty', params);
  const known = await calibrate({ result_text: 'SQLite in WAL mode is the default database' });
  assert.deepEqual([known.status, known.abstain_recommended], ['supported', false]);
  const vague = await calibrate({
    result_text: 'The database of the lunar rover runs on vacuum tubes and solar wind',
  });
  assert.deepEqual([vague.status, vague.abstain_recommended], ['unsupported', true]);
  const unknown = await calibrate({ result_text: 'Zeppelins float' });
  assert.deepEqual([unknown.confidence_score, unknown.evidence], [0, []]);
  const memory = await calibrate({ result_id: 2 });
  assert.ok(
    memory.evidence.every(({ kind, id }: any) => kind !== 'memory' || id !== 2),
    'it is no evidence for itself',
  );
  assert.equal(memory.status, 'weak', 'another memory has most of its words');
  assert.equal(
    await athena.refusal('rag_tools.calibrate_uncertainty', { result_id: 9 }),
    'no memory 9; the ids in use are 1 to 3',
  );
});

test('the surroundings of an event end where the window ends', async (t) => {
  const athena = await openAthena(t);
  const now = Date.now();
  const events = [-90, -30, 0, 45, 200].map((minutes) => ({
    content: `At ${minutes}`,
    timestamp: now + minutes * 60_000,
    context: minutes === 45 ? { session_id: 'other' } : {},
  }));
  await athena.call('episodic_tools.batch_record_events', { events });
  const around = async (time_window: string) =>
    (await athena.call('rag_tools.enrich_temporal_context', { result_id: 3, time_window })).chain.map(
      ({ offset_minutes, same_session }: any) => [offset_minutes, same_session],
    );
  assert.deepEqual(await around('1hour'), [
    [-30, true],
    [45, false],
  ]);
  assert.deepEqual(await around('7days'), [
    [-90, true],
    [-30, true],
    [45, false],
    [200, true],
  ]);
  assert.deepEqual(await around('5 minutes'), []);
  assert.match(await athena.refusal('rag_tools.enrich_temporal_context', { result_id: 77 }), /^no event 77;/);
});

test('what is related to an entity is reached over relations and by its name', async (t) => {
  const athena = await openAthena(t);
  for (const name of ['checkout', 'payment', 'bank', 'ledger'])
    await athena.call('graph_tools.create_entity', { name, entity_type: 'service' });
  for (const [from_entity, to_entity] of [
    ['checkout', 'payment'],
    ['bank', 'payment'],
    ['bank', 'ledger'],
  ])
    await athena.call('graph_tools.create_relation', { from_entity, to_entity, relation_type: 'uses' });
  await athena.call('memory_tools.remember', {
    content: 'The checkout is slow on Mondays',
    memory_type: 'fact',
  });
  const related = async (depth: number) =>
    (await athena.call('rag_tools.find_related_context', { entity_id: 1, depth })).related.map(
      ({ kind, text, relation, distance }: any) => [kind, text.split('\n')[0], relation, distance],
    );
  assert.deepEqual(await related(1), [
    ['entity', 'payment', 'uses', 1],
    ['memory', 'The checkout is slow on Mondays', 'mentions', 1],
  ]);
  const three = await related(3);
  assert.deepEqual(three.slice(2), [
    ['entity', 'bank', 'uses', 2],
    ['entity', 'ledger', 'uses', 3],
  ]);
  assert.match(
    await athena.refusal('rag_tools.find_related_context', { entity_id: 9 }),
    /^no entity 9; the ids in use are 1 to 4/,
  );
});

test('a reflective search finds what only the words of the first results lead to', async (t) => {
  const athena = await openAthena(t);
  const remember = (content: string) =>
    athena.call('memory_tools.remember', { content, memory_type: 'fact' });
  await remember('Slow releases come from the migration queue');
  await remember('The migration queue is throttled by the vacuum job');
  await remember('Coffee is on the third floor');
  const query = 'slow releases';
  const plain = await athena.call('rag_tools.retrieve_smart', { query });
  assert.equal(plain.results.length, 1);
  const wide = await athena.call('rag_tools.reflective_retrieve', { query, max_iterations: 5 });
  assert.deepEqual(
    wide.results.map(({ id }: any) => id),
    [1, 2],
  );
  assert.equal(wide.status, 'stable');
  assert.ok(wide.added_terms.includes('migration') && wide.iterations > 1);
  const once = await athena.call('rag_tools.reflective_retrieve', { query, max_iterations: 1 });
  assert.deepEqual([once.iterations, once.status, once.final_result_count], [1, 'limit_reached', 1]);
});
