import { OperationError } from '../handler.ts';
import { logChange } from './change-log.ts';
import { refreshGoalProgress } from './goal-store.ts';
import type { MilestoneStatus, TaskContext, TaskRow, TaskStatus } from './tables.ts';
import {
  isOpen,
  progressOf,
  readMilestones,
  readTask,
  readTaskRow,
  type Task,
  toMilestone,
} from './task-store.ts';
import { changeStatus } from './work-time.ts';

export async function updateTaskStatus(
  params: { readonly task_id: number; readonly status: TaskStatus; readonly notes?: string },
  context: TaskContext,
) {
  const row = await readTaskRow(params.task_id, context);
  await setStatus(row, params.status, params.notes ?? null, context);
  return { task: await readTask(row.id, context), previous_status: row.status };
}

export async function startTask(params: { readonly task_id: number }, context: TaskContext): Promise<Task> {
  const row = await readTaskRow(params.task_id, context);
  assertOpen(row);
  await setStatus(row, 'in_progress', null, context);
  return readTask(row.id, context);
}

export async function updateMilestoneProgress(
  params: {
    readonly task_id: number;
    readonly milestone_order: number;
    readonly status: MilestoneStatus;
    readonly actual_minutes?: number;
    readonly completion_notes?: string;
  },
  context: TaskContext,
) {
  const row = await readTaskRow(params.task_id, context);
  assertOpen(row);
  const before = (await readMilestones(row.id, context)).find(
    ({ position }) => position === params.milestone_order,
  );
  if (before === undefined)
    throw new OperationError(
      `task ${row.id} has no milestone ${params.milestone_order}; it has ${await countOf(row, context)}`,
    );
  const milestone = {
    ...before,
    status: params.status,
    actual_minutes: params.actual_minutes ?? before.actual_minutes,
    notes: params.completion_notes ?? before.notes,
  };
  await context.database
    .updateTable('milestones')
    .set(milestone)
    .where('task_id', '=', row.id)
    .where('position', '=', before.position)
    .execute();
  if (row.status === 'pending' && params.status !== 'pending')
    await setStatus(row, 'in_progress', null, context);
  if (before.status !== params.status) {
    const change = `milestone ${before.position}: ${before.status} → ${params.status}`;
    await logTaskChange(row, change, params.completion_notes ?? null, context);
  }
  const milestones = await readMilestones(row.id, context);
  const done = milestones.filter(({ status }) => status === 'completed').length;
  await setProgress(row, Math.round((100 * done) / milestones.length), context);
  return { milestone: toMilestone(milestone), task: await readTask(row.id, context) };
}

export async function verifyTask(
  params: { readonly task_id: number; readonly completion_notes?: string; readonly mark_complete: boolean },
  context: TaskContext,
) {
  const row = await readTaskRow(params.task_id, context);
  const milestones = await readMilestones(row.id, context);
  const open = milestones.filter(({ status }) => status !== 'completed');
  const detail =
    open.length === 0
      ? `${milestones.length} of ${milestones.length} milestones are completed`
      : `not completed: ${open.map(({ position, title }) => `${position} ${title}`).join(', ')}`;
  const checks = [
    { name: 'milestones_completed', passed: open.length === 0, detail },
    { name: 'not_blocked', passed: row.status !== 'blocked', detail: `the task is ${row.status}` },
    { name: 'not_cancelled', passed: row.status !== 'cancelled', detail: `the task is ${row.status}` },
  ] as const;
  const verified = checks.every(({ passed }) => passed);
  const completes = verified && params.mark_complete && row.status !== 'completed';
  if (completes) await setStatus(row, 'completed', params.completion_notes ?? null, context);
  return { verified, checks, marked_complete: completes, task: await readTask(row.id, context) };
}

/** Sets the progress of a task without milestones; a pending task counts as started. */
export async function recordTaskProgress(
  task: { readonly id: number; readonly percent: number; readonly notes: string },
  context: TaskContext,
): Promise<void> {
  const row = await readTaskRow(task.id, context);
  assertOpen(row);
  if ((await countOf(row, context)) > 0)
    throw new OperationError(
      `task ${row.id} has milestones and takes its progress from them; use taskManagement.updateMilestoneProgress`,
    );
  if (row.status === 'pending') await setStatus(row, 'in_progress', null, context);
  await logTaskChange(row, `progress: ${progressOf(row)} % → ${task.percent} %`, task.notes, context);
  await setProgress(row, task.percent, context);
}

async function setProgress(row: TaskRow, percent: number, context: TaskContext): Promise<void> {
  await context.database
    .updateTable('tasks')
    .set({ progress_percent: percent })
    .where('id', '=', row.id)
    .execute();
  await refreshGoalProgress(row.goal_id, context);
}

async function setStatus(
  row: TaskRow,
  status: TaskStatus,
  notes: string | null,
  context: TaskContext,
): Promise<void> {
  if (row.status !== status) {
    await context.database
      .updateTable('tasks')
      .set(changeStatus(row, status, context.now()))
      .where('id', '=', row.id)
      .execute();
    await logTaskChange(row, `status: ${row.status} → ${status}`, notes, context);
    await refreshGoalProgress(row.goal_id, context);
  } else if (notes !== null) await logTaskChange(row, `note while ${status}`, notes, context);
}

function logTaskChange(
  row: TaskRow,
  change: string,
  notes: string | null,
  context: TaskContext,
): Promise<void> {
  const { project_id, id, goal_id } = row;
  return logChange({ project_id, task_id: id, goal_id, change, notes }, context);
}

async function countOf(row: TaskRow, context: TaskContext): Promise<number> {
  return (await readMilestones(row.id, context)).length;
}

function assertOpen(row: TaskRow): void {
  if (!isOpen(row))
    throw new OperationError(
      `task ${row.id} is ${row.status}; reopen it with taskManagement.updateTaskStatus first`,
    );
}
