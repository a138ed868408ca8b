import { sql } from 'kysely';
import type { TaskContext, TaskPriority, TaskStatus } from './tables.ts';
import { completeTasks } from './task-store.ts';

/** Open tasks first, then by priority, then the newest first. */
export async function listTasks(
  params: { readonly status?: TaskStatus; readonly priority?: TaskPriority; readonly limit: number },
  context: TaskContext,
) {
  let query = context.database.selectFrom('tasks');
  if (params.status !== undefined) query = query.where('status', '=', params.status);
  if (params.priority !== undefined) query = query.where('priority', '=', params.priority);
  const rows = await query
    .selectAll()
    .orderBy(sql`case when status in ('completed', 'cancelled') then 1 else 0 end`)
    .orderBy(sql`case priority when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end`)
    .orderBy('id', 'desc')
    .limit(params.limit)
    .execute();
  const counted = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  return { tasks: await completeTasks(rows, context), total: counted.total };
}
