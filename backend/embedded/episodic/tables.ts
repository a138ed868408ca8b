import { type Generated, sql } from 'kysely';
import type { Migrations } from '../../../database/sqlite.ts';
import type { ProjectTables } from '../memory/projects.ts';

export type Outcome = 'success' | 'failure' | 'partial' | 'ongoing';

export interface EventsTable {
  id: Generated<number>;
  project_id: number;
  session: string;
  type: string;
  content: string;
  outcome: Outcome | null;
  /** The caller's object, as JSON text. */
  context: string;
  /** When it happened, in ms since the epoch. */
  at: number;
  /** When its patterns were extracted, in ms since the epoch; null when that is still to come. */
  consolidated_at: number | null;
}

export interface EpisodicTables extends ProjectTables {
  events: EventsTable;
  git_commits: { hash: string; event_id: number };
  task_feedback: { event_id: number; task_id: number; duration_minutes: number | null };
}

export const EPISODIC_MIGRATIONS: Migrations = {
  '020-episodic': {
    up: async (database) => {
      const statements = [
        sql`create table events (
          id integer primary key autoincrement, project_id integer not null references projects (id),
          session text not null, type text not null, content text not null, outcome text, context text not null,
          at integer not null, consolidated_at integer
        )`,
        sql`create index events_by_time on events (at)`,
        sql`create index events_by_session on events (session, at)`,
        sql`create index events_by_type on events (project_id, type, at)`,
        sql`create index events_to_consolidate on events (project_id, at) where consolidated_at is null`,
        sql`create table git_commits (hash text primary key, event_id integer not null references events (id))`,
        sql`create table task_feedback (
          event_id integer primary key references events (id), task_id integer not null, duration_minutes integer
        )`,
        sql`create index task_feedback_by_task on task_feedback (task_id)`,
      ];
      for (const statement of statements) await statement.execute(database);
    },
  },
};
