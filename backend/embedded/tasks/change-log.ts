import type { TaskContext } from './tables.ts';

/** One change to a task or a goal. */
export interface Change {
  readonly project_id: number;
  readonly task_id: number | null;
  readonly goal_id: number | null;
  /** From what to what, in words. */
  readonly change: string;
  readonly notes: string | null;
}

/** Writes a change into the history; empty notes are none. */
export async function logChange(change: Change, { database, now }: TaskContext): Promise<void> {
  const notes = change.notes === '' ? null : change.notes;
  await database
    .insertInto('task_changes')
    .values({ ...change, notes, at: now() })
    .execute();
}
