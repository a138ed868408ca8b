import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { openSqlite } from '../../database/sqlite.ts';
import type { Limits } from '../contract/limits.ts';
import type { ExecutionRecord, NotKept, Session, SessionStore } from '../contract/session.ts';
import type { SkillStore } from '../contract/skill.ts';
import { type Attempt, createAttempt } from './attempt.ts';
import { createClockWatch } from './clock-watch.ts';
import { createApprovals } from './session-approvals.ts';
import { removeBeyondSpace } from './session-space.ts';
import { SESSION_MIGRATIONS, type SessionTables } from './session-tables.ts';
import { createTokens } from './session-tokens.ts';
import { createVariables } from './session-variables.ts';
import { createSkillStore } from './skill-store.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const HOUR_MS = 3_600_000;
/** Using a session keeps it alive; noting that more often than this would be a write for every execution. */
const TOUCH_EVERY_MS = 60_000;
const MB = 1024 * 1024;
/** What all sessions of one principal may hold on disk: their number and their own limits alone would let them fill it. */
const MOST_BYTES = 1_024 * MB;
/** How much this process writes before the space is measured again: that looks at every row. */
const MEASURE_EVERY_BYTES = 32 * MB;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * Opens the sessions of a data directory: variables, history and whole results, in one SQLite file that
 * several servers may share.
 * @param file the SQLite file; created when missing
 * @param onBug told of a background write that failed
 * @throws {DatabaseUnusable}
 */
export async function openSessionStore(
  file: string,
  limits: Limits,
  onBug: (error: unknown) => void,
): Promise<SessionStore> {
  const store = new SqliteSessionStore(
    await openSqlite<SessionTables>(file, SESSION_MIGRATIONS),
    limits,
    onBug,
  );
  await store.removeExpired();
  return store;
}

class SqliteSessionStore implements SessionStore {
  readonly skills: SkillStore;
  readonly #database: Kysely<SessionTables>;
  readonly #limits: Limits;
  readonly #onBug: (error: unknown) => void;
  readonly #attempt: Attempt;
  readonly #isTimeReliable = createClockWatch();
  /** When each session of this process was last noted as used. */
  readonly #touched = new Map<string, number>();
  #writtenBytes = 0;
  #background: Promise<void> = Promise.resolve();
  readonly #cleaner: NodeJS.Timeout;

  constructor(database: Kysely<SessionTables>, limits: Limits, onBug: (error: unknown) => void) {
    this.#database = database;
    this.#limits = limits;
    this.#onBug = onBug;
    this.#attempt = createAttempt(onBug);
    this.skills = createSkillStore(database, limits, this.#attempt);
    this.#cleaner = setInterval(() => this.#later(() => this.removeExpired()), HOUR_MS).unref();
  }

  async open(principal: string, id: string): ReturnType<SessionStore['open']> {
    if (!NAME.test(id)) {
      const message = `A session is named by 1 to 64 letters, digits, dots, dashes and underscores, not ${JSON.stringify(id.slice(0, 100))}.`;
      return { ok: false, code: 'INVALID_SESSION', message };
    }
    const touched = await this.#attempt(`The session "${id}" cannot be opened`, () =>
      this.#touch(principal, id),
    );
    return touched.ok ? { ok: true, session: this.#createSession(principal, id) } : touched;
  }

  async readResult(principal: string, execution: string): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('results')
      .select('body')
      .where((where) => where.and({ principal, execution }))
      .executeTakeFirst();
    return row === undefined ? undefined : (await decompress(row.body)).toString('utf8');
  }

