import { OperationError } from '../handler.ts';
import { CURRENT_PROJECT } from '../memory/projects.ts';
import { logChange } from './change-log.ts';
import { recordTaskProgress } from './change-task.ts';
import {
  type Goal,
  goalProgressOf,
  readActiveGoals,
  readGoalRow,
  refreshGoalProgress,
  toGoal,
} from './goal-store.ts';
import { isoOf } from './iso-of.ts';
import type { GoalOutcome, GoalRow, TaskContext } from './tables.ts';
import { isOpen } from './task-store.ts';

export async function setGoal(
  params: {
    readonly content?: string;
    readonly goal_text?: string;
    readonly priority: number;
    readonly parent_goal_id?: number;
  },
  context: TaskContext,
): Promise<Goal> {
  const content = params.content ?? params.goal_text;
  if (content === undefined) throw new OperationError('a goal needs its text, as content or as goal_text');
  const parent =
    params.parent_goal_id === undefined ? undefined : await readGoalRow(params.parent_goal_id, context);
  const project_id = parent?.project_id ?? CURRENT_PROJECT;
  const row = await context.database
    .insertInto('goals')
    .values({
      project_id,
      content,
      parent_goal_id: parent?.id ?? null,
      priority: params.priority,
      status: 'active',
      progress_percent: 0,
      created_at: context.now(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await context.text.put('goal', row.id, content);
  await logGoalChange(row, 'set', '', context);
  return toGoal(row);
}

export async function getActiveGoals(params: { readonly include_subgoals: boolean }, context: TaskContext) {
  const rows = await readActiveGoals(context);
  const goals = rows
    .filter(({ parent_goal_id }) => params.include_subgoals || parent_goal_id === null)
    .map(toGoal);
  return { goals, total: goals.length };
}

/** The focus moves here, and a completed goal is active again. */
export async function activateGoal(params: { readonly goal_id: number }, context: TaskContext) {
  const row = await readGoalRow(params.goal_id, context);
  const focus = await readFocus(context);
  const reopens = row.status === 'completed';
  const now = context.now();
  let message = `goal ${row.id} is the focus already`;
  if (reopens || focus?.id !== row.id) {
    message = reopens ? `goal ${row.id} is reopened and the focus` : `goal ${row.id} is the focus`;
    // One later than the focus so far: two goals may be activated in one millisecond.
    const focused_at = Math.max(now, (focus?.focused_at ?? 0) + 1);
    await context.database
      .updateTable('goals')
      .set({ status: 'active', outcome: null, completed_at: null, focused_at })
      .where('id', '=', row.id)
      .execute();
    await logGoalChange(row, reopens ? 'reopened' : 'activated', '', context);
  }
  const goal = toGoal(await readGoalRow(row.id, context));
  return { status: 'success', goal_id: row.id, message, goal, timestamp: isoOf(now) };
}

/** The active goal that was activated last. */
export function readFocus({ database }: TaskContext): Promise<GoalRow | undefined> {
  return database
    .selectFrom('goals')
    .selectAll()
    .where('status', '=', 'active')
    .where('focused_at', 'is not', null)
    .orderBy('focused_at', 'desc')
    .executeTakeFirst();
}

export async function recordExecutionProgress(
  params: {
    readonly goal_id?: number;
    readonly task_id?: number;
    readonly progress_percent: number;
    readonly notes: string;
  },
  context: TaskContext,
) {
  const { goal_id: goalId, task_id: taskId, progress_percent: percent, notes } = params;
  if (goalId === undefined && taskId === undefined)
    throw new OperationError('progress is of a goal or of a task: give goal_id, task_id or both');
  const goal = goalId === undefined ? undefined : await readGoalRow(goalId, context);
  if (goal?.status === 'completed')
    throw new OperationError(
      `goal ${goal.id} is completed; reopen it with taskManagement.activateGoal first`,
    );
  if (taskId !== undefined) {
    await recordTaskProgress({ id: taskId, percent, notes }, context);
    if (goal !== undefined) await joinGoal(taskId, goal.id, context);
  } else if (goal !== undefined) {
    await context.database
      .updateTable('goals')
      .set({ progress_percent: percent })
      .where('id', '=', goal.id)
      .execute();
    await logGoalChange(goal, `progress: ${goal.progress_percent} % → ${percent} %`, notes, context);
  }
  return {
    status: 'success',
    goal_id: goalId ?? null,
    goal_progress_percent: goal === undefined ? null : goalProgressOf(await readGoalRow(goal.id, context)),
    task_id: taskId ?? null,
    progress_percent: percent,
    notes,
    timestamp: isoOf(context.now()),
  };
}

export async function completeGoal(
  params: { readonly goal_id: number; readonly outcome: GoalOutcome; readonly notes: string },
  context: TaskContext,
) {
  const { outcome, notes } = params;
  const row = await readGoalRow(params.goal_id, context);
  const below = (await readActiveGoals(context)).filter(({ parent_goal_id }) => parent_goal_id === row.id);
  if (outcome === 'success' && below.length > 0)
    throw new OperationError(
      `goal ${row.id} has active subgoals (${below.map(({ id }) => id).join(', ')}): complete them first, or give outcome partial`,
    );
  const now = context.now();
  if (row.outcome !== outcome) {
    await context.database
      .updateTable('goals')
      .set({ status: 'completed', outcome, completed_at: now })
      .where('id', '=', row.id)
      .execute();
    await logGoalChange(row, `completed: ${outcome}`, notes, context);
  }
  const tasks = await context.database
    .selectFrom('tasks')
    .selectAll()
    .where('goal_id', '=', row.id)
    .execute();
  const open_task_ids = tasks.filter(isOpen).map(({ id }) => id);
  return { status: 'success', goal_id: row.id, outcome, notes, open_task_ids, timestamp: isoOf(now) };
}

/** A task that leaves a goal changes the progress of both. */
async function joinGoal(taskId: number, goalId: number, context: TaskContext): Promise<void> {
  const before = await context.database
    .selectFrom('tasks')
    .select('goal_id')
    .where('id', '=', taskId)
    .executeTakeFirst();
  await context.database.updateTable('tasks').set({ goal_id: goalId }).where('id', '=', taskId).execute();
  await refreshGoalProgress(goalId, context);
  if (before !== undefined && before.goal_id !== goalId) await refreshGoalProgress(before.goal_id, context);
}

function logGoalChange(row: GoalRow, change: string, notes: string, context: TaskContext): Promise<void> {
  return logChange({ project_id: row.project_id, task_id: null, goal_id: row.id, change, notes }, context);
}
