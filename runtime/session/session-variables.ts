import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { JsonValue } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import { DEFAULT_NAMESPACE, type SessionRefusal, type SessionVariables } from '../contract/session.ts';
import type { Attempt } from './attempt.ts';
import type { SessionJournal, SessionOwner } from './run-journal.ts';
import type { SessionTables } from './session-tables.ts';

type Written = 'written' | 'conflict' | 'full';

/** Where a variable is in its session. */
type Place = Pick<SessionTables['variables'], 'namespace' | 'key'>;

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
  const see = (place: Place, version: string | undefined): void => {
    seen.set(nameOf(place), version);
    journal.saw(nameOf(place), version);
  };
  const isChanged = (place: Place, version: string | undefined): boolean =>
    seen.has(nameOf(place)) && seen.get(nameOf(place)) !== version;
  const find = (source: Kysely<SessionTables>, place: Place) =>
    source
      .selectFrom('variables')
      .select(['json', 'version'])
      .where((where) => where.and({ ...own, ...place }))
      .executeTakeFirst();
  const write = async (
    transaction: Kysely<SessionTables>,
    place: Place,
    json: string,
    call: number,
  ): Promise<Written> => {
    const present = await find(transaction, place);
    if (isChanged(place, present?.version)) return 'conflict';
    const { count } = await transaction
      .selectFrom('variables')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where((where) => where.and({ ...own }))
      .executeTakeFirstOrThrow();
    if (present === undefined && count >= limits.variables) return 'full';
    const version = randomUUID();
    await transaction
      .insertInto('variables')
      .values({ ...own, ...place, json, version })
      .onConflict((conflict) =>
        conflict.columns(['principal', 'session', 'namespace', 'key']).doUpdateSet({ json, version }),
      )
      .execute();
    see(place, version);
    await journal.done(transaction, call, { ok: true, json: 'null' });
    return 'written';
  };
  const remove = async (
    transaction: Kysely<SessionTables>,
    place: Place,
    call: number,
  ): Promise<boolean | 'conflict'> => {
    const present = await find(transaction, place);
    if (isChanged(place, present?.version)) return 'conflict';
    await transaction
      .deleteFrom('variables')
      .where((where) => where.and({ ...own, ...place }))
      .execute();
    see(place, undefined);
    const isRemoved = present !== undefined;
    await journal.done(transaction, call, { ok: true, json: JSON.stringify(isRemoved) });
    return isRemoved;
  };
  /** One transaction. What it did not commit was not seen either. */
  const change = async <Value>(
    what: string,
    place: Place,
    work: (transaction: Kysely<SessionTables>) => Promise<Value>,
  ) => {
    const done = await attempt(what, () => database.transaction().execute(work));
    if (!done.ok) seen.delete(nameOf(place));
    return done;
  };
  return {
    get: (key, namespace = DEFAULT_NAMESPACE) =>
      attempt(`${describe({ namespace, key })} cannot be read`, async () => {
        const row = await find(database, { namespace, key });
        see({ namespace, key }, row?.version);
        return row === undefined
          ? { found: false }
          : { found: true, value: JSON.parse(row.json) as JsonValue };
      }),
    set: async (key, value, call, namespace = DEFAULT_NAMESPACE) => {
      const place = { namespace, key };
      const json = JSON.stringify(value);
      const bytes = Buffer.byteLength(json);
      if (bytes > limits.variableBytes) {
        const message = `${describe(place)} is ${bytes} bytes as JSON, more than limit variableBytes (${limits.variableBytes}). Keep less of it, or split it over several variables.`;
        return tooLarge(message, 'variableBytes', limits);
      }
      const stored = await change(`${describe(place)} is not stored`, place, (transaction) =>
        write(transaction, place, json, call),
      );
      if (!stored.ok) return stored;
      switch (stored.value) {
        case 'conflict':
          return conflict(place);
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
    delete: async (key, call, namespace = DEFAULT_NAMESPACE) => {
      const place = { namespace, key };
      const removed = await change(`${describe(place)} is not deleted`, place, (transaction) =>
        remove(transaction, place, call),
      );
      if (!removed.ok) return removed;
      return removed.value === 'conflict' ? conflict(place) : { ok: true, value: removed.value };
    },
    keys: (namespace = DEFAULT_NAMESPACE) =>
      attempt('The variables cannot be listed', async () => {
        const rows = await database
          .selectFrom('variables')
          .select('key')
          .where((where) => where.and({ ...own, namespace }))
          .orderBy('key')
          .execute();
        return rows.map(({ key }) => key);
      }),
  };
}

/** No namespace has a line break in its name. */
function nameOf({ namespace, key }: Place): string {
  return `${namespace}\n${key}`;
}

function describe({ namespace, key }: Place): string {
  return namespace === DEFAULT_NAMESPACE
    ? `The variable "${key}"`
    : `The variable "${key}" of namespace "${namespace}"`;
}

function conflict(place: Place): SessionRefusal {
  const message = `${describe(place)} was changed by another execution since this program read it, and keeps what that one wrote. Read it again, and repeat what depends on it.`;
  return { ok: false, code: 'VARIABLE_CONFLICT', message };
}

function tooLarge(message: string, name: 'variableBytes' | 'variables', limits: Limits): SessionRefusal {
  return { ok: false, code: 'VARIABLE_TOO_LARGE', message, limit: { name, value: limits[name] } };
}
