import { type Generated, sql } from 'kysely';
import type { Migrations } from '../../../database/sqlite.ts';
import type { EpisodicTables } from '../episodic/tables.ts';
import type { MemoryTables } from '../memory/tables.ts';
import type { Strategy } from './cluster-events.ts';
import type { PatternKind } from './find-patterns.ts';
import type { Frequency } from './next-due.ts';

export interface ConsolidationTables extends MemoryTables, EpisodicTables {
  consolidation_runs: {
    id: Generated<number>;
    project_id: number;
    strategy: Strategy;
    /** Milliseconds since the epoch. */
    started_at: number;
    duration_ms: number;
    events: number;
    patterns: number;
    /** What repeated, before what was too weak was left out. */
    candidates: number;
    compression: number;
    recall: number;
    consistency: number;
    density: number;
  };
  /** The patterns of a run. The memory may have been forgotten since. */
  run_patterns: {
    run_id: number;
    memory_id: number;
    kind: PatternKind;
    /** JSON array: the event types or words that make the pattern. */
    words: string;
    /** Number of events in it. */
    evidence: number;
    /** 1 when no earlier run had found it. */
    is_new: number;
  };
  consolidation_schedule: { id: number; frequency: Frequency; time_of_day: string; next_due_at: number };
}

export const CONSOLIDATION_MIGRATIONS: Migrations = {
  '030-consolidation': {
    up: async (database) => {
      const statements = [
        sql`create table consolidation_runs (
          id integer primary key autoincrement, project_id integer not null references projects (id),
          strategy text not null, started_at integer not null, duration_ms real not null,
          events integer not null, patterns integer not null, candidates integer not null,
          compression real not null, recall real not null, consistency real not null, density real not null
        )`,
        sql`create table run_patterns (
          run_id integer not null references consolidation_runs (id), memory_id integer not null,
          kind text not null, words text not null, evidence integer not null, is_new integer not null,
          primary key (run_id, memory_id)
        ) without rowid`,
        sql`create index run_patterns_by_words on run_patterns (kind, words)`,
        sql`create table consolidation_schedule (
          id integer primary key check (id = 1), frequency text not null, time_of_day text not null,
          next_due_at integer not null
        )`,
      ];
      for (const statement of statements) await statement.execute(database);
    },
  },
};
