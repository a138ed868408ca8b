import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTool } from '../embedded-graph/open-tool.ts';

const TOOL = 'procedural_tools';

test('every operation answers as its schema says', async (t) => {
  const tool = await openTool(t, TOOL);
  for (const empty of ['get_procedure_effectiveness', 'suggest_procedure_improvements'])
    await tool.call(empty);
  await tool.call('find_procedures', { query: 'anything' });
  await tool.call('get_pattern_suggestions', { file_path: 'a/b.sql' });
  await tool.call('create_procedure', { name: 'bare' });
  await tool.call('create_procedure', {
    name: 'add-migration',
    category: 'database',
    description: 'Add a schema migration',
    template: 'Steps:\n1. Write it\n2. Run it',
    trigger_pattern: '**/*.sql',
  });
  await tool.call('record_execution', { procedure_name: 'bare' });
  await tool.call('record_execution', {
    procedure_name: 'add-migration',
    outcome: 'failure',
    duration_ms: 1000,
    learned: 'Back up before starting',
  });
  await tool.athena.call('episodic_tools.record_execution', { procedure_name: 'bare', outcome: 'ongoing' });
  await tool.call('find_procedures', { query: 'migration' });
  await tool.call('get_procedure_effectiveness');
  await tool.call('suggest_procedure_improvements');
  await tool.call('generate_workflow_from_task', {
    task_description: 'Rotate keys',
    steps_taken: ['a', 'b'],
  });
  const { suggestions } = await tool.call('get_pattern_suggestions', { file_path: 'a/b.sql' });
  await tool.call('apply_suggestion', { suggestion_id: suggestions[0].suggestion_id });
  assert.deepEqual(await tool.unused(), []);
});

test('an empty store has no procedures, no figures and no suggestions', async (t) => {
  const { call } = await openTool(t, TOOL);
  assert.deepEqual((await call('find_procedures', { query: '' })).procedures, []);
  assert.deepEqual((await call('get_procedure_effectiveness')).procedures, []);
  assert.deepEqual((await call('suggest_procedure_improvements')).suggestions, []);
  assert.deepEqual((await call('get_pattern_suggestions', { file_path: 'x' })).suggestions, []);
});

test('procedures, executions and suggestions survive a restart', async (t) => {
  const { call, athena } = await openTool(t, TOOL);
  await call('create_procedure', { name: 'deploy-api', template: '- build\n- push', trigger_pattern: '.ts' });
  await call('record_execution', { procedure_name: 'deploy-api', duration_ms: 5000, learned: 'Build twice' });
  const before = await call('get_pattern_suggestions', { file_path: 'src/api.ts' });
  await athena.reopen();
  assert.deepEqual(await call('get_pattern_suggestions', { file_path: 'src/api.ts' }), before);
  const [found] = (await call('find_procedures', { query: 'deploy' })).procedures;
  assert.deepEqual(found.procedure.steps, ['build', 'push']);
  assert.equal(found.procedure.executions, 1);
  const [measured] = (await call('get_procedure_effectiveness')).procedures;
  assert.equal(measured.median_duration_ms, 5000);
});

test('a procedure of the same name is replaced and keeps its executions', async (t) => {
  const { call } = await openTool(t, TOOL);
  await call('create_procedure', { name: 'deploy', description: 'by hand' });
  await call('record_execution', { procedure_name: 'deploy' });
  const replaced = await call('create_procedure', { name: 'deploy', template: '1. press the button' });
  assert.equal(replaced.created, false);
  assert.equal(replaced.procedure.description, null);
  assert.equal(replaced.procedure.executions, 1);
  assert.equal((await call('find_procedures', { query: 'hand' })).procedures.length, 0);
  assert.equal((await call('find_procedures', { query: 'button' })).procedures.length, 1);
});

test('among procedures that match alike, the one that works is first, and a category narrows the search', async (t) => {
  const { call } = await openTool(t, TOOL);
  for (const [name, outcome, category] of [
    ['release one', 'failure', 'ci'],
    ['release two', 'success', 'ci'],
    ['release three', 'ongoing', 'manual'],
  ]) {
    await call('create_procedure', { name, category });
    await call('record_execution', { procedure_name: name, outcome });
  }
  const names = async (params: object) =>
    (await call('find_procedures', params)).procedures.map(({ procedure }: any) => procedure.name);
  assert.deepEqual(await names({ query: 'release' }), ['release two', 'release three', 'release one']);
  assert.deepEqual(await names({ query: 'release', limit: 1 }), ['release two']);
  assert.deepEqual(await names({ query: 'release', category: 'manual' }), ['release three']);
  assert.deepEqual(await names({ query: '', category: 'ci' }), ['release two', 'release one']);
});

