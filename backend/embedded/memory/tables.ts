import { type Generated, sql } from 'kysely';
import type { Migrations } from '../../../database/sqlite.ts';
import { CURRENT_PROJECT, type ProjectTables } from './projects.ts';

export type MemoryType = 'fact' | 'pattern' | 'decision' | 'context';
export type Component = 'verbal' | 'spatial';

export interface MemoryTables extends ProjectTables {
  memories: {
    id: Generated<number>;
    project_id: number;
    type: MemoryType;
    content: string;
    /** JSON array of strings, in small letters. */
    tags: string;
    /** Times are milliseconds since the epoch. */
    created_at: number;
    /** When it was last recalled. */
    accessed_at: number | null;
    access_count: number;
  };
  /** The events that a memory was made from. */
  memory_sources: { memory_id: number; event_id: number };
  /** Working memory belongs to a session of a principal. */
  working_items: {
    id: Generated<number>;
    principal: string;
    session: string;
    component: Component;
    content: string;
    importance: number;
    updated_at: number;
  };
}

export const MEMORY_MIGRATIONS: Migrations = {
  '010-memory': {
    up: async (database) => {
      const statements = [
        sql`create table projects (
          id integer primary key autoincrement, name text not null unique, created_at integer not null
        )`,
        sql`insert into projects (id, name, created_at) values (${sql.lit(CURRENT_PROJECT)}, 'default', ${sql.lit(Date.now())})`,
        sql`create table memories (
          id integer primary key autoincrement, project_id integer not null references projects (id),
          type text not null, content text not null, tags text not null, created_at integer not null,
          accessed_at integer, access_count integer not null
        )`,
        sql`create index memories_by_beginning on memories (project_id, type, substr(content, 1, 64))`,
        sql`create table memory_sources (
          memory_id integer not null references memories (id) on delete cascade,
          event_id integer not null, primary key (memory_id, event_id)
        ) without rowid`,
        sql`create table working_items (
          id integer primary key autoincrement, principal text not null, session text not null,
          component text not null, content text not null, importance real not null, updated_at integer not null
        )`,
        sql`create index working_items_by_session on working_items (principal, session)`,
      ];
      for (const statement of statements) await statement.execute(database);
    },
  },
};
