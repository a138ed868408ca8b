import { OperationError } from '../handler.ts';
import { describeIds } from '../ids.ts';
import { isoOf } from './iso-of.ts';
import type {
  MilestoneRow,
  MilestoneStatus,
  TaskContext,
  TaskPriority,
  TaskRow,
  TaskStatus,
} from './tables.ts';

/** A milestone as an agent sees it. */
export type Milestone = {
  readonly order: number;
  readonly title: string;
  readonly status: MilestoneStatus;
  readonly estimated_minutes: number | null;
  readonly actual_minutes: number | null;
  readonly notes: string | null;
};

/** A task as an agent sees it. */
export type Task = {
  readonly id: number;
  readonly content: string;
  readonly active_form: string | null;
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly progress_percent: number;
  readonly estimated_minutes: number | null;
  readonly triggers: readonly string[];
  readonly due_at: string | null;
  readonly goal_id: number | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly milestones: readonly Milestone[];
};

/** @throws {OperationError} when there is no such task */
export async function readTaskRow(id: number, { database }: TaskContext): Promise<TaskRow> {
  const row = await database.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new OperationError(`no task ${id}; ${await describeIds(database, 'tasks')}`);
  return row;
}

/** The milestones of a task in their order. */
export function readMilestones(taskId: number, { database }: TaskContext): Promise<MilestoneRow[]> {
  return database
    .selectFrom('milestones')
    .selectAll()
    .where('task_id', '=', taskId)
    .orderBy('position')
    .execute();
}

/** @throws {OperationError} when there is no such task */
export async function readTask(id: number, context: TaskContext): Promise<Task> {
  return toTask(await readTaskRow(id, context), await readMilestones(id, context));
}

/** The tasks of these rows, in the same order, each with its milestones. */
export async function completeTasks(
  rows: readonly TaskRow[],
  { database }: TaskContext,
): Promise<readonly Task[]> {
  const ids = rows.map(({ id }) => id);
  const milestones =
    ids.length === 0
      ? []
      : await database
          .selectFrom('milestones')
          .selectAll()
          .where('task_id', 'in', ids)
          .orderBy('position')
          .execute();
  const byTask = Map.groupBy(milestones, ({ task_id }) => task_id);
  return rows.map((row) => toTask(row, byTask.get(row.id) ?? []));
}

/** How far a task has come: all the way once it is completed, whatever was recorded before. */
export function progressOf(task: TaskRow): number {
  return task.status === 'completed' ? 100 : task.progress_percent;
}

export function isOpen({ status }: Pick<TaskRow, 'status'>): boolean {
  return status !== 'completed' && status !== 'cancelled';
}

export function toMilestone(row: MilestoneRow): Milestone {
  const { position, title, status, estimated_minutes, actual_minutes, notes } = row;
  return { order: position, title, status, estimated_minutes, actual_minutes, notes };
}

function toTask(row: TaskRow, milestones: readonly MilestoneRow[]): Task {
  return {
    id: row.id,
    content: row.content,
    active_form: row.active_form,
    status: row.status,
    priority: row.priority,
    progress_percent: progressOf(row),
    estimated_minutes: row.estimated_minutes,
    triggers: JSON.parse(row.triggers) as string[],
    due_at: isoOf(row.due_at),
    goal_id: row.goal_id,
    created_at: isoOf(row.created_at),
    started_at: isoOf(row.started_at),
    completed_at: isoOf(row.completed_at),
    milestones: milestones.map(toMilestone),
  };
}
