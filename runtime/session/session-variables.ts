import type { Kysely } from 'kysely';
import type { JsonValue } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import type { SessionRefusal, SessionVariables } from '../contract/session.ts';
import type { Attempt } from './attempt.ts';
import type { SessionTables } from './session-tables.ts';

/**
 * The variables of one session, on disk.
 * @param wrote told how many bytes went there
 */
export function createVariables(
  database: Kysely<SessionTables>,
  principal: string,
  session: string,
  limits: Limits,
  attempt: Attempt,
  wrote: (bytes: number) => void,
): SessionVariables {
  const own = { principal, session };
  return {
    get: (key) =>
      attempt(`The variable "${key}" cannot be read`, async () => {
        const row = await database
          .selectFrom('variables')
          .select('json')
          .where((where) => where.and({ ...own, key }))
          .executeTakeFirst();
        return row === undefined
          ? { found: false }
          : { found: true, value: JSON.parse(row.json) as JsonValue };
      }),
    set: async (key, value) => {
      const json = JSON.stringify(value);
      const bytes = Buffer.byteLength(json);
      if (bytes > limits.variableBytes) {
        const message = `The variable "${key}" is ${bytes} bytes as JSON, more than limit variableBytes (${limits.variableBytes}). Keep less of it, or split it over several variables.`;
        return refuse(message, 'variableBytes', limits);
      }
      const stored = await attempt(`The variable "${key}" is not stored`, () =>
        database.transaction().execute(async (transaction) => {
          const { count } = await transaction
            .selectFrom('variables')
            .select((select) => select.fn.countAll<number>().as('count'))
            .where((where) => where.and(own).and('key', '!=', key))
            .executeTakeFirstOrThrow();
          if (count >= limits.variables) return false;
          await transaction
            .insertInto('variables')
            .values({ ...own, key, json })
            .onConflict((conflict) => conflict.columns(['principal', 'session', 'key']).doUpdateSet({ json }))
            .execute();
          return true;
        }),
      );
      if (!stored.ok) return stored;
      if (!stored.value) {
        const message = `The session has ${limits.variables} variables, which is limit variables (${limits.variables}). Delete one first.`;
        return refuse(message, 'variables', limits);
      }
      wrote(bytes);
      return { ok: true, value: null };
    },
    delete: (key) =>
      attempt(`The variable "${key}" is not deleted`, async () => {
        const { numDeletedRows } = await database
          .deleteFrom('variables')
          .where((where) => where.and({ ...own, key }))
          .executeTakeFirst();
        return numDeletedRows > 0n;
      }),
    keys: () =>
      attempt('The variables cannot be listed', async () => {
        const rows = await database
          .selectFrom('variables')
          .select('key')
          .where((where) => where.and(own))
          .orderBy('key')
          .execute();
        return rows.map(({ key }) => key);
      }),
  };
}

function refuse(message: string, name: 'variableBytes' | 'variables', limits: Limits): SessionRefusal {
  return { ok: false, code: 'VARIABLE_TOO_LARGE', message, limit: { name, value: limits[name] } };
}
