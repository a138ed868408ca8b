import { type Generated, type Selectable, sql } from 'kysely';
import type { Migrations } from '../../../database/sqlite.ts';
import type { HandlerContext } from '../handler.ts';

export type Outcome = 'success' | 'failure' | 'partial' | 'ongoing';
export type Feedback = 'accepted' | 'modified' | 'rejected';

/** Times are milliseconds since the epoch. */
export interface ProcedureTables {
  procedures: {
    id: Generated<number>;
    name: string;
    category: string;
    description: string | null;
    template: string | null;
    trigger_pattern: string | null;
    /** JSON array of strings. */
    steps: string;
    created_at: number;
  };
  procedure_executions: {
    id: Generated<number>;
    procedure_id: number;
    outcome: Outcome;
    duration_ms: number | null;
    learned: string | null;
    recorded_at: number;
  };
  procedure_suggestions: {
    id: Generated<number>;
    procedure_id: number;
    file_path: string;
    suggested_at: number;
    /** Null as long as nobody has answered. */
    feedback: Feedback | null;
  };
}

export type ProcedureRow = Selectable<ProcedureTables['procedures']>;
export type ExecutionRow = Selectable<ProcedureTables['procedure_executions']>;
export type ProcedureContext = HandlerContext<ProcedureTables>;

export const PROCEDURE_MIGRATIONS: Migrations = {
  '120-procedures': {
    up: async (database) => {
      const statements = [
        sql`create table procedures (
          id integer primary key, name text not null unique, category text not null, description text,
          template text, trigger_pattern text, steps text not null, created_at integer not null
        )`,
        sql`create table procedure_executions (
          id integer primary key, procedure_id integer not null references procedures (id) on delete cascade,
          outcome text not null, duration_ms integer, learned text, recorded_at integer not null
        )`,
        sql`create index executions_by_procedure on procedure_executions (procedure_id)`,
        sql`create table procedure_suggestions (
          id integer primary key, procedure_id integer not null references procedures (id) on delete cascade,
          file_path text not null, suggested_at integer not null, feedback text
        )`,
        sql`create unique index open_suggestions on procedure_suggestions (procedure_id, file_path)
          where feedback is null`,
      ];
      for (const statement of statements) await statement.execute(database);
    },
  },
};
