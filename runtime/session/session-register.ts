import { type Kysely, sql } from 'kysely';
import { openSqlite } from '../../database/sqlite.ts';
import type { Limits } from '../contract/limits.ts';
import type { ExecutionRecord, SessionRegister, SessionSummary } from '../contract/session.ts';
import { outcomeOf, readPastRun } from './past-runs.ts';
import type { SessionOwner } from './run-journal.ts';
import { SESSION_MIGRATIONS, type SessionTables } from './session-tables.ts';

const HOUR_MS = 3_600_000;

/**
 * Opens the sessions of a data directory to look through them: unlike a store, it removes nothing by itself.
 * @param limits what the server is told, which decide when a session expires
 * @throws {DatabaseUnusable}
 */
export async function openSessionRegister(
  file: string,
  limits: Limits,
): Promise<SessionRegister & { close(): Promise<void> }> {
  const database = await openSqlite<SessionTables>(file, SESSION_MIGRATIONS);
  return { ...createRegister(database, limits), close: () => database.destroy() };
}

export function createRegister(database: Kysely<SessionTables>, limits: Limits): SessionRegister {
  const lifeMs = limits.sessionHours * HOUR_MS;
  const select = (principal: string) =>
    database
      .selectFrom('sessions')
      .select((select) => [
        'id',
        'created_at',
        'used_at',
        select
          .selectFrom('variables')
          .select((of) => of.fn.countAll<number>().as('count'))
          .whereRef('variables.principal', '=', 'sessions.principal')
          .whereRef('variables.session', '=', 'sessions.id')
          .$asScalar()
          .as('variables'),
        select
          .selectFrom('executions')
          .select((of) => of.fn.countAll<number>().as('count'))
          .whereRef('executions.principal', '=', 'sessions.principal')
          .whereRef('executions.session', '=', 'sessions.id')
          .$asScalar()
          .as('executions'),
      ])
      .where('principal', '=', principal)
      .where('used_at', '>=', Date.now() - lifeMs);
  const summarize = (
    row: Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number],
  ): SessionSummary => ({
    name: row.id,
    createdAt: row.created_at,
    usedAt: row.used_at,
    expiresAt: row.used_at + lifeMs,
    variables: row.variables ?? 0,
    executions: row.executions ?? 0,
  });
  return {
    list: async (principal) => {
      const rows = await select(principal).orderBy('used_at', 'desc').orderBy('id').execute();
      return rows.map(summarize);
    },
    describe: async (principal, session) => {
      const row = await select(principal).where('id', '=', session).executeTakeFirst();
      if (row === undefined) return undefined;
      const variableSizes = await database
        .selectFrom('variables')
        .select(['namespace', 'key', sql<number>`octet_length(json)`.as('bytes')])
        .where((where) => where.and({ principal, session }))
        .orderBy('namespace')
        .orderBy('key')
        .execute();
      const history = await readHistory(database, { principal, session }, limits);
      return { ...summarize(row), variableSizes, history };
    },
    pastRun: async (principal, execution) => {
      const run = await readPastRun(database, principal, execution);
      if (run === undefined) return undefined;
      const session = await select(principal).where('id', '=', run.session).executeTakeFirst();
      return session === undefined ? undefined : run;
    },
    remove: async (principal, session) => {
      const { numDeletedRows } = await database
        .deleteFrom('sessions')
        .where((where) => where.and({ principal, id: session }))
        .executeTakeFirstOrThrow();
      // Copies of what was deleted lie in the write-ahead log until then.
      if (numDeletedRows > 0n) await sql`pragma wal_checkpoint(truncate)`.execute(database);
      return numDeletedRows > 0n;
    },
  };
}

/** The newest executions of a session, newest first. */
export async function readHistory(
  database: Kysely<SessionTables>,
  { principal, session }: SessionOwner,
  { history }: Limits,
): Promise<readonly ExecutionRecord[]> {
  const rows = await database
    .selectFrom('executions')
    .selectAll()
    .where((where) => where.and({ principal, session }))
    .orderBy('number', 'desc')
    .limit(history)
    .execute();
  return rows.map((row) => ({
    execution: row.execution,
    startedAt: row.started_at,
    code: row.code,
    codeHash: row.code_hash,
    seed: row.seed,
    outcome: outcomeOf(row),
    callsMade: row.calls_made,
    callsWrote: row.calls_wrote,
    totalMs: row.total_ms,
  }));
}
