import { CURRENT_PROJECT } from '../memory/projects.ts';
import { rounded } from '../rounded.ts';
import { logChange } from './change-log.ts';
import { shareMinutes } from './share-minutes.ts';
import { findSimilarTasks, type SimilarTask } from './similar-tasks.ts';
import { type SplitBy, splitSteps } from './split-steps.ts';
import type { TaskContext, TaskPriority } from './tables.ts';
import { readTask, type Task } from './task-store.ts';

interface NewTask {
  readonly content: string;
  readonly active_form?: string;
  readonly priority: TaskPriority;
  readonly triggers?: readonly string[];
  readonly estimated_minutes?: number;
}

interface NewMilestone {
  readonly title: string;
  readonly estimated_minutes: number | null;
}

export function createTask(params: NewTask, context: TaskContext): Promise<Task> {
  return storeTask(params, [], context);
}

/** Milestones without an estimate share what the others leave of the task's. */
export function createTaskWithMilestones(
  params: NewTask & {
    readonly estimated_minutes: number;
    readonly milestones: readonly (
      | string
      | { readonly title: string; readonly estimated_minutes?: number }
    )[];
  },
  context: TaskContext,
): Promise<Task> {
  const given = params.milestones.map((milestone) =>
    typeof milestone === 'string' ? { title: milestone } : milestone,
  );
  const taken = given.reduce((sum, { estimated_minutes = 0 }) => sum + estimated_minutes, 0);
  const open = given.filter(({ estimated_minutes }) => estimated_minutes === undefined);
  const left = params.estimated_minutes - taken;
  const shares =
    left > 0
      ? [
          ...shareMinutes(
            left,
            open.map(() => 1),
          ),
        ]
      : [];
  const milestones = given.map(({ title, estimated_minutes }) => ({
    title,
    estimated_minutes: estimated_minutes ?? shares.shift() ?? null,
  }));
  const estimate = open.length === 0 ? taken : Math.max(taken, params.estimated_minutes);
  return storeTask({ ...params, estimated_minutes: estimate }, milestones, context);
}

/** Takes the steps from the description itself, else from the most similar completed task, else none. */
export async function createTaskWithPlanning(
  params: NewTask & { readonly estimated_minutes: number; readonly auto_plan: boolean },
  context: TaskContext,
) {
  const similar = await findSimilarTasks(params.content, context);
  const plan = params.auto_plan ? planSteps(params.content, similar) : NO_PLAN;
  const shares = shareMinutes(params.estimated_minutes, plan.weights);
  const milestones = plan.steps.map((title, index) => ({ title, estimated_minutes: shares[index] ?? null }));
  const task = await storeTask(params, milestones, context);
  const times = similar.map(({ actualMinutes }) => actualMinutes).toSorted((a, b) => a - b);
  return {
    task,
    plan_source: plan.source,
    reasoning: plan.reasoning,
    similar_tasks: similar.map(({ task, similarity, actualMinutes }) => ({
      task_id: task.id,
      content: task.content,
      similarity: rounded(similarity),
      actual_minutes: actualMinutes,
    })),
    suggested_minutes: times[Math.floor((times.length - 1) / 2)] ?? null,
  };
}

interface Plan {
  readonly source: SplitBy | 'similar_task';
  readonly steps: readonly string[];
  /** How the estimate is shared out among the steps. */
  readonly weights: readonly number[];
  readonly reasoning: string;
}

const NO_PLAN: Plan = { source: 'none', steps: [], weights: [], reasoning: 'Planning was not asked for.' };

function planSteps(content: string, similar: readonly SimilarTask[]): Plan {
  const { by, steps } = splitSteps(content);
  if (steps.length > 1) {
    const reasoning = `The description names ${steps.length} steps, told apart by its ${by}. Their lengths share the estimate.`;
    return { source: by, steps, weights: steps.map(({ length }) => length), reasoning };
  }
  const model = similar.find(({ task }) => task.milestones.length > 0);
  if (model === undefined)
    return {
      ...NO_PLAN,
      reasoning: 'The description is one step, and no completed task like it has milestones.',
    };
  const { id, milestones } = model.task;
  return {
    source: 'similar_task',
    steps: milestones.map(({ title }) => title),
    // A milestone that took no time still is a step.
    weights: milestones.map(
      ({ actual_minutes, estimated_minutes }) => (actual_minutes ?? estimated_minutes) || 1,
    ),
    reasoning: `The description is one step; the ${milestones.length} milestones of completed task ${id}, which reads most like it, are taken over.`,
  };
}

async function storeTask(
  task: NewTask,
  milestones: readonly NewMilestone[],
  context: TaskContext,
): Promise<Task> {
  const now = context.now();
  const triggers = task.triggers ?? [];
  const { id } = await context.database
    .insertInto('tasks')
    .values({
      project_id: CURRENT_PROJECT,
      content: task.content,
      active_form: task.active_form ?? null,
      status: 'pending',
      status_since: now,
      priority: task.priority,
      triggers: JSON.stringify(triggers),
      due_at: dueOf(triggers),
      estimated_minutes: task.estimated_minutes ?? null,
      progress_percent: 0,
      created_at: now,
      worked_ms: 0,
      blocked_ms: 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (milestones.length > 0) {
    const rows = milestones.map((milestone, index) => ({
      task_id: id,
      position: index + 1,
      status: 'pending' as const,
      ...milestone,
    }));
    await context.database.insertInto('milestones').values(rows).execute();
  }
  await context.text.put('task', id, [task.content, ...milestones.map(({ title }) => title)].join('\n'));
  await logChange(
    { project_id: CURRENT_PROJECT, task_id: id, goal_id: null, change: 'created', notes: null },
    context,
  );
  return readTask(id, context);
}

/** The earliest trigger that is a date. A date without a time ends with its day, in UTC. */
function dueOf(triggers: readonly string[]): number | null {
  const times = triggers.flatMap((trigger) => {
    const match = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(
      trigger.trim(),
    );
    if (match === null) return [];
    const time = Date.parse(match[1] === undefined ? `${trigger.trim()}T23:59:59Z` : trigger.trim());
    return Number.isNaN(time) ? [] : [time];
  });
  return times.length === 0 ? null : Math.min(...times);
}
