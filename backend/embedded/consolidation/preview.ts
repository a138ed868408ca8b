import type { EventRow } from '../episodic/event.ts';
import type { HandlerFor, Pause } from '../handler.ts';
import { OUTCOME_VALUE } from '../memory/learning.ts';
import { assertProject } from '../memory/projects.ts';
import { rounded } from '../rounded.ts';
import {
  byPause,
  bySession,
  byWords,
  type Clusters,
  cohesionOf,
  labelOf,
  type Method,
  splitLarge,
} from './cluster-events.ts';
import { selectEvents } from './consolidate.ts';
import { extractPatterns } from './extract-patterns.ts';
import { toPattern } from './run-consolidation.ts';
import type { ConsolidationTables } from './tables.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Events clustered in one answer, the newest ones. */
const MAX_EVENTS = 2_000;

export const extractConsolidationPatterns: HandlerFor<
  'consolidation_tools',
  'extract_consolidation_patterns',
  ConsolidationTables
> = async ({ min_frequency, max_age_minutes, pattern_type, project_id }, context) => {
  const project = await assertProject(context.database, project_id);
  const since = context.now() - max_age_minutes * 60_000;
  const events = await selectEvents({ project, force: true, since }, context);
  const { patterns } = await extractPatterns(events, 'balanced', min_frequency, context.pause);
  const asked = patterns.filter(({ kind }) => pattern_type === 'all' || kind === pattern_type);
  return {
    events: events.length,
    patterns: asked.map((pattern) => toPattern({ ...pattern, memory_id: null })),
  };
};

export const clusterConsolidationEvents: HandlerFor<
  'consolidation_tools',
  'cluster_consolidation_events',
  ConsolidationTables
> = async ({ clustering_method: method, max_cluster_size, distance_threshold }, { database, pause }) => {
  const newest = database
    .selectFrom('events')
    .selectAll()
    .where('consolidated_at', 'is', null)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_EVENTS);
  const events = (await newest.execute()).reverse();
  const clusters = splitLarge(await clusterBy(method, events, distance_threshold, pause), max_cluster_size);
  return {
    events: events.length,
    clusters: clusters
      .toSorted((a, b) => b.length - a.length)
      .map((cluster) => ({
        label: labelOf(cluster, method),
        event_ids: cluster.map(({ id }) => id),
        from: isoOf(cluster[0]),
        to: isoOf(cluster.at(-1)),
        cohesion: rounded(cohesionOf(cluster)),
      })),
  };
};

async function clusterBy(
  method: Method,
  events: readonly EventRow[],
  threshold: number,
  pause: Pause,
): Promise<Clusters> {
  switch (method) {
    case 'session':
      return bySession(events);
    case 'temporal':
      return byPause(events, threshold * HOUR_MS);
    case 'semantic':
      return byWords(events, 1 - threshold, pause);
    default:
      return method satisfies never;
  }
}

function isoOf(event: EventRow | undefined): string {
  return new Date(event?.at ?? 0).toISOString();
}

export const analyzeProjectPatterns: HandlerFor<
  'consolidation_tools',
  'analyze_project_patterns',
  ConsolidationTables
> = async ({ project_id, days_back }, context) => {
  const project = await assertProject(context.database, project_id);
  const since = context.now() - days_back * DAY_MS;
  const events = await selectEvents({ project, force: true, since }, context);
  const types = await context.database
    .selectFrom('events')
    .select(({ fn }) => [
      'type as event_type',
      fn.countAll<number>().as('events'),
      fn.avg<number | null>(OUTCOME_VALUE).as('success_rate'),
    ])
    .where('project_id', '=', project)
    .where('at', '>=', since)
    .groupBy('type')
    .orderBy('events', 'desc')
    .execute();
  const { patterns } = await extractPatterns(events, 'balanced', 2, context.pause);
  return {
    project_id: project,
    events: types.reduce((sum, type) => sum + type.events, 0),
    patterns: patterns.map((pattern) => toPattern({ ...pattern, memory_id: null })),
    event_types: types.map((type) => ({
      ...type,
      success_rate: type.success_rate === null ? null : rounded(type.success_rate),
    })),
  };
};
