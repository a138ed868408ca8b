import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { openAthena } from './open-athena.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-02T09:00:00Z');

const FACTS = [
  {
    content: 'The payment service retries three times with backoff',
    memory_type: 'fact',
    tags: ['payments'],
  },
  {
    content: 'We decided to use SQLite in WAL mode as the default database',
    memory_type: 'decision',
    tags: ['database'],
  },
  { content: 'Deploys on Friday evenings tend to fail', memory_type: 'pattern', tags: ['deploy'] },
  {
    content: 'The customer is a hospital with strict privacy rules',
    memory_type: 'context',
    tags: ['customer'],
  },
  { content: 'PostgreSQL is for those who outgrow one machine', memory_type: 'decision', tags: ['database'] },
];

const contents = (memories: any[]): string[] => memories.map(({ content }) => content);

test('recall finds the memory that a question is about', async (t) => {
  const athena = await openAthena(t);
  for (const fact of FACTS) await athena.call('memory_tools.remember', fact);
  const cases: readonly (readonly [query: string, best: number, types?: readonly string[]])[] = [
    ['how often does the payment service retry', 0],
    ['which database did we decide to use', 1],
    ['database', 1, ['decision']],
    ['fridays', 2],
    ['deployment', 2],
    ['privacy of the hospital', 3],
    ['outgrow', 4],
    ['database machine', 4],
  ];
  for (const [query, best, memory_types] of cases) {
    const { memories } = await athena.call('memory_tools.recall', {
      query,
      ...(memory_types && { memory_types }),
    });
    assert.ok(memories.length > 0, query);
    if (query !== 'database') assert.equal(memories[0].content, FACTS[best]?.content, query);
    if (memory_types) for (const { type } of memories) assert.ok(memory_types.includes(type));
    const scores = memories.map(({ score }: any) => score);
    assert.deepEqual(
      scores,
      scores.toSorted((a: number, b: number) => b - a),
    );
  }
  assert.deepEqual((await athena.call('memory_tools.recall', { query: 'zeppelin' })).memories, []);
});

test('what is recalled rises, what is left alone fades', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: START });
  t.after(() => mock.timers.reset());
  const athena = await openAthena(t);
  await athena.call('memory_tools.remember', { content: 'Cache lives in Redis', memory_type: 'fact' });
  await athena.call('memory_tools.remember', { content: 'Cache expires hourly', memory_type: 'fact' });
  for (let time = 0; time < 3; time++) await athena.call('memory_tools.recall', { query: 'redis' });
  const { memories } = await athena.call('memory_tools.list_memories');
  assert.deepEqual(contents(memories), ['Cache lives in Redis', 'Cache expires hourly']);
  assert.equal(memories[0].access_count, 3);
  assert.equal(memories[0].accessed_at, '2026-03-02T09:00:00.000Z');
  assert.equal(memories[1].accessed_at, null);
  const ranked = await athena.call('memory_tools.recall', { query: 'cache' });
  assert.equal(ranked.memories[0].content, 'Cache lives in Redis');
  mock.timers.tick(60 * DAY_MS);
  const later = (await athena.call('memory_tools.list_memories')).memories;
  assert.equal(later[1].usefulness, 0.167, 'two thirds for one recall, halved twice');
});

test('the same content is stored once, and its tags are joined', async (t) => {
  const athena = await openAthena(t);
  const fact = { content: 'Ada owns billing', memory_type: 'fact' };
  const first = await athena.call('memory_tools.remember', { ...fact, tags: ['People'] });
  const second = await athena.call('memory_tools.remember', { ...fact, tags: ['billing'] });
  assert.deepEqual([first.is_new, second.is_new], [true, false]);
  assert.equal(first.memory_id, second.memory_id);
  const { memories, total } = await athena.call('memory_tools.list_memories');
  assert.equal(total, 1);
  assert.deepEqual(memories[0].tags, ['people', 'billing']);
});

test('everything is there after a restart', async (t) => {
  const athena = await openAthena(t);
  await athena.call('memory_tools.remember', FACTS[0]);
  await athena.call('memory_tools.record_event', { content: 'Released version four', outcome: 'success' });
  await athena.call('memory_tools.update_working_memory', { content: 'Ask Ada about billing' });
  await athena.reopen();
  assert.equal((await athena.call('memory_tools.recall', { query: 'payment backoff' })).memories.length, 1);
  assert.equal((await athena.call('memory_tools.recall_events', { query: 'released' })).events.length, 1);
  assert.equal((await athena.call('memory_tools.get_working_memory')).items.length, 1);
});

