import type { TaskRow, TaskStatus } from './tables.ts';

const MS_PER_MINUTE = 60_000;

/** Minutes in progress up to a time, one decimal. */
export function workedMinutes(task: TaskRow, now: number): number {
  return toMinutes(task.worked_ms + (task.status === 'in_progress' ? sinceChange(task, now) : 0));
}

/** Minutes blocked up to a time, one decimal. */
export function blockedMinutes(task: TaskRow, now: number): number {
  return toMinutes(task.blocked_ms + (task.status === 'blocked' ? sinceChange(task, now) : 0));
}

/** Milliseconds as minutes, one decimal. */
export function toMinutes(ms: number): number {
  return Math.round((ms / MS_PER_MINUTE) * 10) / 10;
}

/** What a change of status writes: the time under the old status is put on its account. */
export function changeStatus(task: TaskRow, status: TaskStatus, now: number) {
  const begins = status === 'in_progress' || status === 'completed';
  return {
    status,
    status_since: now,
    worked_ms: task.worked_ms + (task.status === 'in_progress' ? sinceChange(task, now) : 0),
    blocked_ms: task.blocked_ms + (task.status === 'blocked' ? sinceChange(task, now) : 0),
    started_at: task.started_at ?? (begins ? now : null),
    completed_at: status === 'completed' ? now : null,
  };
}

/** A clock that was set back gives no negative time. */
function sinceChange(task: TaskRow, now: number): number {
  return Math.max(0, now - task.status_since);
}
