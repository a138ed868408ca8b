import { type HandlerFor, OperationError } from '../handler.ts';
import { storeMemory } from '../memory/store-memory.ts';
import type { MemoryTables } from '../memory/tables.ts';
import { storeEvent } from './store-event.ts';
import type { EpisodicTables } from './tables.ts';

export const recordExecutionFeedback: HandlerFor<
  'episodic_tools',
  'record_execution_feedback',
  EpisodicTables & MemoryTables
> = async (params, context) => {
  const { database, text } = context;
  const { task_id, actual_duration, blockers, quality_metrics, lessons_learned: lesson } = params;
  const task = await text.read('task', task_id);
  if (task === undefined)
    throw new OperationError(`no task ${task_id}; taskManagement.listTasks shows the tasks there are`);
  const { id } = await storeEvent(
    {
      content: [
        `Feedback on task ${task_id}: ${task}`,
        ...blockers.map((blocker) => `Blocked by ${blocker}`),
      ].join('\n'),
      event_type: 'feedback',
      context: { task_id, quality_metrics, blockers, ...(lesson === '' ? {} : { lesson }) },
    },
    context,
  );
  const feedback = { event_id: id, task_id, duration_minutes: actual_duration ?? null };
  await database.insertInto('task_feedback').values(feedback).execute();
  const memory =
    lesson === '' ? null : await storeMemory({ content: lesson, type: 'fact', tags: ['lesson'] }, context);
  const { count, average } = await database
    .selectFrom('task_feedback')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.avg<number | null>('duration_minutes').as('average'),
    ])
    .where('task_id', '=', task_id)
    .executeTakeFirstOrThrow();
  return {
    event_id: id,
    task_id,
    memory_id: memory?.id ?? null,
    feedback_count: count,
    average_duration: average,
  };
};
