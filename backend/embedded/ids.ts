import { type Kysely, sql } from 'kysely';

/**
 * Says which ids a table has, for messages about an id that is not there.
 * @param table a table with an `id` column; a name from the code, never from a caller
 */
export async function describeIds<Tables>(database: Kysely<Tables>, table: string): Promise<string> {
  const { rows } = await sql<{ count: number; first: number; last: number }>`
    select count(*) as count, min(id) as first, max(id) as last from ${sql.table(table)}`.execute(database);
  const { count, first, last } = rows[0] ?? { count: 0, first: 0, last: 0 };
  if (count === 0) return 'none is stored yet';
  return count === 1 ? `the only id in use is ${first}` : `the ids in use are ${first} to ${last}`;
}