test('effectiveness counts outcomes, and its trend compares the newer with the older half', async (t) => {
  const { call } = await openTool(t, TOOL);
  await call('create_procedure', { name: 'p' });
  for (const outcome of ['success', 'success', 'failure', 'partial', 'ongoing'])
    await call('record_execution', { procedure_name: 'p', outcome });
  const [measured] = (await call('get_procedure_effectiveness', { procedure_name: 'p' })).procedures;
  assert.deepEqual(measured.outcomes, { success: 2, failure: 1, partial: 1, ongoing: 1 });
  assert.equal(measured.success_rate, 0.5);
  assert.deepEqual(measured.success_interval, { low: 0.15, high: 0.85 });
  assert.equal(measured.trend, 'declining');
  assert.equal(measured.median_duration_ms, null);
});

test('improvements come from the record: failures, decline, slowness, missing steps and lessons not yet adopted', async (t) => {
  const { call } = await openTool(t, TOOL);
  await call('create_procedure', { name: 'p', description: 'Always back up the database' });
  const runs = [
    ['success', 100, 'back up the database'],
    ['success', 100, undefined],
    ['failure', 300, 'check the disk space'],
    ['failure', 300, 'check the disk space'],
    ['partial', 300, undefined],
  ] as const;
  for (const [outcome, duration_ms, learned] of runs)
    await call('record_execution', {
      procedure_name: 'p',
      outcome,
      duration_ms,
      ...(learned && { learned }),
    });
  const { suggestions } = await call('suggest_procedure_improvements', { procedure_name: 'p' });
  assert.deepEqual(
    suggestions.map(({ kind, priority }: any) => [kind, priority]),
    [
      ['fix_failures', 'high'],
      ['reverse_decline', 'high'],
      ['adopt_lesson', 'medium'],
      ['shorten', 'medium'],
      ['add_steps', 'low'],
    ],
  );
  assert.match(suggestions[0].evidence[0], /3 of 5/);
  assert.match(suggestions[2].suggestion, /check the disk space/);
  assert.equal(suggestions[2].evidence.length, 2);
});

test('the same steps for the same task are one procedure; other steps are another', async (t) => {
  const { call } = await openTool(t, TOOL);
  const task_description = 'Rotate the API keys!';
  const first = await call('generate_workflow_from_task', {
    task_description,
    steps_taken: ['a'],
    duration_mins: 2,
  });
  assert.equal(first.procedure.name, 'rotate-the-api-keys');
  assert.equal(first.execution.duration_ms, 120_000);
  const again = await call('generate_workflow_from_task', { task_description, steps_taken: ['a'] });
  assert.equal(again.created, false);
  assert.equal(again.procedure.executions, 2);
  assert.equal(again.execution.duration_ms, null);
  const other = await call('generate_workflow_from_task', { task_description, steps_taken: ['a', 'b'] });
  assert.equal(other.procedure.name, 'rotate-the-api-keys-2');
});

test('a workflow takes over the category of a procedure like it', async (t) => {
  const { call } = await openTool(t, TOOL);
  await call('create_procedure', { name: 'rotate keys of the api', category: 'security' });
  const generated = await call('generate_workflow_from_task', {
    task_description: 'Rotate the API keys',
    steps_taken: ['a'],
  });
  assert.equal(generated.procedure.category, 'security');
});

test('feedback moves the weight of a procedure, and a second answer takes the place of the first', async (t) => {
  const { call } = await openTool(t, TOOL);
  await call('create_procedure', { name: 'format', trigger_pattern: '*.md' });
  const suggest = async () =>
    (await call('get_pattern_suggestions', { file_path: 'docs/a.md' })).suggestions[0];
  const { suggestion_id, confidence } = await suggest();
  assert.equal((await suggest()).suggestion_id, suggestion_id);
  const accepted = await call('apply_suggestion', { suggestion_id });
  assert.deepEqual([accepted.previous_weight, accepted.weight], [0.5, 0.667]);
  const next = await suggest();
  assert.notEqual(next.suggestion_id, suggestion_id);
  assert.ok(next.confidence > confidence);
  const rejected = await call('apply_suggestion', { suggestion_id, feedback: 'rejected' });
  assert.deepEqual([rejected.previous_weight, rejected.weight], [0.667, 0.333]);
});

test('a name or an id that does not exist is refused, with the nearest name', async (t) => {
  const { call, refusal } = await openTool(t, TOOL);
  assert.match(await refusal('record_execution', { procedure_name: 'deploy api' }), /createProcedure/);
  await call('create_procedure', { name: 'deploy-api' });
  for (const operation of [
    'record_execution',
    'get_procedure_effectiveness',
    'suggest_procedure_improvements',
  ])
    assert.match(await refusal(operation, { procedure_name: 'deploy api' }), /did you mean `deploy-api`\?/);
  assert.match(await refusal('apply_suggestion', { suggestion_id: 4 }), /no suggestion 4/);
});
