import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { openAthena } from './open-athena.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-02T09:00:00Z');

/** Six deploys that get better, three tests that always pass, two builds that always fail, one ongoing event. */
const EVENTS = [
  ...['failure', 'failure', 'partial', 'success', 'success', 'success'].map((outcome) => ['deploy', outcome]),
  ...['success', 'success', 'success'].map((outcome) => ['test', outcome]),
  ...['failure', 'failure'].map((outcome) => ['build', outcome]),
  ['migration', 'ongoing'],
].map(([event_type, outcome], index) => ({
  content: `Step ${index}`,
  event_type,
  outcome,
  timestamp: START + index * 1_000,
}));

test('learning rates compare the older with the newer half of the outcomes', async (t) => {
  const athena = await openAthena(t);
  await athena.call('memory_tools.batch_record_events', { events: EVENTS });
  const { rates } = await athena.call('memory_tools.get_learning_rates');
  assert.deepEqual(rates, [
    {
      event_type: 'deploy',
      attempts: 6,
      success_rate: 0.583,
      earlier_rate: 0.167,
      later_rate: 1,
      change: 0.833,
    },
    { event_type: 'test', attempts: 3, success_rate: 1, earlier_rate: 1, later_rate: 1, change: 0 },
    { event_type: 'build', attempts: 2, success_rate: 0, earlier_rate: 0, later_rate: 0, change: 0 },
  ]);
});

test('self reflection names strengths, weaknesses and what is still open', async (t) => {
  const athena = await openAthena(t);
  await athena.call('memory_tools.batch_record_events', { events: EVENTS });
  const reflection = await athena.call('memory_tools.get_self_reflection');
  assert.equal(reflection.events, 12);
  assert.equal(reflection.success_rate, 0.591);
  assert.deepEqual(
    reflection.strengths.map((rate: any) => rate.event_type),
    ['test'],
  );
  assert.deepEqual(
    reflection.weaknesses.map((rate: any) => rate.event_type),
    ['build'],
  );
  assert.deepEqual(
    reflection.ongoing.map((event: any) => event.event_type),
    ['migration'],
  );
  const { insights } = await athena.call('memory_tools.get_metacognition_insights');
  assert.deepEqual(
    insights.map(({ topic, value }: any) => [topic, value]),
    [
      ['outcomes', 0],
      ['learning', 0.833],
    ],
  );
});

test('gaps are found where they were planted, and only there', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: START });
  t.after(() => mock.timers.reset());
  const athena = await openAthena(t);
  const remember = (content: string, tags: string[]) =>
    athena.call('memory_tools.remember', { content, tags, memory_type: 'fact' });
  await remember('Legacy importer reads CSV', ['importer']);
  mock.timers.tick(100 * DAY_MS);
  await remember('The cache must be cleared after each deploy', ['deploy']);
  await remember('The cache must not be cleared after each deploy', ['deploy']);
  await remember('Tests run in parallel', ['test']);
  const events = EVENTS.map((event) => ({ ...event, timestamp: Date.now() }));
  await athena.call('memory_tools.batch_record_events', { events });
  const { gaps } = await athena.call('memory_tools.detect_knowledge_gaps');
  const found = gaps.map(({ gap_type, subject }: any) => `${gap_type}: ${subject}`).sort();
  assert.deepEqual(found, [
    'contradiction: The cache must not be cleared after each deploy',
    'missing: build',
    'stale: importer',
    'thin: importer',
    'thin: test',
  ]);
  const stale = await athena.call('memory_tools.detect_knowledge_gaps', { gap_type: 'stale' });
  assert.deepEqual(
    stale.gaps.map(({ subject }: any) => subject),
    ['importer'],
  );
});

test('coverage and expertise are counted from the tags', async (t) => {
  const athena = await openAthena(t);
  const remember = (content: string, tags: string[], memory_type = 'fact') =>
    athena.call('memory_tools.remember', { content, tags, memory_type });
  for (let number = 0; number < 5; number++) await remember(`Query plan ${number}`, ['database']);
  await remember('Prefer indexes', ['database'], 'decision');
  await remember('Buttons are blue', ['design']);
  await remember('The database is backed up at night', []);
  const coverage = await athena.call('memory_tools.analyze_coverage');
  assert.deepEqual([coverage.memories, coverage.untagged], [8, 1]);
  assert.deepEqual(
    coverage.domains.map(({ domain, memories, types, share }: any) => [domain, memories, types, share]),
    [
      ['database', 6, ['decision', 'fact'], 0.75],
      ['design', 1, ['fact'], 0.125],
    ],
  );
  const one = await athena.call('memory_tools.analyze_coverage', { domain: 'Database' });
  assert.deepEqual(
    one.domains.map(({ memories }: any) => memories),
    [7],
    'with the untagged one that speaks of it',
  );
  const { domains } = await athena.call('memory_tools.get_expertise');
  assert.deepEqual(
    domains.map(({ domain }: any) => domain),
    ['database', 'design'],
  );
  assert.equal(domains[0].expertise, 0.386, '6 / 11 × √0.5');
  assert.equal(domains[0].level, 'advanced');
});

test('quality is measured, not made up: repeats and duplicates score lower', async (t) => {
  const athena = await openAthena(t);
  const remember = (content: string) =>
    athena.call('memory_tools.remember', { content, memory_type: 'fact' });
  await remember('Payment webhooks arrive twice, deduplicate by event id');
  await remember('It is what it is and that is that');
  await remember('Backups run nightly to the second region');
  await remember('Backups run nightly to a second region');
  const { memories } = await athena.call('memory_tools.score_semantic_memories');
  const byId = new Map(memories.map(({ memory_id, scores }: any) => [memory_id, scores]));
  const [good, empty, twin] = [1, 2, 3].map((id) => byId.get(id) as any);
  assert.ok(good.density > empty.density);
  assert.equal(good.uniqueness, 1);
  assert.equal(twin.uniqueness, 0);
  assert.equal(memories[0].memory_id, 1);
  const summary = await athena.call('memory_tools.get_memory_quality_summary');
  assert.deepEqual([summary.memories, summary.by_type.fact.memories], [4, 4]);
  assert.equal(summary.weakest.at(-1), 1);
  const evaluation = await athena.call('memory_tools.evaluate_memory_quality');
  assert.equal(evaluation.scores.quality, summary.quality);
});
