import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { type Frequency, nextDue } from '../../../backend/embedded/consolidation/next-due.ts';
import { type OpenAthena, openAthena } from './open-athena.ts';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-03-02T09:00:00Z');

/** Five sessions: in four of them a deploy is followed by an alert and a rollback; tests are noise. */
function plantedEvents(): object[] {
  const noise = [
    'Wrote docs on caching',
    'Reviewed the login form',
    'Lunch with Grace',
    'Sorted the backlog',
    'Read a paper',
  ];
  return [0, 1, 2, 3, 4].flatMap((session) => {
    const step = (minute: number, event_type: string, content: string, outcome?: string) => ({
      content,
      event_type,
      timestamp: START + session * 120 * MINUTE_MS + minute * MINUTE_MS,
      context: { session_id: `session-${session}` },
      ...(outcome && { outcome }),
    });
    return [
      step(0, 'note', noise[session] ?? ''),
      step(1, 'deploy', `Deployed release ${session} of the shop`, session === 4 ? 'success' : 'failure'),
      ...(session === 4
        ? []
        : [
            step(2, 'alert', 'Checkout latency above threshold'),
            step(3, 'rollback', `Reverted release ${session}`, 'success'),
          ]),
    ];
  });
}

async function openPlanted(t: Parameters<typeof openAthena>[0]): Promise<OpenAthena> {
  mock.timers.enable({ apis: ['Date'], now: START + 600 * MINUTE_MS });
  t.after(() => mock.timers.reset());
  const athena = await openAthena(t);
  await athena.call('episodic_tools.batch_record_events', { events: plantedEvents() });
  return athena;
}

const statements = (patterns: any[], kind: string): string[] =>
  patterns.filter((pattern) => pattern.kind === kind).map(({ statement }) => statement);

test('consolidation finds the patterns that were planted, and writes them with their evidence', async (t) => {
  const athena = await openPlanted(t);
  const run = await athena.call('consolidation_tools.run_consolidation');
  assert.deepEqual([run.status, run.run_id, run.events_consolidated], ['completed', 1, 18]);
  assert.ok(
    statements(run.patterns, 'sequence').includes(
      'deploy, then alert is followed by rollback (4 of 4 times)',
    ),
    JSON.stringify(statements(run.patterns, 'sequence')),
  );
  assert.ok(statements(run.patterns, 'outcome').includes('deploy mostly fails (4 of 5 times)'));
  const topic = run.patterns.find(
    ({ kind, statement }: any) => kind === 'topic' && /latency/.test(statement),
  );
  assert.deepEqual([topic.frequency, topic.confidence], [4, 1]);
  for (const { statement } of run.patterns) assert.doesNotMatch(statement, /docs|lunch|backlog|paper/i);
  const { memories } = await athena.call('memory_tools.recall', {
    query: 'deploy mostly fails',
    memory_types: ['pattern'],
  });
  const outcome = run.patterns.find(
    ({ kind, statement }: any) => kind === 'outcome' && /^deploy/.test(statement),
  );
  assert.equal(memories[0].id, outcome.memory_id);
  const types = await Promise.all(
    outcome.event_ids.map(async (result_id: number) => {
      const { chain } = await athena.call('rag_tools.enrich_temporal_context', {
        result_id,
        time_window: '1minute',
      });
      return chain.map(({ event_type }: any) => event_type).join();
    }),
  );
  assert.deepEqual(
    types,
    ['note,alert', 'note,alert', 'note,alert', 'note,alert'],
    'the evidence are the failed deploys',
  );
});

test('events are consolidated once, unless forced; an unchanged pattern keeps its memory', async (t) => {
  const athena = await openPlanted(t);
  const first = await athena.call('consolidation_tools.run_consolidation');
  const second = await athena.call('consolidation_tools.run_consolidation');
  assert.deepEqual([second.status, second.run_id, second.patterns], ['nothing_to_do', null, []]);
  const forced = await athena.call('consolidation_tools.run_consolidation', { force: true });
  const ids = (run: any) => run.patterns.map(({ memory_id }: any) => memory_id);
  assert.deepEqual(ids(forced), ids(first));
  const { novelty, retention } = await athena.call(
    'consolidation_tools.measure_advanced_consolidation_metrics',
  );
  assert.deepEqual([novelty, retention], [0, 1]);
});

