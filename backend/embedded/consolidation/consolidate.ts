import type { EventRow } from '../episodic/event.ts';
import type { HandlerContext } from '../handler.ts';
import { indexMemory, storeMemory } from '../memory/store-memory.ts';
import { rounded } from '../rounded.ts';
import type { Strategy } from './cluster-events.ts';
import { extractPatterns, measureQuality, type RunQuality } from './extract-patterns.ts';
import type { FoundPattern } from './find-patterns.ts';
import type { ConsolidationTables } from './tables.ts';

/** Events taken at once: the oldest of those still to consolidate, else the newest. */
const MAX_EVENTS = 2_000;
/** A pattern is something seen at least twice. */
const MIN_FREQUENCY = 2;

export type ConsolidationContext = Omit<HandlerContext<ConsolidationTables>, 'call'>;

export interface RunOptions {
  readonly project: number;
  readonly strategy: Strategy;
  /** Take events that were consolidated before as well. */
  readonly force: boolean;
  /** Only events from then on, in ms since the epoch. */
  readonly since: number;
}

/** A pattern with the memory that was written for it; null when nothing was written. */
export type StoredPattern = FoundPattern & { readonly memory_id: number | null };

export interface Run {
  readonly id: number;
  readonly events: number;
  readonly patterns: readonly StoredPattern[];
  readonly quality: RunQuality;
}

/** The events that a run would take, in the order of time. */
export async function selectEvents(
  { project, force, since }: Omit<RunOptions, 'strategy'>,
  { database }: Pick<ConsolidationContext, 'database'>,
): Promise<readonly EventRow[]> {
  const events = database
    .selectFrom('events')
    .selectAll()
    .where('project_id', '=', project)
    .where('at', '>=', since)
    .limit(MAX_EVENTS);
  if (force) return (await events.orderBy('at', 'desc').orderBy('id', 'desc').execute()).reverse();
  return events.where('consolidated_at', 'is', null).orderBy('at').orderBy('id').execute();
}

/** Turns events into pattern memories and records the run; undefined when there are fewer than two events. */
export async function consolidate(
  options: RunOptions,
  context: ConsolidationContext,
): Promise<Run | undefined> {
  const start = performance.now();
  const { database, now, pause } = context;
  const events = await selectEvents(options, context);
  if (events.length < 2) return undefined;
  const { patterns, candidates } = await extractPatterns(events, options.strategy, MIN_FREQUENCY, pause);
  const stored: (StoredPattern & { readonly memory_id: number; readonly is_new: number })[] = [];
  for (const pattern of patterns) stored.push(await storePattern(pattern, options.project, context));
  await markConsolidated(events, context);
  const quality = measureQuality(events.length, patterns);
  const { id } = await database
    .insertInto('consolidation_runs')
    .values({
      project_id: options.project,
      strategy: options.strategy,
      started_at: now(),
      duration_ms: rounded(performance.now() - start),
      events: events.length,
      patterns: patterns.length,
      candidates,
      ...quality,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const { memory_id, kind, words, is_new, events: sources } of stored) {
    const row = {
      run_id: id,
      memory_id,
      kind,
      words: JSON.stringify(words),
      evidence: sources.length,
      is_new,
    };
    await database.insertInto('run_patterns').values(row).execute();
  }
  return { id, events: events.length, patterns: stored, quality };
}

/** Writes the pattern as a memory; one that an earlier run wrote for the same pattern is brought up to date. */
async function storePattern(pattern: FoundPattern, project: number, context: ConsolidationContext) {
  const { database } = context;
  const known = await database
    .selectFrom('run_patterns')
    .innerJoin('memories', 'memories.id', 'run_patterns.memory_id')
    .select(['memories.id', 'memories.tags'])
    .where('run_patterns.kind', '=', pattern.kind)
    .where('run_patterns.words', '=', JSON.stringify(pattern.words))
    .where('memories.project_id', '=', project)
    .executeTakeFirst();
  const content = pattern.statement;
  if (known !== undefined) {
    await database.updateTable('memories').set({ content }).where('id', '=', known.id).execute();
    await indexMemory({ id: known.id, content, tags: known.tags }, context);
  }
  const memory = { content, type: 'pattern', tags: [], project_id: project } as const;
  const memory_id = known?.id ?? (await storeMemory(memory, context)).id;
  for (const event_id of pattern.events)
    await database
      .insertInto('memory_sources')
      .values({ memory_id, event_id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  return { ...pattern, memory_id, is_new: known === undefined ? 1 : 0 };
}

async function markConsolidated(
  events: readonly EventRow[],
  { database, now }: ConsolidationContext,
): Promise<void> {
  const ids = events.map(({ id }) => id);
  await database.updateTable('events').set({ consolidated_at: now() }).where('id', 'in', ids).execute();
}
