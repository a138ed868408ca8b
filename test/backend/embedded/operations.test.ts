import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consolidationDomain } from '../../../backend/embedded/consolidation/domain.ts';
import { episodicDomain } from '../../../backend/embedded/episodic/domain.ts';
import type { Domain } from '../../../backend/embedded/handler.ts';
import { memoryDomain } from '../../../backend/embedded/memory/domain.ts';
import { ragDomain } from '../../../backend/embedded/rag/domain.ts';
import { openAthena, operationsOf } from './open-athena.ts';

const TOOLS = ['memory_tools', 'episodic_tools', 'consolidation_tools', 'rag_tools'];

/** One life of a memory: every operation once or more, in an order in which each finds something to work on. */
const LIFE: readonly (readonly [operation: string, params?: object])[] = [
  [
    'memory_tools.remember',
    { content: 'Deploys run through the blue cluster', memory_type: 'fact', tags: ['deploy'] },
  ],
  [
    'memory_tools.remember',
    { content: 'We chose SQLite over Postgres', memory_type: 'decision', tags: ['database'] },
  ],
  ['memory_tools.recall', { query: 'which cluster do deploys use' }],
  ['memory_tools.recall', { query: 'sqlite', memory_types: ['decision'], k: 1 }],
  ['memory_tools.list_memories'],
  ['memory_tools.list_memories', { sort_by: 'most_used', limit: 1 }],
  ['memory_tools.search_projects', { query: 'sqlite' }],
  ['memory_tools.record_event', { content: 'Deployed api', event_type: 'deploy', outcome: 'success' }],
  ['episodic_tools.record_event', { content: 'Deployed api', event_type: 'deploy', outcome: 'failure' }],
  ['memory_tools.batch_record_events', { events: [{ content: 'Rolled back api', event_type: 'rollback' }] }],
  ['episodic_tools.batch_record_events', { events: [{ content: 'Deploying api', outcome: 'ongoing' }] }],
  ['memory_tools.recall_events', { query: 'api' }],
  ['episodic_tools.recall_events', { timeframe: 'today', event_type: 'deploy' }],
  ['memory_tools.get_timeline'],
  ['episodic_tools.get_timeline', { days: 1, limit: 2 }],
  ['memory_tools.recall_events_by_session'],
  ['episodic_tools.recall_events_by_session', { session_id: 'unknown' }],
  ['episodic_tools.record_git_commit', { commit_hash: 'ABCDEF1', commit_message: 'Fix api', author: 'Ada' }],
  ['task_management_tools.create_task', { content: 'Repair the api' }],
  [
    'episodic_tools.record_execution_feedback',
    { task_id: 1, actual_duration: 30, lessons_learned: 'Test first' },
  ],
  ['procedural_tools.create_procedure', { name: 'deploy-api' }],
  ['episodic_tools.record_execution', { procedure_name: 'deploy-api' }],
  [
    'memory_tools.smart_retrieve',
    { query: 'api', conversation_history: ['the rollback'], context: 'deploy' },
  ],
  ['memory_tools.update_working_memory', { content: 'We decided to wait' }],
  ['memory_tools.update_working_memory', { content: 'Left of the build folder', content_type: 'spatial' }],
  ['memory_tools.get_working_memory'],
  ['memory_tools.check_cognitive_load'],
  ['memory_tools.consolidate_working_memory', { item_id: 1 }],
  ['memory_tools.clear_working_memory'],
  ['memory_tools.analyze_coverage'],
  ['memory_tools.analyze_coverage', { domain: 'deploy' }],
  ['memory_tools.get_expertise'],
  ['memory_tools.detect_knowledge_gaps'],
  ['memory_tools.evaluate_memory_quality'],
  ['memory_tools.get_memory_quality_summary'],
  ['memory_tools.score_semantic_memories'],
  ['memory_tools.get_learning_rates'],
  ['memory_tools.get_metacognition_insights'],
  ['memory_tools.get_self_reflection'],
  ['memory_tools.run_consolidation', { dry_run: true }],
  ['consolidation_tools.extract_consolidation_patterns'],
  ['consolidation_tools.cluster_consolidation_events', { clustering_method: 'semantic' }],
  ['consolidation_tools.cluster_consolidation_events', { clustering_method: 'temporal' }],
  ['consolidation_tools.run_consolidation', { strategy: 'session' }],
  ['consolidation_tools.run_consolidation', { strategy: 'session' }],
  ['memory_tools.run_consolidation'],
  ['memory_tools.schedule_consolidation'],
  ['episodic_tools.schedule_consolidation', { frequency: 'weekly', time_of_day: '03:30' }],
  ['consolidation_tools.measure_consolidation_quality'],
  ['consolidation_tools.measure_advanced_consolidation_metrics', { domain: 'deploy' }],
  ['consolidation_tools.analyze_strategy_effectiveness'],
  ['consolidation_tools.analyze_project_patterns'],
  ['consolidation_tools.analyze_validation_effectiveness'],
  ['consolidation_tools.discover_orchestration_patterns'],
  ['consolidation_tools.analyze_consolidation_performance'],
  ['rag_tools.retrieve_smart', { query: 'why did the deploy fail' }],
  ['rag_tools.calibrate_uncertainty', { result_text: 'deploys use the blue cluster' }],
  ['rag_tools.route_planning_query', { query: 'api', context: { phase: ['repair'] } }],
  ['rag_tools.enrich_temporal_context', { result_id: 1 }],
  ['graph_tools.create_entity', { name: 'api', entity_type: 'service' }],
  ['rag_tools.find_related_context', { entity_id: 1 }],
  ['rag_tools.reflective_retrieve', { query: 'api' }],
  ['memory_tools.optimize', { dry_run: true }],
  ['memory_tools.optimize'],
  ['memory_tools.forget', { memory_id: 1 }],
];

