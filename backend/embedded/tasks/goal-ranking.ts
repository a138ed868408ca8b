import { rounded } from '../rounded.ts';
import { blockedGoals, goalProgressOf, readActiveGoals, readOpenTasks, toGoal } from './goal-store.ts';
import { isoOf } from './iso-of.ts';
import type { GoalRow, TaskContext } from './tables.ts';
import { computeUrgency, type Urgency } from './urgency.ts';

interface RankedGoal {
  readonly row: GoalRow;
  readonly urgency: Urgency;
  readonly blocked: boolean;
}

export async function getGoalPriorityRanking(_params: object, context: TaskContext) {
  const ranked = await rankGoals(context);
  const goals = ranked.map(({ row, urgency }) => ({ goal_id: row.id, content: row.content, ...urgency }));
  return { status: 'success', goals, count: goals.length, timestamp: isoOf(context.now()) };
}

/** The first of the ranking that can be worked on itself. */
export async function recommendNextGoal(_params: object, context: TaskContext) {
  const ranked = await rankGoals(context);
  const parents = new Set(ranked.map(({ row }) => row.parent_goal_id));
  const [first, second] = ranked.filter(({ row, blocked }) => !blocked && !parents.has(row.id));
  const timestamp = isoOf(context.now());
  if (first === undefined) {
    const reasoning =
      ranked.length === 0
        ? 'There is no active goal.'
        : `Each of the ${ranked.length} active goals is blocked.`;
    return { status: 'success', recommended_goal_id: null, goal: null, reasoning, confidence: 0, timestamp };
  }
  const { score, reasons } = first.urgency;
  const rival = second?.urgency.score ?? 0;
  return {
    status: 'success',
    recommended_goal_id: first.row.id,
    goal: toGoal(first.row),
    reasoning: `Score ${score}${second === undefined ? ', the only one to choose from' : ` against ${rival} of the next`}: ${reasons.join(', ')}.`,
    confidence: rounded(score / (score + rival)),
    timestamp,
  };
}

/** Active goals, most urgent first; a goal is due when the first of its open tasks is. */
async function rankGoals(context: TaskContext): Promise<readonly RankedGoal[]> {
  const goals = await readActiveGoals(context);
  const tasks = await readOpenTasks(context);
  const blocked = blockedGoals(goals, tasks);
  return goals
    .map((row) => {
      const dues = tasks.flatMap(({ goal_id, due_at }) =>
        goal_id === row.id && due_at !== null ? [due_at] : [],
      );
      const factors = {
        weight: row.priority,
        weightReason: `priority ${row.priority} of 10`,
        progressPercent: goalProgressOf(row),
        createdAt: row.created_at,
        dueAt: dues.length === 0 ? null : Math.min(...dues),
        blocked: blocked.has(row.id),
      };
      return { row, urgency: computeUrgency(factors, context.now()), blocked: factors.blocked };
    })
    .sort((a, b) => b.urgency.score - a.urgency.score || a.row.id - b.row.id);
}