test('forget deletes from the text index too, and never guesses', async (t) => {
  const athena = await openAthena(t);
  for (const fact of FACTS) await athena.call('memory_tools.remember', fact);
  const byQuery = await athena.call('memory_tools.forget', { query: 'customer hospital privacy' });
  assert.equal(byQuery.forgotten.content, FACTS[3]?.content);
  assert.deepEqual((await athena.call('memory_tools.recall', { query: 'hospital' })).memories, []);
  assert.deepEqual((await athena.call('memory_tools.smart_retrieve', { query: 'hospital' })).results, []);
  const byId = await athena.call('memory_tools.forget', { memory_id: 1, query: 'database' });
  assert.equal(byId.forgotten.content, FACTS[0]?.content);
  assert.equal(
    await athena.refusal('memory_tools.forget', { memory_id: 12 }),
    'no memory 12; the ids in use are 2 to 5',
  );
  const guess = 'machine learning models for image recognition';
  assert.match(
    await athena.refusal('memory_tools.forget', { query: guess }),
    /nothing was deleted.*nearest is 5/,
  );
  assert.match(
    await athena.refusal('memory_tools.forget', { query: 'zeppelin' }),
    /no memory matches "zeppelin"/,
  );
  assert.equal((await athena.call('memory_tools.list_memories')).total, 3);
});

test('optimize merges what says the same, keeps what only looks alike, and drops what never served', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: START });
  t.after(() => mock.timers.reset());
  const athena = await openAthena(t);
  const remember = async (content: string, tags: string[] = [], memory_type = 'fact') =>
    (await athena.call('memory_tools.remember', { content, tags, memory_type })).memory_id;
  const old = await remember('Nobody ever asked for this');
  mock.timers.tick(200 * DAY_MS);
  const kept = await remember('The build server runs Node 26 on two cores', ['build']);
  const same = await remember('the build server runs Node 26, on two cores.', ['node']);
  await remember('The build server runs Node 24 on two cores');
  await remember('The build server never runs Node 26 on two cores');
  await remember('The build server runs Node 26 on two cores', [], 'decision');
  await athena.call('memory_tools.recall', { query: 'build server', k: 100 });
  const expected = { examined: 6, merged: [{ kept, removed: [same] }], low_value: [old], removed: 2 };
  const dry = await athena.call('memory_tools.optimize', { dry_run: true });
  assert.deepEqual(dry, { dry_run: true, ...expected });
  assert.equal((await athena.call('memory_tools.list_memories')).total, 6);
  assert.deepEqual(await athena.call('memory_tools.optimize'), { dry_run: false, ...expected });
  const { memories, total } = await athena.call('memory_tools.list_memories');
  assert.equal(total, 4);
  const merged = memories.find(({ id }: any) => id === kept);
  assert.deepEqual(merged.tags, ['build', 'node']);
  assert.equal(merged.access_count, 2, 'the uses of both');
  assert.equal((await athena.call('memory_tools.optimize')).removed, 0);
});

test('a project tag files memories by project, and projects are searched by their memories', async (t) => {
  const athena = await openAthena(t);
  await athena.call('memory_tools.remember', {
    content: 'Rate limits need a retry queue',
    memory_type: 'fact',
    tags: ['project:Apollo', 'http'],
  });
  await athena.call('memory_tools.remember', { content: 'Rate limits are per user', memory_type: 'fact' });
  const { projects } = await athena.call('memory_tools.search_projects', { query: 'retry rate limits' });
  assert.deepEqual(
    projects.map(({ name }: any) => name),
    ['apollo', 'default'],
  );
  assert.deepEqual(projects[0].memories[0].tags, ['http']);
  const others = await athena.call('memory_tools.search_projects', {
    query: 'rate limits',
    exclude_current: true,
  });
  assert.deepEqual(
    others.projects.map(({ name }: any) => name),
    ['apollo'],
  );
  assert.equal(
    await athena.refusal('memory_tools.evaluate_memory_quality', { project_id: 7 }),
    'no project 7; the ids in use are 1 to 2',
  );
});

test('a follow-up question finds what the conversation was about', async (t) => {
  const athena = await openAthena(t);
  for (const fact of FACTS) await athena.call('memory_tools.remember', fact);
  const { results, added_terms } = await athena.call('memory_tools.smart_retrieve', {
    query: 'why does it fail',
    conversation_history: ['The deploy of Friday is stuck', 'Which deploy?'],
    k: 2,
  });
  assert.ok(added_terms.includes('deploy'));
  assert.equal(results[0].text, 'Deploys on Friday evenings tend to fail #deploy');
});
