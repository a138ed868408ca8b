import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { JsonValue } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import type { SessionRefusal, SessionVariables } from '../contract/session.ts';
import type { Attempt } from './attempt.ts';
import type { SessionJournal, SessionOwner } from './run-journal.ts';
import type { SessionTables } from './session-tables.ts';

type Written = 'written' | 'conflict' | 'full';

/**
 * The variables of one session, on disk, for one execution.
 * @param wrote told how many bytes went there
 */
export function createVariables(
  database: Kysely<SessionTables>,
  own: SessionOwner,
  limits: Limits,
  attempt: Attempt,
  journal: SessionJournal,
  wrote: (bytes: number) => void,
): SessionVariables {
  /** Versions as this execution has seen them last; undefined where there was no such variable. */
  const seen = new Map(journal.seen);
  const see = (key: string, version: string | undefined): void => {
    seen.set(key, version);
    journal.saw(key, version);
  };
  const isChanged = (key: string, version: string | undefined): boolean =>
    seen.has(key) && seen.get(key) !== version;
  const find = (source: Kysely<SessionTables>, key: string) =>
    source
      .selectFrom('variables')
      .select(['json', 'version'])
      .where((where) => where.and({ ...own, key }))
      .executeTakeFirst();
  const write = async (
    transaction: Kysely<SessionTables>,
    key: string,
    json: string,
    call: number,
  ): Promise<Written> => {
    const present = await find(transaction, key);
    if (isChanged(key, present?.version)) return 'conflict';
    const { count } = await transaction
      .selectFrom('variables')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where((where) => where.and(own).and('key', '!=', key))
      .executeTakeFirstOrThrow();
    if (count >= limits.variables) return 'full';
    const version = randomUUID();
    await transaction
      .insertInto('variables')
      .values({ ...own, key, json, version })
      .onConflict((conflict) =>
        conflict.columns(['principal', 'session', 'key']).doUpdateSet({ json, version }),
      )
      .execute();
    see(key, version);
    await journal.done(transaction, call, { ok: true, json: 'null' });
    return 'written';
  };
  const remove = async (
    transaction: Kysely<SessionTables>,
    key: string,
    call: number,
  ): Promise<boolean | 'conflict'> => {
    const present = await find(transaction, key);
    if (isChanged(key, present?.version)) return 'conflict';
    await transaction
      .deleteFrom('variables')
      .where((where) => where.and({ ...own, key }))
      .execute();
    see(key, undefined);
    const isRemoved = present !== undefined;
    await journal.done(transaction, call, { ok: true, json: JSON.stringify(isRemoved) });
    return isRemoved;
  };
  /** One transaction. What it did not commit was not seen either. */
  const change = async <Value>(
    what: string,
    key: string,
    work: (transaction: Kysely<SessionTables>) => Promise<Value>,
  ) => {
    const done = await attempt(what, () => database.transaction().execute(work));
    if (!done.ok) seen.delete(key);
    return done;
  };
  return {
    get: (key) =>
      attempt(`The variable "${key}" cannot be read`, async () => {
        const row = await find(database, key);
        see(key, row?.version);
        return row === undefined
          ? { found: false }
          : { found: true, value: JSON.parse(row.json) as JsonValue };
      }),
    set: async (key, value, call) => {
      const json = JSON.stringify(value);
      const bytes = Buffer.byteLength(json);
      if (bytes > limits.variableBytes) {
        const message = `The variable "${key}" is ${bytes} bytes as JSON, more than limit variableBytes (${limits.variableBytes}). Keep less of it, or split it over several variables.`;
        return tooLarge(message, 'variableBytes', limits);
      }
      const stored = await change(`The variable "${key}" is not stored`, key, (transaction) =>
        write(transaction, key, json, call),
      );
      if (!stored.ok) return stored;
      switch (stored.value) {
        case 'conflict':
          return conflict(key);
        case 'full': {
          const message = `The session has ${limits.variables} variables, which is limit variables (${limits.variables}). Delete one first.`;
          return tooLarge(message, 'variables', limits);
        }
        case 'written':
          wrote(bytes);
          return { ok: true, value: null };
        default:
          return stored.value satisfies never;
      }
    },
    delete: async (key, call) => {
      const removed = await change(`The variable "${key}" is not deleted`, key, (transaction) =>
        remove(transaction, key, call),
      );
      if (!removed.ok) return removed;
      return removed.value === 'conflict' ? conflict(key) : { ok: true, value: removed.value };
    },
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

function conflict(key: string): SessionRefusal {
  const message = `The variable "${key}" was changed by another execution since this program read it, and keeps what that one wrote. Read it again, and repeat what depends on it.`;
  return { ok: false, code: 'VARIABLE_CONFLICT', message };
}

function tooLarge(message: string, name: 'variableBytes' | 'variables', limits: Limits): SessionRefusal {
  return { ok: false, code: 'VARIABLE_TOO_LARGE', message, limit: { name, value: limits[name] } };
}
