import type { Kysely } from 'kysely';
import type { JsonValue } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import type { SessionVariables } from '../contract/session.ts';
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
  wrote: (bytes: number) => void,
): SessionVariables {
  const own = { principal, session };
  return {
    get: async (key) => {
      const row = await database
        .selectFrom('variables')
        .select('json')
        .where((where) => where.and({ ...own, key }))
        .executeTakeFirst();
      return row === undefined ? { found: false } : { found: true, value: JSON.parse(row.json) as JsonValue };
    },
    set: async (key, value) => {
      const json = JSON.stringify(value);
      const bytes = Buffer.byteLength(json);
      if (bytes > limits.variableBytes) {
        const message = `The variable "${key}" is ${bytes} bytes as JSON, more than limit variableBytes (${limits.variableBytes}). Keep less of it, or split it over several variables.`;
        const limit = { name: 'variableBytes', value: limits.variableBytes } as const;
        return { ok: false, code: 'VARIABLE_TOO_LARGE', message, limit };
      }
      return database.transaction().execute(async (transaction) => {
        const { count } = await transaction
          .selectFrom('variables')
          .select((select) => select.fn.countAll<number>().as('count'))
          .where((where) => where.and(own).and('key', '!=', key))
          .executeTakeFirstOrThrow();
        if (count >= limits.variables) {
          const message = `The session has ${limits.variables} variables, which is limit variables (${limits.variables}). Delete one first.`;
          const limit = { name: 'variables', value: limits.variables } as const;
          return { ok: false, code: 'VARIABLE_TOO_LARGE', message, limit } as const;
        }
        await transaction
          .insertInto('variables')
          .values({ ...own, key, json })
          .onConflict((conflict) => conflict.columns(['principal', 'session', 'key']).doUpdateSet({ json }))
          .execute();
        wrote(bytes);
        return { ok: true } as const;
      });
    },
    delete: async (key) => {
      const { numDeletedRows } = await database
        .deleteFrom('variables')
        .where((where) => where.and({ ...own, key }))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    keys: async () => {
      const rows = await database
        .selectFrom('variables')
        .select('key')
        .where((where) => where.and(own))
        .orderBy('key')
        .execute();
      return rows.map(({ key }) => key);
    },
  };
}
