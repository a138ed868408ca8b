import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTool } from '../embedded-graph/open-tool.ts';

const TOOL = 'task_management_tools';

test('every operation answers as its schema says', async (t) => {
  const tool = await openTool(t, TOOL);
  const tasks = tool.call;
  for (const empty of [
    'list_tasks',
    'get_active_goals',
    'get_goal_priority_ranking',
    'recommend_next_goal',
    'get_workflow_status',
    'get_project_dashboard',
    'get_project_status',
  ])
    await tasks(empty);
  await tasks('create_task', { content: 'Write the importer', triggers: ['2026-04-01', 'after review'] });
  await tasks('create_task_with_planning', {
    content: 'Read the file, then map the fields and then store them',
  });
  await tasks('create_task_with_milestones', {
    content: 'Move the search',
    milestones: ['Migrate', { title: 'Measure' }],
  });
  await tasks('start_task', { task_id: 1 });
  await tasks('update_task_status', { task_id: 1, status: 'blocked', notes: 'no token' });
  await tasks('update_milestone_progress', {
    task_id: 3,
    milestone_order: 1,
    status: 'completed',
    actual_minutes: 40,
  });
  await tasks('verify_task', { task_id: 3 });
  await tasks('set_goal', { content: 'Ship it', priority: 8 });
  await tasks('set_goal', { goal_text: 'Test it', parent_goal_id: 1 });
  await tasks('update_task_status', { task_id: 1, status: 'in_progress' });
  await tasks('record_execution_progress', { goal_id: 2, task_id: 1, progress_percent: 50 });
  await tasks('activate_goal', { goal_id: 2 });
  for (const [operation, params] of [
    ['list_tasks', {}],
    ['get_active_goals', {}],
    ['get_goal_priority_ranking', {}],
    ['recommend_next_goal', {}],
    ['get_workflow_status', {}],
    ['get_task_health', { task_id: 1 }],
    ['get_project_dashboard', {}],
    ['get_project_status', { project_id: 1 }],
    ['complete_goal', { goal_id: 2, outcome: 'partial' }],
    ['get_workflow_status', {}],
  ] as const)
    await tasks(operation, params);
  for (const operation of ['get_task_health', 'get_project_dashboard', 'get_project_status'])
    await tool.athena.call(
      `monitoring_tools.${operation}`,
      operation === 'get_task_health' ? { task_id: 1 } : {},
    );
  assert.deepEqual(await tool.unused(), []);
});

test('an empty store has no tasks, no goals and nothing to recommend', async (t) => {
  const { call: tasks } = await openTool(t, TOOL);
  assert.deepEqual(await tasks('list_tasks'), { tasks: [], total: 0 });
  const status = await tasks('get_project_status');
  assert.equal(status.status, 'empty');
  assert.equal(status.last_activity_at, null);
  const next = await tasks('recommend_next_goal');
  assert.equal(next.recommended_goal_id, null);
  assert.equal(next.confidence, 0);
});

test('tasks, milestones, goals and their history survive a restart', async (t) => {
  const tool = await openTool(t, TOOL);
  const tasks = tool.call;
  await tasks('set_goal', { content: 'Ship the importer' });
  await tasks('create_task_with_milestones', {
    content: 'Move the search',
    milestones: ['Migrate', 'Measure'],
  });
  await tasks('update_milestone_progress', { task_id: 1, milestone_order: 1, status: 'completed' });
  const before = [await tasks('list_tasks'), await tasks('get_active_goals')];
  await tool.athena.reopen();
  assert.deepEqual([await tasks('list_tasks'), await tasks('get_active_goals')], before);
  const { recent_activity } = await tasks('get_project_dashboard');
  assert.deepEqual(
    recent_activity.map(({ change }: any) => change),
    ['milestone 1: pending → completed', 'status: pending → in_progress', 'created', 'set'],
  );
});

test('milestones without an estimate share what is left of the task’s', async (t) => {
  const { call: tasks } = await openTool(t, TOOL);
  const milestones = ['a', { title: 'b', estimated_minutes: 60 }, 'c', 'd'];
  const task = await tasks('create_task_with_milestones', {
    content: 'x',
    milestones,
    estimated_minutes: 160,
  });
  assert.deepEqual(
    task.milestones.map((each: any) => each.estimated_minutes),
    [33, 60, 34, 33],
  );
});