test('every operation answers as its schema says, and none is missing', async (t) => {
  const athena = await openAthena(t);
  for (const [operation, params] of LIFE) await athena.call(operation, params);
  const known = await Promise.all(TOOLS.map(async (tool) => [...(await operationsOf(tool)).keys()]));
  const called = new Set(LIFE.map(([operation]) => operation));
  assert.deepEqual(
    known.flat().filter((operation) => !called.has(operation)),
    [],
  );
});

test('reads of an empty memory give empty lists and zeros that obey the schemas', async (t) => {
  const athena = await openAthena(t);
  const needsSomething = new Set([
    'rag_tools.find_related_context',
    'rag_tools.enrich_temporal_context',
    'memory_tools.check_cognitive_load',
  ]);
  const given: Readonly<Record<string, object>> = {
    'memory_tools.recall': { query: 'x' },
    'memory_tools.search_projects': { query: 'x' },
    'memory_tools.smart_retrieve': { query: 'x' },
    'rag_tools.retrieve_smart': { query: 'x' },
    'rag_tools.calibrate_uncertainty': { result_text: 'x' },
    'rag_tools.route_planning_query': { query: 'x' },
    'rag_tools.reflective_retrieve': { query: 'x' },
  };
  const asked = new Set(['limit', 'capacity', 'iterations', 'depth', 'project_id']);
  for (const tool of TOOLS) {
    for (const [id, { effect }] of await operationsOf(tool)) {
      if (effect !== 'read' || needsSomething.has(id)) continue;
      for (const [key, value] of Object.entries(await athena.call(id, given[id]))) {
        if (Array.isArray(value) && key !== 'strategies') assert.deepEqual(value, [], `${id} ${key}`);
        if (typeof value === 'number' && !asked.has(key)) assert.equal(value, 0, `${id} ${key}`);
      }
    }
  }
});

test('what the schemas call a read stands among the reads, everything else among the writes', async () => {
  const domains: readonly Domain[] = [memoryDomain, episodicDomain, consolidationDomain, ragDomain];
  for (const tool of TOOLS) {
    for (const [id, { operation, effect }] of await operationsOf(tool)) {
      if (operation === 'record_execution') continue; // the procedural domain's
      const kind = effect === 'read' ? 'reads' : 'writes';
      const found = domains.some(
        (domain) => Reflect.get(Object(Reflect.get(domain[kind], tool)), operation) !== undefined,
      );
      assert.ok(found, `${id} is not among the ${kind}`);
    }
  }
});
