import { OperationError } from '../handler.ts';
import { describeIds } from '../ids.ts';
import { isoOf } from './iso-of.ts';
import type { GoalOutcome, GoalRow, TaskContext, TaskRow } from './tables.ts';
import { isOpen, progressOf } from './task-store.ts';

/** A goal as an agent sees it. */
export type Goal = {
  readonly id: number;
  readonly content: string;
  readonly parent_goal_id: number | null;
  readonly priority: number;
  readonly status: 'active' | 'completed';
  readonly outcome: GoalOutcome | null;
  readonly progress_percent: number;
  readonly created_at: string;
  readonly completed_at: string | null;
};

export function toGoal(row: GoalRow): Goal {
  return {
    id: row.id,
    content: row.content,
    parent_goal_id: row.parent_goal_id,
    priority: row.priority,
    status: row.status,
    outcome: row.outcome,
    progress_percent: goalProgressOf(row),
    created_at: isoOf(row.created_at),
    completed_at: isoOf(row.completed_at),
  };
}

/** A goal that was reached has come all the way, whatever was recorded before. */
export function goalProgressOf(row: GoalRow): number {
  return row.outcome === 'success' ? 100 : row.progress_percent;
}

/** @throws {OperationError} when there is no such goal */
export async function readGoalRow(id: number, { database }: TaskContext): Promise<GoalRow> {
  const row = await database.selectFrom('goals').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new OperationError(`no goal ${id}; ${await describeIds(database, 'goals')}`);
  return row;
}

/** The active goals, the most important and then the oldest first. */
export function readActiveGoals({ database }: TaskContext): Promise<GoalRow[]> {
  return database
    .selectFrom('goals')
    .selectAll()
    .where('status', '=', 'active')
    .orderBy('priority', 'desc')
    .orderBy('id')
    .execute();
}

/** A goal that has tasks is as far as they are on average; cancelled ones do not count. */
export async function refreshGoalProgress(goalId: number | null, { database }: TaskContext): Promise<void> {
  if (goalId === null) return;
  const tasks = await database.selectFrom('tasks').selectAll().where('goal_id', '=', goalId).execute();
  const counted = tasks.filter(({ status }) => status !== 'cancelled');
  if (counted.length === 0) return;
  const sum = counted.reduce((total, task) => total + progressOf(task), 0);
  await database
    .updateTable('goals')
    .set({ progress_percent: Math.round(sum / counted.length) })
    .where('id', '=', goalId)
    .execute();
}

/** The goals among these that wait: for a blocked task of their own, or for a goal below them that waits. */
export function blockedGoals(goals: readonly GoalRow[], openTasks: readonly TaskRow[]): ReadonlySet<number> {
  const parents = new Map(goals.map(({ id, parent_goal_id }) => [id, parent_goal_id]));
  const blocked = new Set<number>();
  for (const task of openTasks) {
    let goal = task.status === 'blocked' ? task.goal_id : null;
    while (goal !== null && parents.has(goal) && !blocked.has(goal)) {
      blocked.add(goal);
      goal = parents.get(goal) ?? null;
    }
  }
  return blocked;
}

/** The open tasks, of one project or of all. */
export async function readOpenTasks(
  { database }: TaskContext,
  projectId?: number,
): Promise<readonly TaskRow[]> {
  const query = database.selectFrom('tasks').selectAll();
  const rows = await (projectId === undefined ? query : query.where('project_id', '=', projectId)).execute();
  return rows.filter(isOpen);
}
