import { type Kysely, sql } from 'kysely';
import type { Migrations } from '../../database/sqlite.ts';
import type { FullText } from './handler.ts';

interface TextTables {
  things_text: { kind: string; thing_id: number; body: string };
}

export const FULL_TEXT_MIGRATIONS: Migrations = {
  '000-full-text': {
    up: async (database) => {
      await sql`create virtual table things_text using fts5(
        kind unindexed, thing_id unindexed, body, tokenize = "porter unicode61 remove_diacritics 2"
      )`.execute(database);
    },
  },
};

/** The text index on SQLite's FTS5, ranked by BM25. */
export function openFullText(database: Kysely<never>): FullText {
  const tables = database as unknown as Kysely<TextTables>;
  const remove = async (kind: string, id: number): Promise<void> => {
    await tables.deleteFrom('things_text').where('kind', '=', kind).where('thing_id', '=', id).execute();
  };
  return {
    put: async (kind, id, body) => {
      await remove(kind, id);
      await tables.insertInto('things_text').values({ kind, thing_id: id, body }).execute();
    },
    remove,
    search: async (kinds, query, limit) => {
      const match = toMatch(query);
      if (match === undefined || kinds.length === 0) return [];
      const rows = await tables
        .selectFrom('things_text')
        .select(['kind', 'thing_id as id', sql<number>`bm25(things_text)`.as('rank')])
        .where(sql<boolean>`things_text match ${match}`)
        .where('kind', 'in', [...kinds])
        .orderBy('rank')
        .limit(limit)
        .execute();
      // BM25 in SQLite is negative, better being lower, without a bound: x / (1 + x) brings it to (0, 1).
      return rows.map(({ kind, id, rank }) => ({ kind, id, score: -rank / (1 - rank) }));
    },
  };
}

/** Any of the query's words may match, as words or beginnings of words; every word is quoted, so none is an operator. */
function toMatch(query: string): string | undefined {
  const words = query.match(/[\p{L}\p{N}_]+/gu);
  return words?.map((word) => `"${word}"*`).join(' OR ');
}
