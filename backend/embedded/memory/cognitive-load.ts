import type { EpisodicTables } from '../episodic/tables.ts';
import type { HandlerFor } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { assertProject } from './projects.ts';
import type { MemoryTables } from './tables.ts';
import { activeItems, SLOTS, type WorkingItem } from './working-items.ts';

/** Levels by the load they begin at, highest first, and what to do about them. */
const LEVELS = [
  { level: 'overloaded', from: 0.75, advice: 'Consolidate or clear notes before taking on more' },
  { level: 'high', from: 0.5, advice: 'Consolidate the notes that should last' },
  { level: 'moderate', from: 0.25, advice: 'There is room for a few more notes' },
  { level: 'low', from: 0, advice: 'There is plenty of room' },
] as const;

/** How full working memory is: half the share of slots in use, half how active their notes are. */
export function loadOf(items: readonly WorkingItem[]): number {
  const activation = items.reduce((sum, item) => sum + item.activation, 0);
  return (items.length + activation) / (4 * SLOTS);
}

export const checkCognitiveLoad: HandlerFor<
  'memory_tools',
  'check_cognitive_load',
  MemoryTables & EpisodicTables
> = async ({ project_id }, context) => {
  const project = await assertProject(context.database, project_id);
  const items = await activeItems('all', context);
  const load = loadOf(items);
  const { level, advice } = LEVELS.find(({ from }) => load >= from) ?? LEVELS[3];
  const { ongoing } = await context.database
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('ongoing'))
    .where('project_id', '=', project)
    .where('outcome', '=', 'ongoing')
    .executeTakeFirstOrThrow();
  return {
    load: rounded(load),
    level,
    verbal_used: items.filter(({ component }) => component === 'verbal').length,
    spatial_used: items.filter(({ component }) => component === 'spatial').length,
    capacity: 2 * SLOTS,
    ongoing_events: ongoing,
    advice,
  };
};
