import { EPISODIC_TOOL } from '../episodic/record.ts';
import type { HandlerFor } from '../handler.ts';
import { type ConsolidationContext, consolidate } from './consolidate.ts';
import { nextDue } from './next-due.ts';
import type { ConsolidationTables } from './tables.ts';

/** There is one schedule. */
const SCHEDULE_ID = 1;

export const scheduleConsolidation: HandlerFor<
  'memory_tools',
  'schedule_consolidation',
  ConsolidationTables
> = async ({ frequency, time_of_day }, { database, now }) => {
  const next_due_at = nextDue(frequency, time_of_day, now());
  const schedule = { frequency, time_of_day, next_due_at };
  await database
    .insertInto('consolidation_schedule')
    .values({ id: SCHEDULE_ID, ...schedule })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(schedule))
    .execute();
  return {
    tool: EPISODIC_TOOL,
    schedule_id: SCHEDULE_ID,
    frequency,
    time_of_day,
    next_due_at: new Date(next_due_at).toISOString(),
  };
};

/** Consolidates every project when the schedule has fallen due, however often it was missed. */
export async function runDueConsolidation(context: ConsolidationContext): Promise<void> {
  const { database, now } = context;
  const schedule = await database
    .selectFrom('consolidation_schedule')
    .selectAll()
    .where('next_due_at', '<=', now())
    .executeTakeFirst();
  if (schedule === undefined) return;
  for (const { id } of await database.selectFrom('projects').select('id').execute())
    await consolidate({ project: id, strategy: 'balanced', force: false, since: 0 }, context);
  const next_due_at = nextDue(schedule.frequency, schedule.time_of_day, now());
  await database.updateTable('consolidation_schedule').set({ next_due_at }).execute();
}