  async history(principal: string, session: string): Promise<readonly ExecutionRecord[]> {
    await this.#background;
    const rows = await this.#database
      .selectFrom('executions')
      .selectAll()
      .where((where) => where.and({ principal, session }))
      .orderBy('number', 'desc')
      .limit(this.#limits.history)
      .execute();
    return rows.map((row) => ({
      execution: row.execution,
      startedAt: row.started_at,
      code: row.code,
      codeHash: row.code_hash,
      seed: row.seed,
      outcome: row.outcome,
      callsMade: row.calls_made,
      callsWrote: row.calls_wrote,
      totalMs: row.total_ms,
    }));
  }

  /** Sessions unused for `sessionHours`, and the longest unused beyond `sessions`, go with all they hold. */
  async removeExpired(): Promise<void> {
    const { sessions, sessionHours } = this.#limits;
    if (this.#isTimeReliable()) {
      await this.#database
        .deleteFrom('sessions')
        .where('used_at', '<', Date.now() - sessionHours * HOUR_MS)
        .execute();
    }
    await this.#database
      .deleteFrom('sessions')
      .where(
        // Each principal on its own: none can push out another's by opening many.
        sql<boolean>`rowid in (
          select id from (
            select rowid as id, row_number() over (partition by principal order by used_at desc) as place
            from sessions
          ) where place > ${sessions})`,
      )
      .execute();
  }

  async close(): Promise<void> {
    clearInterval(this.#cleaner);
    await this.#background;
    await this.#database.destroy();
  }

  #createSession(principal: string, id: string): Session {
    return {
      id,
      variables: createVariables(this.#database, principal, id, this.#limits, this.#attempt, (bytes) =>
        this.#wrote(bytes),
      ),
      approvals: createApprovals(this.#database, principal, id, this.#attempt),
      tokens: createTokens(this.#database, principal, id, this.#limits, this.#attempt, (bytes) =>
        this.#wrote(bytes),
      ),
      record: (execution) => this.#later(() => this.#record(principal, id, execution)),
      keepResult: (execution, json) => this.#keepResult(principal, id, execution, json),
    };
  }

  async #touch(principal: string, id: string): Promise<void> {
    const now = Date.now();
    const name = `${principal}\n${id}`;
    if (now - (this.#touched.get(name) ?? 0) < TOUCH_EVERY_MS) return;
    await this.#database
      .insertInto('sessions')
      .values({ principal, id, created_at: now, used_at: now })
      .onConflict((conflict) => conflict.columns(['principal', 'id']).doUpdateSet({ used_at: now }))
      .execute();
    if (!this.#touched.delete(name)) this.#later(() => this.removeExpired());
    this.#touched.set(name, now);
    const [longestAgo = ''] = this.#touched.keys();
    if (this.#touched.size > this.#limits.sessions) this.#touched.delete(longestAgo);
  }

  async #record(principal: string, session: string, execution: ExecutionRecord): Promise<void> {
    await this.#database
      .insertInto('executions')
      .values({
        principal,
        session,
        execution: execution.execution,
        started_at: execution.startedAt,
        code: execution.code,
        code_hash: execution.codeHash,
        seed: execution.seed,
        outcome: execution.outcome,
        calls_made: execution.callsMade,
        calls_wrote: execution.callsWrote,
        total_ms: execution.totalMs,
      })
      .execute();
    this.#wrote(execution.code.length);
    await this.#database
      .deleteFrom('executions')
      .where(
        sql<boolean>`number in (select number from executions where principal = ${principal}
          and session = ${session} order by number desc limit -1 offset ${this.#limits.history})`,
      )
      .execute();
  }

  async #keepResult(
    principal: string,
    session: string,
    execution: string,
    json: string,
  ): Promise<true | NotKept> {
    const { spoolMb } = this.#limits;
    const body = await compress(json);
    if (body.byteLength > spoolMb * MB) {
      return {
        message: `The whole is larger than limit spoolMb (${spoolMb}) and was not kept.`,
        limit: { name: 'spoolMb', value: spoolMb },
      };
    }
    const row = { principal, session, execution, created_at: Date.now(), body };
    const stored = await this.#attempt('The whole is not kept', () => this.#storeResult(row));
    if (!stored.ok) return stored;
    this.#wrote(body.byteLength);
    return true;
  }

  /** The newest results stay, as many as fit. */
  async #storeResult(row: SessionTables['results']): Promise<void> {
    const { principal, session } = row;
    await this.#database.insertInto('results').values(row).execute();
    await this.#database
      .deleteFrom('results')
      .where(
        sql<boolean>`execution in (
          select execution from (
            select execution, sum(length(body)) over (order by created_at desc, rowid desc) as total
            from results where principal = ${principal} and session = ${session}
          ) where total > ${this.#limits.spoolMb * MB})`,
      )
      .execute();
  }

  #wrote(bytes: number): void {
    this.#writtenBytes += bytes;
    if (this.#writtenBytes < MEASURE_EVERY_BYTES) return;
    this.#writtenBytes = 0;
    this.#later(() => removeBeyondSpace(this.#database, MOST_BYTES));
  }

  /** One after another, and never in the way of a reply. */
  #later(work: () => Promise<void>): void {
    this.#background = this.#background.then(work).catch(this.#onBug);
  }
}