test('the quality of a run is what its definition says', async (t) => {
  const athena = await openPlanted(t);
  const { patterns } = await athena.call('consolidation_tools.run_consolidation');
  const { metrics, quality_score } = await athena.call('consolidation_tools.measure_consolidation_quality');
  const covered = new Set(patterns.flatMap(({ event_ids }: any) => event_ids)).size;
  const near = (value: number, expected: number) =>
    assert.ok(Math.abs(value - expected) < 0.002, `${value} ${expected}`);
  near(metrics.compression, 1 - patterns.length / 18);
  near(metrics.recall, covered / 18);
  near(
    metrics.consistency,
    patterns.reduce((sum: number, { confidence }: any) => sum + confidence, 0) / patterns.length,
  );
  near(quality_score, (metrics.compression + metrics.recall + metrics.consistency + metrics.density) / 4);
  const one = await athena.call('consolidation_tools.measure_consolidation_quality', {
    metric_types: ['recall'],
  });
  assert.deepEqual(Object.keys(one.metrics), ['recall']);
});

test('what became of the patterns is seen: forgotten, recalled, grounded', async (t) => {
  const athena = await openPlanted(t);
  const { patterns } = await athena.call('consolidation_tools.run_consolidation');
  await athena.call('memory_tools.forget', { memory_id: patterns[0].memory_id });
  await athena.call('memory_tools.recall', { query: patterns[1].statement, k: 1 });
  const metrics = await athena.call('consolidation_tools.measure_advanced_consolidation_metrics');
  const share = (count: number) => Math.round((count / patterns.length) * 1_000) / 1_000;
  assert.deepEqual([metrics.retention, metrics.use], [share(patterns.length - 1), share(1)]);
  const validation = await athena.call('consolidation_tools.analyze_validation_effectiveness');
  assert.equal(validation.patterns, patterns.length - 1);
  assert.deepEqual([validation.metrics.grounding_score, validation.metrics.hallucination_rate], [1, 0]);
});

test('a dry run and a preview show the patterns and store nothing', async (t) => {
  const athena = await openPlanted(t);
  const dry = await athena.call('memory_tools.run_consolidation', { dry_run: true });
  const preview = await athena.call('consolidation_tools.extract_consolidation_patterns');
  assert.deepEqual(dry.patterns, preview.patterns);
  assert.ok(dry.patterns.length > 0);
  assert.equal((await athena.call('memory_tools.list_memories')).total, 0);
  const run = await athena.call('memory_tools.run_consolidation');
  assert.deepEqual(
    run.patterns.map(({ statement }: any) => statement),
    dry.patterns.map(({ statement }: any) => statement),
  );
  const frequent = await athena.call('consolidation_tools.extract_consolidation_patterns', {
    min_frequency: 5,
  });
  for (const { frequency } of frequent.patterns) assert.ok(frequency >= 5);
});

test('events are clustered by session, by pauses and by words', async (t) => {
  const athena = await openPlanted(t);
  const cluster = (params: object) => athena.call('consolidation_tools.cluster_consolidation_events', params);
  const sessions = (await cluster({})).clusters;
  assert.deepEqual(
    sessions.map(({ event_ids }: any) => event_ids.length),
    [4, 4, 4, 4, 2],
  );
  assert.equal((await cluster({ clustering_method: 'temporal' })).clusters.length, 5);
  const semantic = (await cluster({ clustering_method: 'semantic' })).clusters;
  const latency = semantic.find(({ label }: any) => /latency/.test(label));
  assert.deepEqual([latency.event_ids.length, latency.cohesion], [4, 1]);
  for (const { event_ids } of (await cluster({ max_cluster_size: 3 })).clusters)
    assert.ok(event_ids.length <= 3);
});

test('strategies are compared by their own runs only', async (t) => {
  const athena = await openPlanted(t);
  for (const strategy of ['session', 'semantic'])
    await athena.call('consolidation_tools.run_consolidation', { strategy, force: true });
  const { strategies, best } = await athena.call('consolidation_tools.analyze_strategy_effectiveness');
  assert.deepEqual(
    strategies.map(({ strategy, runs }: any) => [strategy, runs]),
    [
      ['session', 1],
      ['temporal', 0],
      ['semantic', 1],
    ],
  );
  assert.deepEqual([strategies[1].quality, strategies[1].duration_ms], [null, null]);
  const winner = strategies[0].quality >= strategies[2].quality ? 'session' : 'semantic';
  assert.equal(best, winner);
  const { runs } = await athena.call('consolidation_tools.analyze_consolidation_performance');
  assert.deepEqual(
    runs.map(({ run_id, strategy }: any) => [run_id, strategy]),
    [
      [2, 'semantic'],
      [1, 'session'],
    ],
  );
  assert.equal(
    await athena.refusal('consolidation_tools.measure_consolidation_quality', { consolidation_id: 9 }),
    'no consolidation run 9; the ids in use are 1 to 2',
  );
});

