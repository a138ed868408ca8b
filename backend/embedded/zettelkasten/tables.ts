import { type Selectable, sql } from 'kysely';
import type { Migrations } from '../../../database/sqlite.ts';
import type { HandlerContext } from '../handler.ts';
import type { MemoryTables } from '../memory/tables.ts';

export type EvolutionStage = 'seed' | 'growing' | 'mature';

/** Times are milliseconds since the epoch. */
export interface ZettelkastenTables extends MemoryTables {
  /** Every content of a memory that was changed, the one in force too. */
  memory_versions: { memory_id: number; version: number; content: string; hash: string; created_at: number };
  memory_attributes: {
    memory_id: number;
    /** JSON array of `Keyword`. */
    keywords: string;
    importance: number;
    connectivity: number;
    stage: EvolutionStage;
    word_count: number;
    /** JSON array of strings. */
    tags: string;
    /** Of the content and the tags that it was computed from. */
    source_hash: string;
    computed_at: number;
  };
  index_nodes: {
    /** Number in Luhmann's manner. */
    id: string;
    parent_id: string | null;
    /** Place among the nodes of one parent, from 1. */
    position: number;
    project_id: number;
    label: string;
  };
  index_places: { memory_id: number; index_id: string };
}

export type VersionRow = Selectable<ZettelkastenTables['memory_versions']>;
export type AttributesRow = Selectable<ZettelkastenTables['memory_attributes']>;
export type IndexNodeRow = Selectable<ZettelkastenTables['index_nodes']>;
export type ZettelkastenContext = HandlerContext<ZettelkastenTables>;

export const ZETTELKASTEN_MIGRATIONS: Migrations = {
  '130-zettelkasten': {
    up: async (database) => {
      const statements = [
        sql`create table memory_versions (
          memory_id integer not null references memories (id) on delete cascade, version integer not null,
          content text not null, hash text not null, created_at integer not null, primary key (memory_id, version)
        )`,
        sql`create table memory_attributes (
          memory_id integer primary key references memories (id) on delete cascade, keywords text not null,
          importance real not null, connectivity integer not null, stage text not null, word_count integer not null,
          tags text not null, source_hash text not null, computed_at integer not null
        )`,
        sql`create table index_nodes (
          id text primary key, parent_id text references index_nodes (id), position integer not null,
          project_id integer not null, label text not null
        )`,
        sql`create unique index index_nodes_by_parent on index_nodes (coalesce(parent_id, ''), position)`,
        sql`create table index_places (
          memory_id integer primary key references memories (id) on delete cascade,
          index_id text not null references index_nodes (id)
        )`,
        sql`create index index_places_by_node on index_places (index_id)`,
      ];
      for (const statement of statements) await statement.execute(database);
    },
  },
};
