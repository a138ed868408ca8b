import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { spanOf, type Timeframe } from '../../../backend/embedded/episodic/timeframe.ts';
import { openAthena } from './open-athena.ts';

const DAY_MS = 86_400_000;
/** A Wednesday. */
const NOW = Date.parse('2026-03-04T15:00:00Z');

test('a timeframe is calendar time in UTC, weeks beginning on Monday', () => {
  const cases: readonly (readonly [timeframe: Timeframe, from: string, to: string])[] = [
    ['today', '2026-03-04', '2026-03-05'],
    ['yesterday', '2026-03-03', '2026-03-04'],
    ['this_week', '2026-03-02', '2026-03-09'],
    ['last_week', '2026-02-23', '2026-03-02'],
    ['this_month', '2026-03-01', '2026-04-01'],
  ];
  for (const [timeframe, from, to] of cases)
    assert.deepEqual(spanOf(timeframe, NOW), { from: Date.parse(from), to: Date.parse(to) }, timeframe);
  assert.equal(spanOf('this_week', Date.parse('2026-03-08T23:59:59Z')).from, Date.parse('2026-03-02'));
});

test('events are found by words, type and timeframe together', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: NOW });
  t.after(() => mock.timers.reset());
  const athena = await openAthena(t);
  const at = (days: number) => NOW - days * DAY_MS;
  const events = [
    { content: 'Deployed the shop', event_type: 'deploy', outcome: 'success', timestamp: at(0) },
    { content: 'Deployed the api', event_type: 'deploy', outcome: 'failure', timestamp: at(1) },
    {
      content: 'Tested the api',
      event_type: 'test',
      outcome: 'success',
      timestamp: at(1),
      context: { branch: 'hotfix-7' },
    },
    { content: 'Deployed the api', event_type: 'deploy', outcome: 'success', timestamp: at(8) },
  ];
  const { event_ids } = await athena.call('episodic_tools.batch_record_events', { events });
  assert.deepEqual(event_ids, [1, 2, 3, 4]);
  const cases: readonly (readonly [params: object, ids: readonly number[]])[] = [
    [{}, [1, 3, 2, 4]],
    [{ limit: 2 }, [1, 3]],
    [{ event_type: 'deploy' }, [1, 2, 4]],
    [{ timeframe: 'yesterday' }, [3, 2]],
    [{ timeframe: 'last_week', query: 'api' }, [4]],
    [{ query: 'api failure', limit: 1 }, [2]],
    [{ query: 'hotfix-7' }, [3]],
    [{ query: 'shop', event_type: 'test' }, []],
    [{ event_type: 'unknown' }, []],
  ];
  for (const [params, ids] of cases) {
    const found = await athena.call('episodic_tools.recall_events', params);
    assert.deepEqual(
      found.events.map(({ id }: any) => id),
      ids,
      JSON.stringify(params),
    );
  }
  const { days, total } = await athena.call('episodic_tools.get_timeline', { days: 2 });
  assert.equal(total, 3);
  assert.deepEqual(
    days.map(({ date, events }: any) => [date, events.map(({ id }: any) => id)]),
    [
      ['2026-03-04', [1]],
      ['2026-03-03', [2, 3]],
    ],
  );
});

test('an event goes to the session and project that its context names, else to those of the call', async (t) => {
  const athena = await openAthena(t);
  const own = await athena.call('episodic_tools.record_event', { content: 'Mine' }, 'mine');
  assert.equal(own.session_id, 'mine');
  const context = { session_id: 'theirs', project: 'Apollo' };
  await athena.call('memory_tools.record_event', { content: 'Theirs', context }, 'mine');
  const { events, total } = await athena.call('episodic_tools.recall_events_by_session', {
    session_id: 'theirs',
  });
  assert.equal(total, 1);
  assert.deepEqual([events[0].project_id, events[0].context], [2, context]);
  assert.equal(
    (await athena.call('memory_tools.recall_events_by_session', {}, 'mine')).events[0].content,
    'Mine',
  );
});

test('a batch is stored as a whole or not at all', async (t) => {
  const athena = await openAthena(t);
  const events = [{ content: 'Good' }, { content: 'Bad', context: { project: 'x'.repeat(200) } }];
  await athena.call('episodic_tools.batch_record_events', { events });
  await assert.rejects(
    athena.call('episodic_tools.batch_record_events', { events: [{ content: 'Good' }, {}] }),
    /parameters/,
  );
  await assert.rejects(athena.call('episodic_tools.batch_record_events', { events: [] }), /parameters/);
  assert.equal((await athena.call('episodic_tools.get_timeline')).total, 2);
});

test('a commit is recorded once, and found by message, author and branch', async (t) => {
  const athena = await openAthena(t);
  const commit = {
    commit_hash: '9F1C2AB',
    commit_message: 'Fix the session race',
    author: 'Ada',
    branch: 'sessions',
  };
  const first = await athena.call('episodic_tools.record_git_commit', commit);
  const again = await athena.call('episodic_tools.record_git_commit', { ...commit, commit_hash: '9f1c2ab' });
  assert.deepEqual([first.is_new, again.is_new, again.event_id], [true, false, first.event_id]);
  for (const query of ['session race', 'ada', '9f1c2ab']) {
    const { events } = await athena.call('episodic_tools.recall_events', { query });
    assert.deepEqual(
      events.map(({ id }: any) => id),
      [first.event_id],
      query,
    );
  }
  assert.equal(
    await athena.refusal('episodic_tools.record_git_commit', {
      ...commit,
      commit_hash: 'abcdef0',
      event_id: 99,
    }),
    'no event 99; the only id in use is 1',
  );
});

test('feedback is kept with its task, and its lesson as a fact', async (t) => {
  const athena = await openAthena(t);
  assert.match(
    await athena.refusal('episodic_tools.record_execution_feedback', { task_id: 1 }),
    /^no task 1;/,
  );
  await athena.call('task_management_tools.create_task', { content: 'Repair the login page' });
  await athena.call('episodic_tools.record_execution_feedback', { task_id: 1, actual_duration: 30 });
  const feedback = await athena.call('episodic_tools.record_execution_feedback', {
    task_id: 1,
    actual_duration: 60,
    blockers: ['missing credentials'],
    lessons_learned: 'Ask for credentials first',
  });
  assert.deepEqual([feedback.feedback_count, feedback.average_duration], [2, 45]);
  const { memories } = await athena.call('memory_tools.recall', { query: 'credentials' });
  assert.deepEqual(
    memories.map(({ id }: any) => id),
    [feedback.memory_id],
  );
  const { events } = await athena.call('episodic_tools.recall_events', { query: 'login credentials' });
  assert.equal(events[0].id, feedback.event_id);
});
