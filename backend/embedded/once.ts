import type { Kysely } from 'kysely';
import type { Migrations } from '../../database/sqlite.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';

/** How long answers are kept, in ms: runs are resumed while their session lives, and those that are older ask. */
const KEPT_MS = 7 * 86_400_000;

interface OnceTables {
  answered_calls: { key: string; answered_at: number; answer: string };
}

export const ONCE_MIGRATIONS: Migrations = {
  '001-answered-calls': {
    up: async ({ schema }) => {
      await schema
        .createTable('answered_calls')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('answered_at', 'integer', (column) => column.notNull())
        .addColumn('answer', 'text', (column) => column.notNull())
        .execute();
      await schema.createIndex('answered_calls_age').on('answered_calls').column('answered_at').execute();
    },
  },
};

/**
 * Carries work out unless the same key's was carried out before: then its answer is given again.
 * @param transaction that the work is done in: answer and effect are stored together or not at all
 */
export async function carryOutOnce(
  transaction: Kysely<never>,
  key: string | undefined,
  work: () => Promise<JsonValue>,
): Promise<JsonValue> {
  if (key === undefined) return await work();
  const database = transaction as unknown as Kysely<OnceTables>;
  const known = await database
    .selectFrom('answered_calls')
    .select('answer')
    .where('key', '=', key)
    .executeTakeFirst();
  if (known !== undefined) return JSON.parse(known.answer);
  const value = await work();
  await database
    .insertInto('answered_calls')
    .values({ key, answered_at: Date.now(), answer: JSON.stringify(value) })
    .execute();
  return value;
}

/** Forgets answers that nobody will ask for any more. */
export async function forgetAnswers(transaction: Kysely<never>): Promise<void> {
  await (transaction as unknown as Kysely<OnceTables>)
    .deleteFrom('answered_calls')
    .where('answered_at', '<', Date.now() - KEPT_MS)
    .execute();
}
