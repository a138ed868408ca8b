import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { openAthena } from './open-athena.ts';

const MINUTE_MS = 60_000;

test('notes fade by half every half hour and are gone within hours', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-03-02T09:00:00Z') });
  t.after(() => mock.timers.reset());
  const athena = await openAthena(t);
  await athena.call('memory_tools.update_working_memory', { content: 'Check the logs', importance: 0.8 });
  mock.timers.tick(60 * MINUTE_MS);
  assert.equal((await athena.call('memory_tools.get_working_memory')).items[0].activation, 0.2);
  await athena.call('memory_tools.update_working_memory', { content: 'Check the logs', importance: 0.8 });
  const { items } = await athena.call('memory_tools.get_working_memory');
  assert.deepEqual([items.length, items[0].activation, items[0].id], [1, 0.8, 1]);
  mock.timers.tick(240 * MINUTE_MS);
  assert.deepEqual((await athena.call('memory_tools.get_working_memory')).items, []);
  assert.deepEqual((await athena.call('rag_tools.retrieve_smart', { query: 'logs' })).results, []);
});

test('the eighth note of a component displaces the least active one', async (t) => {
  const athena = await openAthena(t);
  for (let note = 1; note <= 7; note++)
    await athena.call('memory_tools.update_working_memory', {
      content: `Note ${note}`,
      importance: note / 10,
    });
  await athena.call('memory_tools.update_working_memory', { content: 'A place', content_type: 'spatial' });
  const { displaced } = await athena.call('memory_tools.update_working_memory', { content: 'One more' });
  assert.deepEqual(
    displaced.map(({ content }: any) => content),
    ['Note 1'],
  );
  const { items, capacity } = await athena.call('memory_tools.get_working_memory', { component: 'verbal' });
  assert.deepEqual([items.length, capacity], [7, 7]);
  const load = await athena.call('memory_tools.check_cognitive_load');
  assert.deepEqual([load.verbal_used, load.spatial_used, load.capacity], [7, 1, 14]);
});

test('notes belong to their session', async (t) => {
  const athena = await openAthena(t);
  await athena.call('memory_tools.update_working_memory', { content: 'Secret of Anna' }, 'anna');
  assert.deepEqual((await athena.call('memory_tools.get_working_memory', {}, 'berta')).items, []);
  const search = (session: string) => athena.call('rag_tools.retrieve_smart', { query: 'secret' }, session);
  assert.equal((await search('anna')).results.length, 1);
  assert.equal((await search('berta')).results.length, 0);
});

test('notes move to long-term memory by what their words say', async (t) => {
  const athena = await openAthena(t);
  const notes = ['We decided on blue', 'It usually rains', 'The deploy failed', 'Ada knows billing'];
  for (const content of notes) await athena.call('memory_tools.update_working_memory', { content });
  const { consolidated } = await athena.call('memory_tools.consolidate_working_memory', { item_id: 2 });
  assert.deepEqual(consolidated, [{ item_id: 2, kind: 'memory', id: 1 }]);
  const cleared = await athena.call('memory_tools.clear_working_memory');
  assert.equal(cleared.cleared, 3);
  const { memories } = await athena.call('memory_tools.list_memories');
  const types = Object.fromEntries(memories.map(({ content, type }: any) => [content, type]));
  assert.deepEqual(types, {
    'We decided on blue': 'decision',
    'It usually rains': 'pattern',
    'Ada knows billing': 'fact',
  });
  assert.equal(
    (await athena.call('memory_tools.recall_events', { query: 'deploy failed' })).events.length,
    1,
  );
  assert.equal(
    await athena.refusal('memory_tools.consolidate_working_memory', { item_id: 2 }),
    "no note 2 in this session's working memory; it is empty",
  );
});

test('a cleared note that is not consolidated is lost', async (t) => {
  const athena = await openAthena(t);
  await athena.call('memory_tools.update_working_memory', { content: 'Lost' });
  const { cleared, consolidated } = await athena.call('memory_tools.clear_working_memory', {
    consolidate: false,
  });
  assert.deepEqual([cleared, consolidated], [1, []]);
  assert.equal((await athena.call('memory_tools.list_memories')).total, 0);
});
