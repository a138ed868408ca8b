import type { HandlerFor } from '../handler.ts';
import { assertProject } from '../memory/projects.ts';
import { rounded } from '../rounded.ts';
import { consolidate, type StoredPattern, selectEvents } from './consolidate.ts';
import { extractPatterns, overallQuality } from './extract-patterns.ts';
import type { ConsolidationTables } from './tables.ts';

/** Events named with a pattern in an answer; the memory keeps all of them. */
const MAX_EVENTS_NAMED = 100;

/** A pattern as agents get it. */
export function toPattern(pattern: StoredPattern) {
  return {
    kind: pattern.kind,
    statement: pattern.statement,
    frequency: pattern.frequency,
    confidence: rounded(pattern.confidence),
    event_ids: pattern.events.slice(0, MAX_EVENTS_NAMED),
    memory_id: pattern.memory_id,
  };
}

export const runConsolidation: HandlerFor<
  'consolidation_tools',
  'run_consolidation',
  ConsolidationTables
> = async (params, context) => {
  const { force, strategy, max_age_minutes } = params;
  const project = await assertProject(context.database, params.project_id);
  const since = context.now() - max_age_minutes * 60_000;
  const run = await consolidate({ project, strategy, force, since }, context);
  if (run === undefined) {
    const which = force ? '' : ' not consolidated yet';
    return {
      status: 'nothing_to_do',
      run_id: null,
      patterns_extracted: 0,
      events_consolidated: 0,
      quality_score: 0,
      message: `There are fewer than two events${which} of the last ${max_age_minutes} minutes`,
      patterns: [],
    };
  }
  return {
    status: 'completed',
    run_id: run.id,
    patterns_extracted: run.patterns.length,
    events_consolidated: run.events,
    quality_score: rounded(overallQuality(run.quality)),
    message: `Run ${run.id} found ${run.patterns.length} patterns in ${run.events} events`,
    patterns: run.patterns.map(toPattern),
  };
};

/** The form of `memory_tools`: everything not consolidated yet, by the balanced strategy. */
export const runSimpleConsolidation: HandlerFor<
  'memory_tools',
  'run_consolidation',
  ConsolidationTables
> = async (params, context) => {
  const project = await assertProject(context.database, params.project_id);
  const options = { project, strategy: 'balanced', force: false, since: 0 } as const;
  if (params.dry_run) {
    const events = await selectEvents(options, context);
    const { patterns } = await extractPatterns(events, 'balanced', 2, context.pause);
    const shown = patterns.map((pattern) => toPattern({ ...pattern, memory_id: null }));
    return { run_id: null, events_consolidated: 0, patterns: shown };
  }
  const run = await consolidate(options, context);
  return {
    run_id: run?.id ?? null,
    events_consolidated: run?.events ?? 0,
    patterns: (run?.patterns ?? []).map(toPattern),
  };
};
