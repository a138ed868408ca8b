import { likenessOf } from '../similarity.ts';
import { stemsOf } from '../words.ts';
import type { TaskContext } from './tables.ts';
import { completeTasks, type Task } from './task-store.ts';
import { workedMinutes } from './work-time.ts';

/** A completed task that reads like another. */
export interface SimilarTask {
  readonly task: Task;
  /** Words that the two share among the words of both, from 0 to 1. */
  readonly similarity: number;
  readonly actualMinutes: number;
}

const CANDIDATES = 50;
const MIN_SIMILARITY = 0.25;
const MAX_SIMILAR = 3;

/** The completed tasks whose words are most like those of a text, most similar first. */
export async function findSimilarTasks(
  content: string,
  context: TaskContext,
): Promise<readonly SimilarTask[]> {
  const hits = await context.text.search(['task'], content, CANDIDATES);
  const ids = hits.map(({ id }) => id);
  if (ids.length === 0) return [];
  const rows = await context.database
    .selectFrom('tasks')
    .selectAll()
    .where('id', 'in', ids)
    .where('status', '=', 'completed')
    .execute();
  const tasks = await completeTasks(rows, context);
  const words = stemsOf(content);
  return rows
    .flatMap((row, index) => {
      const task = tasks[index];
      if (task === undefined) return [];
      const similarity = likenessOf(words, stemsOf(task.content));
      return [{ task, similarity, actualMinutes: workedMinutes(row, context.now()) }];
    })
    .filter(({ similarity }) => similarity >= MIN_SIMILARITY)
    .sort((a, b) => b.similarity - a.similarity || b.task.id - a.task.id)
    .slice(0, MAX_SIMILAR);
}
