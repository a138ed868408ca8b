import { blockedGoals, readActiveGoals, readOpenTasks, toGoal } from './goal-store.ts';
import { readFocus } from './goals.ts';
import { isoOf } from './iso-of.ts';
import type { TaskContext } from './tables.ts';

const COMPLETED_GOALS = 20;

export async function getWorkflowStatus(_params: object, context: TaskContext) {
  const active = await readActiveGoals(context);
  const blocked = blockedGoals(active, await readOpenTasks(context));
  const completed = await context.database
    .selectFrom('goals')
    .selectAll()
    .where('status', '=', 'completed')
    .orderBy('completed_at', 'desc')
    .limit(COMPLETED_GOALS)
    .execute();
  const focus = await readFocus(context);
  return {
    status: 'success',
    active_goals: active.map(toGoal),
    completed_goals: completed.map(toGoal),
    blocked_goals: active.filter(({ id }) => blocked.has(id)).map(toGoal),
    current_focus: focus === undefined ? null : toGoal(focus),
    timestamp: isoOf(context.now()),
  };
}