test('listed are open tasks first, the most important and then the newest first', async (t) => {
  const { call: tasks } = await openTool(t, TOOL);
  for (const [content, priority] of [
    ['a', 'low'],
    ['b', 'critical'],
    ['c', 'medium'],
    ['d', 'medium'],
  ])
    await tasks('create_task', { content, priority });
  await tasks('update_task_status', { task_id: 2, status: 'completed' });
  const listed = await tasks('list_tasks', { limit: 3 });
  assert.deepEqual(
    listed.tasks.map(({ content }: any) => content),
    ['d', 'c', 'a'],
  );
  assert.equal(listed.total, 4);
  assert.equal((await tasks('list_tasks', { status: 'completed' })).tasks[0].progress_percent, 100);
});

test('verification names what is not done, and completes only what passes', async (t) => {
  const { call: tasks } = await openTool(t, TOOL);
  await tasks('create_task_with_milestones', { content: 'x', milestones: ['Migrate', 'Measure'] });
  const failed = await tasks('verify_task', { task_id: 1, mark_complete: true });
  assert.equal(failed.verified, false);
  assert.equal(failed.task.status, 'pending');
  assert.match(failed.checks[0].detail, /1 Migrate, 2 Measure/);
  for (const milestone_order of [1, 2])
    await tasks('update_milestone_progress', { task_id: 1, milestone_order, status: 'completed' });
  const passed = await tasks('verify_task', { task_id: 1, mark_complete: true });
  assert.equal(passed.marked_complete, true);
  assert.equal(passed.task.status, 'completed');
  assert.equal((await tasks('verify_task', { task_id: 1, mark_complete: true })).marked_complete, false);
});

test('time counts as work while in progress and as blocked while blocked', async (t) => {
  const tool = await openTool(t, TOOL);
  const tasks = tool.call;
  await tasks('create_task_with_planning', { content: 'One step', estimated_minutes: 20 });
  tool.wait(500);
  await tasks('start_task', { task_id: 1 });
  tool.wait(10);
  await tasks('update_task_status', { task_id: 1, status: 'blocked' });
  tool.wait(100);
  await tasks('start_task', { task_id: 1 });
  tool.wait(20);
  const health = await tasks('get_task_health', { task_id: 1 });
  assert.equal(health.elapsed_minutes, 30);
  assert.equal(health.blocked_minutes, 100);
  assert.equal(health.overdue_minutes, 10);
  // 1 − 0.4 × 10/20 for the overrun − 0.3 × 100 % of the estimate used up with nothing done.
  assert.equal(health.score, 0.5);
  assert.equal(health.health, 'at_risk');
  await tasks('update_task_status', { task_id: 1, status: 'completed' });
  assert.equal((await tasks('get_task_health', { task_id: 1 })).health, 'done');
});

test('a date among the triggers makes a task due, and overdue after the end of that day', async (t) => {
  const tool = await openTool(t, TOOL);
  const tasks = tool.call;
  const task = await tasks('create_task', {
    content: 'x',
    triggers: ['on Monday', '2026-03-03', '2026-05-01'],
  });
  assert.equal(task.due_at, '2026-03-03T23:59:59.000Z');
  assert.equal((await tasks('get_project_status')).status, 'on_track');
  tool.wait(3 * 24 * 60);
  const dashboard = await tasks('get_project_dashboard');
  assert.deepEqual(
    dashboard.overdue_tasks.map((line: any) => line.task_id),
    [1],
  );
  assert.match(dashboard.overdue_tasks[0].reason, /past the due date/);
  assert.equal((await tasks('get_project_status')).status, 'at_risk');
});

test('goals rank by priority, progress, due dates and blocks, and each factor is a reason', async (t) => {
  const { call: tasks } = await openTool(t, TOOL);
  for (const [content, priority] of [
    ['low', 2],
    ['blocked', 8],
    ['due', 5],
    ['started', 5],
    ['plain', 5],
  ])
    await tasks('set_goal', { content, priority });
  await tasks('create_task', { content: 'stuck' });
  await tasks('record_execution_progress', { goal_id: 2, task_id: 1, progress_percent: 0 });
  await tasks('update_task_status', { task_id: 1, status: 'blocked' });
  await tasks('create_task', { content: 'urgent', triggers: ['2026-03-02T10:00:00Z'] });
  await tasks('record_execution_progress', { goal_id: 3, task_id: 2, progress_percent: 0 });
  await tasks('record_execution_progress', { goal_id: 4, progress_percent: 60 });
  const { goals, count } = await tasks('get_goal_priority_ranking');
  assert.deepEqual(
    goals.map(({ content }: any) => content),
    ['due', 'started', 'plain', 'blocked', 'low'],
  );
  assert.equal(count, 5);
  assert.deepEqual(goals[1].reasons, ['priority 5 of 10 (× 5)', '60 % done (× 1.3)', '0 days old (× 1)']);
  const next = await tasks('recommend_next_goal');
  assert.equal(next.recommended_goal_id, 3);
  assert.equal(
    next.confidence,
    Math.round((1000 * goals[0].score) / (goals[0].score + goals[1].score)) / 1000,
  );
  const workflow = await tasks('get_workflow_status');
  assert.deepEqual(
    workflow.blocked_goals.map(({ id }: any) => id),
    [2],
  );
});

