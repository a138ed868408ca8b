import type { Athena } from '../../../generated/contract.d.ts';
import { assertProject } from '../memory/projects.ts';
import { isoOf } from './iso-of.ts';
import type { TaskContext, TaskPriority, TaskRow } from './tables.ts';
import { assessTask } from './task-health.ts';
import { isOpen, progressOf } from './task-store.ts';
import { computeUrgency } from './urgency.ts';

interface ProjectParams {
  readonly project_id?: number;
}

const WEEK_MS = 7 * 86_400_000;
const NEXT_TASKS = 5;
const RECENT_CHANGES = 10;
const WEIGHTS: Readonly<Record<TaskPriority, number>> = { low: 1, medium: 2, high: 4, critical: 8 };

export async function getProjectDashboard(params: ProjectParams, context: TaskContext) {
  const project_id = await assertProject(context.database, params.project_id);
  const now = context.now();
  const tasks = await readTasks(project_id, context);
  const open = tasks.filter(isOpen);
  const completed = tasks.filter(({ status }) => status === 'completed');
  return {
    project_id,
    tasks_by_status: countByStatus(tasks),
    completion_percent: completionOf(tasks),
    completed_last_7_days: completed.filter(({ completed_at }) => (completed_at ?? 0) > now - WEEK_MS).length,
    blocked_tasks: open
      .filter(({ status }) => status === 'blocked')
      .map((task) => toLine(task, `blocked since ${isoOf(task.status_since)}`)),
    overdue_tasks: open
      .filter((task) => isOverdue(task, now))
      .map((task) => toLine(task, assessTask(task, now).issues.join('; '))),
    next_tasks: rankTasks(open, now).slice(0, NEXT_TASKS),
    recent_activity: await readChanges(project_id, context),
    timestamp: isoOf(now),
  };
}

export async function getProjectStatus(params: ProjectParams, context: TaskContext) {
  const project_id = await assertProject(context.database, params.project_id);
  const now = context.now();
  const tasks = await readTasks(project_id, context);
  const goals = await context.database
    .selectFrom('goals')
    .selectAll()
    .where('project_id', '=', project_id)
    .execute();
  const open = tasks.filter(isOpen);
  const counts = {
    open_tasks: open.length,
    completed_tasks: tasks.filter(({ status }) => status === 'completed').length,
    blocked_tasks: open.filter(({ status }) => status === 'blocked').length,
    overdue_tasks: open.filter((task) => isOverdue(task, now)).length,
    active_goals: goals.filter(({ status }) => status === 'active').length,
    completed_goals: goals.filter(({ status }) => status === 'completed').length,
  };
  const last = await context.database
    .selectFrom('task_changes')
    .select('at')
    .where('project_id', '=', project_id)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    project_id,
    ...judge(counts),
    completion_percent: completionOf(tasks),
    ...counts,
    last_activity_at: isoOf(last?.at ?? null),
    timestamp: isoOf(now),
  };
}

interface Counts {
  readonly open_tasks: number;
  readonly completed_tasks: number;
  readonly blocked_tasks: number;
  readonly overdue_tasks: number;
  readonly active_goals: number;
  readonly completed_goals: number;
}

function judge(counts: Counts): Pick<Athena.Monitoring.GetProjectStatusResult, 'status' | 'summary'> {
  const {
    open_tasks: open,
    blocked_tasks: blocked,
    overdue_tasks: overdue,
    completed_tasks: completed,
  } = counts;
  if (open + completed + counts.active_goals + counts.completed_goals === 0)
    return { status: 'empty', summary: 'There are no tasks and no goals.' };
  if (open === 0 && counts.active_goals === 0)
    return { status: 'complete', summary: `Nothing is open; ${completed} tasks are completed.` };
  if (open > 0 && blocked === open)
    return { status: 'blocked', summary: `All ${open} open tasks are blocked.` };
  const state = `${open} tasks open, ${blocked} blocked, ${overdue} overdue, ${completed} completed.`;
  return { status: blocked + overdue > 0 ? 'at_risk' : 'on_track', summary: state };
}

/** Tasks that can be worked on, most urgent first. */
function rankTasks(tasks: readonly TaskRow[], now: number) {
  return tasks
    .filter(({ status }) => status !== 'blocked')
    .map((task) => {
      const factors = {
        weight: WEIGHTS[task.priority],
        weightReason: `${task.priority} priority`,
        progressPercent: progressOf(task),
        createdAt: task.created_at,
        dueAt: task.due_at,
        blocked: false,
      };
      return { task, urgency: computeUrgency(factors, now) };
    })
    .sort((a, b) => b.urgency.score - a.urgency.score || a.task.id - b.task.id)
    .map(({ task, urgency }) => toLine(task, `score ${urgency.score}: ${urgency.reasons.join(', ')}`));
}

function toLine(task: TaskRow, reason: string) {
  const { id, content, status, priority } = task;
  return { task_id: id, content, status, priority, progress_percent: progressOf(task), reason };
}

function readTasks(projectId: number, { database }: TaskContext): Promise<TaskRow[]> {
  return database.selectFrom('tasks').selectAll().where('project_id', '=', projectId).execute();
}

async function readChanges(projectId: number, { database }: TaskContext) {
  const rows = await database
    .selectFrom('task_changes')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('id', 'desc')
    .limit(RECENT_CHANGES)
    .execute();
  return rows.map(({ at, task_id, goal_id, change, notes }) => ({
    at: isoOf(at),
    task_id,
    goal_id,
    change,
    notes,
  }));
}

function countByStatus(tasks: readonly TaskRow[]): Record<string, number> {
  const groups = Map.groupBy(tasks, ({ status }) => status);
  return Object.fromEntries([...groups].map(([status, rows]) => [status, rows.length]));
}

/** Completed among those not cancelled, in percent; 0 when there are none. */
function completionOf(tasks: readonly TaskRow[]): number {
  const counted = tasks.filter(({ status }) => status !== 'cancelled');
  const completed = counted.filter(({ status }) => status === 'completed');
  return counted.length === 0 ? 0 : Math.round((1000 * completed.length) / counted.length) / 10;
}

function isOverdue(task: TaskRow, now: number): boolean {
  return assessTask(task, now).overdue_minutes > 0;
}
