import { type Generated, type Selectable, sql } from 'kysely';
import type { Migrations } from '../../../database/sqlite.ts';
import type { HandlerContext } from '../handler.ts';
import type { ProjectTables } from '../memory/projects.ts';

export type TaskStatus = 'pending' | 'in_progress' | 'blocked' | 'completed' | 'cancelled';
export type TaskPriority = 'low' | 'medium' | 'high' | 'critical';
export type MilestoneStatus = 'pending' | 'in_progress' | 'blocked' | 'completed';
export type GoalOutcome = 'success' | 'partial' | 'failure' | 'abandoned';

/** Times are milliseconds since the epoch. */
export interface TaskTables extends ProjectTables {
  tasks: {
    id: Generated<number>;
    project_id: number;
    content: string;
    active_form: string | null;
    status: TaskStatus;
    /** When the task took on its status. */
    status_since: number;
    priority: TaskPriority;
    /** JSON array of strings. */
    triggers: string;
    due_at: number | null;
    estimated_minutes: number | null;
    /** As recorded or computed from milestones, whatever the status. */
    progress_percent: number;
    goal_id: number | null;
    created_at: number;
    started_at: number | null;
    completed_at: number | null;
    /** Time in progress and blocked, without the time since `status_since`. */
    worked_ms: number;
    blocked_ms: number;
  };
  milestones: {
    task_id: number;
    position: number;
    title: string;
    status: MilestoneStatus;
    estimated_minutes: number | null;
    actual_minutes: number | null;
    notes: string | null;
  };
  goals: {
    id: Generated<number>;
    project_id: number;
    content: string;
    parent_goal_id: number | null;
    priority: number;
    status: 'active' | 'completed';
    outcome: GoalOutcome | null;
    progress_percent: number;
    created_at: number;
    completed_at: number | null;
    /** When it was activated last; the latest of the active goals is the focus. */
    focused_at: number | null;
  };
  task_changes: {
    id: Generated<number>;
    project_id: number;
    task_id: number | null;
    goal_id: number | null;
    change: string;
    notes: string | null;
    at: number;
  };
}

export type TaskRow = Selectable<TaskTables['tasks']>;
export type MilestoneRow = Selectable<TaskTables['milestones']>;
export type GoalRow = Selectable<TaskTables['goals']>;
export type TaskContext = HandlerContext<TaskTables>;

export const TASK_MIGRATIONS: Migrations = {
  '110-tasks': {
    up: async (database) => {
      const statements = [
        sql`create table goals (
          id integer primary key, project_id integer not null, content text not null,
          parent_goal_id integer references goals (id), priority integer not null, status text not null, outcome text,
          progress_percent integer not null, created_at integer not null, completed_at integer, focused_at integer
        )`,
        sql`create table tasks (
          id integer primary key, project_id integer not null, content text not null, active_form text,
          status text not null, status_since integer not null, priority text not null, triggers text not null,
          due_at integer, estimated_minutes integer, progress_percent integer not null,
          goal_id integer references goals (id), created_at integer not null, started_at integer,
          completed_at integer, worked_ms integer not null, blocked_ms integer not null
        )`,
        sql`create index tasks_by_goal on tasks (goal_id)`,
        sql`create table milestones (
          task_id integer not null references tasks (id) on delete cascade, position integer not null,
          title text not null, status text not null, estimated_minutes integer, actual_minutes integer, notes text,
          primary key (task_id, position)
        )`,
        sql`create table task_changes (
          id integer primary key, project_id integer not null, task_id integer, goal_id integer,
          change text not null, notes text, at integer not null
        )`,
      ];
      for (const statement of statements) await statement.execute(database);
    },
  },
};
