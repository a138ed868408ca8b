import { type Kysely, sql } from 'kysely';
import type { Migrations } from '../../database/sqlite.ts';
import type { FullText, TextHit } from './handler.ts';
import { stemOf, tellingWordsOf, wordsOf } from './words.ts';

/** Words of a query that count: more make the search slow and hardly better. */
const MAX_QUERY_WORDS = 32;
/** From this length on a stem finds all words that begin with it; shorter, too many would. */
const PREFIX_LENGTH = 4;
/** Rows looked at beyond those asked for. */
const SPARE_ROWS = 10;
/** How much of a score is the share of the query's words found; the rest is BM25, which prefers rare words. */
const SHARE_OF_WORDS = 0.9;

interface TextTables {
  things: { id: number; kind: string; thing_id: number; body: string };
}

/** `things` holds the texts and finds them by kind and id; triggers keep the index beside it in step. */
export const FULL_TEXT_MIGRATIONS: Migrations = {
  '000-full-text': {
    up: async (database) => {
      const statements = [
        sql`create table things (
          id integer primary key, kind text not null, thing_id integer not null, body text not null,
          unique (kind, thing_id)
        )`,
        sql`create virtual table things_text using fts5(
          body, content = "things", content_rowid = "id", tokenize = "unicode61 remove_diacritics 2"
        )`,
        sql`create trigger things_insert after insert on things begin
          insert into things_text (rowid, body) values (new.id, new.body);
        end`,
        sql`create trigger things_delete after delete on things begin
          insert into things_text (things_text, rowid, body) values ('delete', old.id, old.body);
        end`,
        sql`create trigger things_update after update on things begin
          insert into things_text (things_text, rowid, body) values ('delete', old.id, old.body);
          insert into things_text (rowid, body) values (new.id, new.body);
        end`,
      ];
      for (const statement of statements) await statement.execute(database);
    },
  },
};

/**
 * The text index on SQLite's FTS5.
 * @param database a connection, or the transaction that the index takes part in
 */
export function openFullText(database: Kysely<never>): FullText {
  const tables = database as unknown as Kysely<TextTables>;
  return {
    put: async (kind, id, body) => {
      await tables
        .insertInto('things')
        .values({ kind, thing_id: id, body } as TextTables['things'])
        .onConflict((conflict) => conflict.columns(['kind', 'thing_id']).doUpdateSet({ body }))
        .execute();
    },
    remove: async (kind, id) => {
      await tables.deleteFrom('things').where('kind', '=', kind).where('thing_id', '=', id).execute();
    },
    read: async (kind, id) => {
      const query = tables.selectFrom('things').select('body').where('kind', '=', kind);
      return (await query.where('thing_id', '=', id).executeTakeFirst())?.body;
    },
    search: (kinds, query, limit) => search(tables, kinds, query, limit),
  };
}

interface Row<Kind> {
  readonly kind: Kind;
  readonly id: number;
  readonly body: string;
  readonly rank: number;
}

async function search<Kind extends string>(
  tables: Kysely<TextTables>,
  kinds: readonly Kind[],
  query: string,
  limit: number,
): Promise<readonly TextHit<Kind>[]> {
  const words = [...new Set(tellingWordsOf(query))].slice(0, MAX_QUERY_WORDS);
  if (words.length === 0 || kinds.length === 0) return [];
  const match = words.map(toMatch).join(' OR ');
  // More than asked for: the share of words may order them otherwise than BM25.
  const { rows } = await sql<Row<Kind>>`
    select things.kind, things.thing_id as id, things.body, bm25(things_text) as rank
    from things_text join things on things.id = things_text.rowid
    where things_text match ${match} and things.kind in (${sql.join([...kinds])})
    order by rank limit ${limit + SPARE_ROWS}`.execute(tables);
  return rows
    .map((row) => ({ kind: row.kind, id: row.id, text: row.body, score: scoreOf(row, words) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

/** Every word is quoted, so none is an operator. */
function toMatch(word: string): string {
  const stem = stemOf(word);
  if (isTelling(stem)) return `"${stem}"*`;
  return formsOf(word)
    .map((form) => `"${form}"`)
    .join(' OR ');
}

/** Scripts without spaces between words have short words, and the index takes whole sentences for one. */
function isTelling(stem: string): boolean {
  return stem.length >= PREFIX_LENGTH || /[^a-z0-9]/.test(stem);
}

function formsOf(word: string): readonly string[] {
  const stem = stemOf(word);
  return [...new Set([word, stem, `${stem}s`])];
}

/** BM25 in SQLite is negative, better being lower, without a bound: x / (1 + x) brings it to (0, 1). */
function scoreOf(row: Pick<Row<string>, 'body' | 'rank'>, words: readonly string[]): number {
  const found = wordsOf(row.body);
  const all = new Set(found);
  const matched = words.filter((word) => {
    const stem = stemOf(word);
    if (isTelling(stem)) return found.some((other) => other.startsWith(stem));
    return formsOf(word).some((form) => all.has(form));
  });
  // The index folds a few letters otherwise than we do: at least one word did match.
  const share = Math.max(1, matched.length) / words.length;
  return SHARE_OF_WORDS * share + (1 - SHARE_OF_WORDS) * (-row.rank / (1 - row.rank));
}