test('kinds of work that follow, repeat or run side by side are told apart', async (t) => {
  const athena = await openAthena(t);
  const now = Date.now();
  const step = (session_id: string, event_type: string, minute: number) => ({
    content: `${event_type} in ${session_id}`,
    event_type,
    outcome: 'success',
    timestamp: now - 60 * MINUTE_MS + minute * MINUTE_MS,
    context: { session_id },
  });
  const events = [
    step('one', 'plan', 0),
    step('one', 'build', 5),
    step('one', 'build', 10),
    step('one', 'build', 15),
    step('two', 'plan', 30),
    step('two', 'build', 35),
    step('three', 'lint', 15),
    step('three', 'lint', 35),
  ];
  await athena.call('episodic_tools.batch_record_events', { events });
  const { patterns } = await athena.call('consolidation_tools.discover_orchestration_patterns');
  const found = patterns.map(({ pattern_type, steps, frequency, sessions }: any) => [
    pattern_type,
    steps,
    frequency,
    sessions,
  ]);
  assert.deepEqual(
    new Set(found.map((pattern: any) => JSON.stringify(pattern))),
    new Set([
      JSON.stringify(['sequential', ['plan', 'build'], 2, 2]),
      JSON.stringify(['iterative', ['build'], 2, 1]),
      JSON.stringify(['parallel', ['build', 'lint'], 2, 3]),
    ]),
  );
});

test('a schedule falls due at the right moment', () => {
  const cases: readonly (readonly [Frequency, timeOfDay: string, now: string, due: string])[] = [
    ['daily', '02:00', '2026-03-04T01:59:59Z', '2026-03-04T02:00:00Z'],
    ['daily', '02:00', '2026-03-04T02:00:00Z', '2026-03-05T02:00:00Z'],
    ['hourly', '00:30', '2026-03-04T23:45:00Z', '2026-03-05T00:30:00Z'],
    ['weekly', '09:00', '2026-03-04T12:00:00Z', '2026-03-09T09:00:00Z'],
    ['weekly', '09:00', '2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z'],
    ['monthly', '00:00', '2026-12-15T12:00:00Z', '2027-01-01T00:00:00Z'],
  ];
  for (const [frequency, timeOfDay, now, due] of cases)
    assert.equal(nextDue(frequency, timeOfDay, Date.parse(now)), Date.parse(due), `${frequency} ${now}`);
});

test('a schedule that fell due is carried out at the next call, or at the next start', async (t) => {
  const athena = await openPlanted(t);
  const schedule = { frequency: 'daily', time_of_day: '22:00' };
  const { next_due_at } = await athena.call('episodic_tools.schedule_consolidation', schedule);
  assert.equal(next_due_at, '2026-03-02T22:00:00.000Z');
  const runs = async () => (await athena.call('consolidation_tools.analyze_consolidation_performance')).runs;
  mock.timers.tick(120 * MINUTE_MS);
  assert.equal((await runs()).length, 0, 'not yet due');
  mock.timers.tick(2 * 24 * 60 * MINUTE_MS);
  assert.deepEqual(
    (await runs()).map(({ events }: any) => events),
    [18],
    'once, however often it was missed',
  );
  await athena.call('episodic_tools.batch_record_events', { events: plantedEvents() });
  mock.timers.tick(24 * 60 * MINUTE_MS);
  await athena.reopen();
  assert.equal((await runs()).length, 2, 'at the start');
});

test('two thousand events of the same kind are consolidated within the time of a call', async (t) => {
  const athena = await openAthena(t);
  for (let batch = 0; batch < 4; batch++) {
    const events = Array.from({ length: 500 }, (_, index) => ({
      content: `Heartbeat ${batch * 500 + index} of the worker was fine`,
      event_type: 'heartbeat',
    }));
    await athena.call('episodic_tools.batch_record_events', { events });
  }
  const run = await athena.call('memory_tools.run_consolidation');
  assert.equal(run.events_consolidated, 2_000);
  const [topic] = run.patterns;
  assert.deepEqual([topic.kind, topic.frequency], ['topic', 2_000]);
});