test('a goal is as far as its tasks are on average, and not reached while a subgoal is active', async (t) => {
  const tool = await openTool(t, TOOL);
  const tasks = tool.call;
  await tasks('set_goal', { content: 'Ship' });
  await tasks('set_goal', { content: 'Test', parent_goal_id: 1 });
  await tasks('create_task', { content: 'a' });
  await tasks('create_task', { content: 'b' });
  await tasks('record_execution_progress', { goal_id: 1, task_id: 1, progress_percent: 40 });
  const recorded = await tasks('record_execution_progress', { goal_id: 1, task_id: 2, progress_percent: 80 });
  assert.equal(recorded.goal_progress_percent, 60);
  await tasks('update_task_status', { task_id: 1, status: 'completed' });
  assert.equal((await tasks('get_active_goals', { include_subgoals: false })).goals[0].progress_percent, 90);
  assert.match(await tool.refusal('complete_goal', { goal_id: 1 }), /active subgoals \(2\)/);
  await tasks('complete_goal', { goal_id: 2 });
  assert.deepEqual((await tasks('complete_goal', { goal_id: 1 })).open_task_ids, [2]);
  assert.equal((await tasks('get_active_goals')).total, 0);
  await tasks('activate_goal', { goal_id: 1 });
  const workflow = await tasks('get_workflow_status');
  assert.equal(workflow.current_focus.id, 1);
  assert.equal(workflow.current_focus.progress_percent, 90);
});

test('a plan is taken from the most similar completed task when the text has one step only', async (t) => {
  const tool = await openTool(t, TOOL);
  const tasks = tool.call;
  await tasks('create_task_with_milestones', {
    content: 'Release version one of the importer',
    milestones: ['Tag', 'Publish'],
  });
  await tasks('start_task', { task_id: 1 });
  tool.wait(50);
  for (const milestone_order of [1, 2])
    await tasks('update_milestone_progress', {
      task_id: 1,
      milestone_order,
      status: 'completed',
      actual_minutes: milestone_order * 10,
    });
  await tasks('verify_task', { task_id: 1, mark_complete: true });
  const planned = await tasks('create_task_with_planning', {
    content: 'Release version two of the importer',
  });
  assert.equal(planned.plan_source, 'similar_task');
  assert.deepEqual(
    planned.task.milestones.map(({ title, estimated_minutes }: any) => [title, estimated_minutes]),
    [
      ['Tag', 10],
      ['Publish', 20],
    ],
  );
  assert.equal(planned.suggested_minutes, 50);
  assert.equal(planned.similar_tasks[0].task_id, 1);
  const unplanned = await tasks('create_task_with_planning', {
    content: 'First this; Then that',
    auto_plan: false,
  });
  assert.deepEqual(unplanned.task.milestones, []);
});

const REFUSALS: readonly (readonly [string, object, RegExp])[] = [
  ['start_task', { task_id: 99 }, /no task 99; .*1/],
  ['update_task_status', { task_id: 99, status: 'blocked' }, /no task 99/],
  ['get_task_health', { task_id: 99 }, /no task 99/],
  ['verify_task', { task_id: 99 }, /no task 99/],
  ['update_milestone_progress', { task_id: 1, milestone_order: 3 }, /task 1 has no milestone 3; it has 1/],
  ['record_execution_progress', { task_id: 1, progress_percent: 5 }, /updateMilestoneProgress/],
  ['record_execution_progress', { goal_id: 9, progress_percent: 5 }, /no goal 9/],
  ['set_goal', { content: 'x', parent_goal_id: 9 }, /no goal 9/],
  ['activate_goal', { goal_id: 9 }, /no goal 9/],
  ['complete_goal', { goal_id: 9 }, /no goal 9/],
  ['start_task', { task_id: 2 }, /task 2 is cancelled; reopen it/],
  ['get_project_dashboard', { project_id: 77 }, /no project 77/],
  ['get_project_status', { project_id: 77 }, /no project 77/],
];

test('what does not exist or cannot be done is refused with what to do instead', async (t) => {
  const tool = await openTool(t, TOOL);
  const tasks = tool.call;
  await tasks('create_task_with_milestones', { content: 'x', milestones: ['only'] });
  await tasks('create_task', { content: 'y' });
  await tasks('update_task_status', { task_id: 2, status: 'cancelled' });
  for (const [operation, params, message] of REFUSALS)
    assert.match(await tool.refusal(operation, params), message);
});
