import { rounded } from '../rounded.ts';
import type { TaskContext, TaskRow } from './tables.ts';
import { isOpen, progressOf, readTaskRow } from './task-store.ts';
import { blockedMinutes, toMinutes, workedMinutes } from './work-time.ts';

/** How a task is doing, as an agent sees it. */
export type TaskHealth = {
  readonly task_id: number;
  readonly health: 'done' | 'healthy' | 'at_risk' | 'critical';
  readonly score: number;
  readonly progress_percent: number;
  readonly elapsed_minutes: number;
  readonly estimated_minutes: number | null;
  readonly overdue_minutes: number;
  readonly blocked_minutes: number;
  readonly issues: readonly string[];
};

/** From these scores on a task is healthy, or at risk; below, critical. */
const HEALTHY = 0.75;
const AT_RISK = 0.4;

export async function getTaskHealth(
  params: { readonly task_id: number },
  context: TaskContext,
): Promise<TaskHealth> {
  return assessTask(await readTaskRow(params.task_id, context), context.now());
}

/**
 * An open task begins at 1 and loses up to 0.4 for being overdue (by as much as its estimate, or past its due
 * date), up to 0.3 for being behind the share of the estimate used up, and 0.3 while blocked.
 */
export function assessTask(task: TaskRow, now: number): TaskHealth {
  const progress = progressOf(task);
  const elapsed = workedMinutes(task, now);
  const blocked = blockedMinutes(task, now);
  const estimate = task.estimated_minutes;
  const overEstimate = estimate === null ? 0 : Math.max(0, elapsed - estimate);
  const pastDue = task.due_at === null ? 0 : Math.max(0, toMinutes((task.completed_at ?? now) - task.due_at));
  const expected = estimate === null ? 0 : Math.min(100, (100 * elapsed) / estimate);
  const behind = Math.max(0, expected - progress);
  const issues = [
    ...(overEstimate > 0 ? [`${Math.round(overEstimate)} minutes over the estimate of ${estimate}`] : []),
    ...(pastDue > 0 ? [`${Math.round(pastDue)} minutes past the due date`] : []),
    ...(behind > 0 ? [`${progress} % done where ${Math.round(expected)} % of the estimate is used up`] : []),
    ...(task.status === 'blocked' ? [`blocked, for ${Math.round(blocked)} minutes in all`] : []),
  ];
  const late =
    pastDue > 0 ? 1 : overEstimate === 0 ? 0 : Math.min(1, overEstimate / Math.max(1, estimate ?? 1));
  const loss = 0.4 * late + 0.3 * (behind / 100) + (task.status === 'blocked' ? 0.3 : 0);
  const open = isOpen(task);
  const score = open ? rounded(1 - loss) : 1;
  return {
    task_id: task.id,
    health: !open ? 'done' : score >= HEALTHY ? 'healthy' : score >= AT_RISK ? 'at_risk' : 'critical',
    score,
    progress_percent: progress,
    elapsed_minutes: elapsed,
    estimated_minutes: estimate,
    overdue_minutes: Math.max(toTenths(overEstimate), pastDue),
    blocked_minutes: blocked,
    issues: open ? issues : [],
  };
}

function toTenths(value: number): number {
  return Math.round(value * 10) / 10;
}
