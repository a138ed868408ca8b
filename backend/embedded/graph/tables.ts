import { type Generated, type Selectable, sql } from 'kysely';
import type { Migrations } from '../../../database/sqlite.ts';
import type { EpisodicTables } from '../episodic/tables.ts';
import type { HandlerContext } from '../handler.ts';
import type { MemoryTables } from '../memory/tables.ts';

export interface GraphTables extends MemoryTables, EpisodicTables {
  entities: {
    id: Generated<number>;
    name: string;
    /** In lower case with underscores, like the types of relations. */
    type: string;
    /** Milliseconds since the epoch. */
    created_at: number;
  };
  observations: { id: Generated<number>; entity_id: number; content: string };
  relations: { id: Generated<number>; from_id: number; type: string; to_id: number };
  /** How events of a session hang together, the earlier one first. */
  event_links: {
    from_event_id: number;
    to_event_id: number;
    kind: 'precedes' | 'causes';
    strength: number;
  };
  /** The entities that an event names. */
  event_entities: { event_id: number; entity_id: number };
}

export type EntityRow = Selectable<GraphTables['entities']>;
export type GraphContext = HandlerContext<GraphTables>;

export const GRAPH_MIGRATIONS: Migrations = {
  '100-graph': {
    up: async (database) => {
      const statements = [
        sql`create table entities (
          id integer primary key, name text not null unique, type text not null, created_at integer not null
        )`,
        sql`create table observations (
          id integer primary key, entity_id integer not null references entities (id) on delete cascade,
          content text not null, unique (entity_id, content)
        )`,
        sql`create table relations (
          id integer primary key, from_id integer not null references entities (id) on delete cascade,
          type text not null, to_id integer not null references entities (id) on delete cascade,
          unique (from_id, to_id, type)
        )`,
        sql`create index relations_to on relations (to_id)`,
        sql`create table event_links (
          from_event_id integer not null references events (id) on delete cascade,
          to_event_id integer not null references events (id) on delete cascade,
          kind text not null, strength real not null, primary key (from_event_id, to_event_id, kind)
        )`,
        sql`create index event_links_to on event_links (to_event_id)`,
        sql`create table event_entities (
          event_id integer not null references events (id) on delete cascade,
          entity_id integer not null references entities (id) on delete cascade, primary key (event_id, entity_id)
        )`,
        sql`create index event_entities_by_entity on event_entities (entity_id)`,
      ];
      for (const statement of statements) await statement.execute(database);
    },
  },
};
