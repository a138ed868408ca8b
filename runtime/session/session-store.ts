import { type Kysely, sql } from 'kysely';
import { isOwnerGone, openSqlite } from '../../database/sqlite.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { RunHead } from '../contract/journal.ts';
import type { Limits } from '../contract/limits.ts';
import type { InterruptedRun, PastRun } from '../contract/past-run.ts';
import type { RunEnd } from '../contract/sandbox.ts';
import {
  type ExecutionRecord,
  GIVEN_NAME,
  NAMED_BY,
  type OpenedSession,
  type RunRecord,
  type Session,
  type SessionDetails,
  type SessionRegister,
  type SessionStore,
  type SessionSummary,
} from '../contract/session.ts';
import type { SkillStore } from '../contract/skill.ts';
import { type Attempt, type Attempts, createAttempts } from './attempt.ts';
import { createClockWatch } from './clock-watch.ts';
import { nameOwner } from './owner.ts';
import { claimRun, findInterrupted, RUNNING, removeOldRuns } from './past-runs.ts';
import {
  createJournal,
  NOTHING_BEFORE,
  rowOf,
  type SessionJournal,
  type SessionOwner,
  type SessionPast,
} from './run-journal.ts';
import { createApprovals } from './session-approvals.ts';
import { createRegister, readHistory } from './session-register.ts';
import { createResults, readResult } from './session-results.ts';
import { removeBeyondSpace } from './session-space.ts';
import { SESSION_MIGRATIONS, type SessionTables } from './session-tables.ts';
import { createTokens } from './session-tokens.ts';
import { createVariables } from './session-variables.ts';
import { createSkillStore } from './skill-store.ts';

const HOUR_MS = 3_600_000;
/** Using a session keeps it alive; noting that more often than this would be a write for every execution. */
const TOUCH_EVERY_MS = 60_000;
const MB = 1024 * 1024;
/** What all sessions of one principal may hold on disk: their number and their own limits alone would let them fill it. */
const MOST_BYTES = 1_024 * MB;
/** How much this process writes before the space is measured again: that looks at every row. */
const MEASURE_EVERY_BYTES = 32 * MB;

/** Outcomes of runs that the end of their server may have stopped. */
const STOPPED: ReadonlySet<string> = new Set<ErrorCode>(['CANCELLED', 'SANDBOX_UNAVAILABLE']);

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
  readonly #register: SessionRegister;
  readonly #limits: Limits;
  readonly #onBug: (error: unknown) => void;
  readonly #attempts: Attempts;
  readonly #attempt: Attempt;
  readonly #isTimeReliable = createClockWatch();
  /** When each session of this process was last noted as used. */
  readonly #touched = new Map<string, number>();
  #writtenBytes = 0;
  #isLeaving = false;
  #background: Promise<void> = Promise.resolve();
  readonly #cleaner: NodeJS.Timeout;

  constructor(database: Kysely<SessionTables>, limits: Limits, onBug: (error: unknown) => void) {
    this.#database = database;
    this.#register = createRegister(database, limits);
    this.#limits = limits;
    this.#onBug = onBug;
    this.#attempts = createAttempts(onBug);
    this.#attempt = this.#attempts.attempt;
    this.skills = createSkillStore(database, limits, this.#attempt);
    this.#cleaner = setInterval(() => this.#later(() => this.removeExpired()), HOUR_MS).unref();
  }

  async open(principal: string, id: string, run: RunHead): OpenedSession {
    if (!GIVEN_NAME.test(id)) {
      const message = `A session ${NAMED_BY}, not ${JSON.stringify(id.slice(0, 100))}.`;
      return { ok: false, code: 'INVALID_SESSION', message };
    }
    const touched = await this.#attempt(`The session "${id}" cannot be opened`, () =>
      this.#touch(principal, id),
    );
    return touched.ok
      ? { ok: true, session: this.#createSession(principal, id, run, NOTHING_BEFORE) }
      : touched;
  }

  async resume(principal: string, execution: string): ReturnType<SessionStore['resume']> {
    await this.#background;
    const tried = await this.#attempt('The run cannot be resumed', async () => {
      await this.removeExpired();
      const claimed = await claimRun(this.#database, principal, execution);
      if (claimed.ok) await this.#touch(principal, claimed.session);
      return claimed;
    });
    if (!tried.ok) return tried;
    const claimed = tried.value;
    if (!claimed.ok) return claimed;
    const { session, head, past } = claimed;
    return { ok: true, session: this.#createSession(principal, session, head, past), run: head };
  }

  leave(): void {
    this.#isLeaving = true;
  }

  async interrupted(principal: string): Promise<readonly InterruptedRun[]> {
    return await findInterrupted(this.#database, principal, this.#expiry());
  }

  async pastRun(principal: string, execution: string): Promise<PastRun | undefined> {
    await this.#background;
    return await this.#register.pastRun(principal, execution);
  }

  async readResult(principal: string, execution: string): Promise<string | undefined> {
    return await readResult(this.#database, principal, execution, this.#expiry());
  }

  async history(principal: string, session: string): Promise<readonly ExecutionRecord[]> {
    await this.#background;
    return await readHistory(this.#database, { principal, session }, this.#limits);
  }

  async list(principal: string): Promise<readonly SessionSummary[]> {
    await this.#background;
    return await this.#register.list(principal);
  }

  async describe(principal: string, session: string): Promise<SessionDetails | undefined> {
    await this.#background;
    return await this.#register.describe(principal, session);
  }

  async remove(principal: string, session: string): Promise<boolean> {
    await this.#background;
    return await this.#register.remove(principal, session);
  }

  /** Sessions unused for `sessionHours`, and the longest unused beyond `sessions`, go with all they hold. */
  async removeExpired(): Promise<void> {
    const { sessions } = this.#limits;
    await this.#database.deleteFrom('sessions').where('used_at', '<', this.#expiry()).execute();
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
    await this.#attempts.close();
    await this.#background;
    await this.#database.destroy();
  }

  #createSession(principal: string, session: string, run: RunHead, past: SessionPast): Session {
    const owner = { principal, session };
    const database = this.#database;
    const wrote = (bytes: number): void => this.#wrote(bytes);
    const journal = createJournal(database, owner, run, past, this.#limits, this.#attempt, this.#onBug);
    return {
      id: session,
      variables: createVariables(database, owner, this.#limits, this.#attempt, journal, wrote),
      approvals: createApprovals(database, principal, session, this.#attempt),
      tokens: createTokens(database, principal, session, this.#limits, this.#attempt, wrote),
      journal,
      record: (came, end) => this.#later(() => this.#record(owner, run, journal, came, end)),
      keepResult: createResults(database, owner, this.#limits, this.#attempt, wrote),
    };
  }

  async #touch(principal: string, id: string): Promise<void> {
    const now = Date.now();
    const name = `${principal}\n${id}`;
    const found = await this.#database
      .selectFrom('sessions')
      .select('used_at')
      .where((where) => where.and({ principal, id }))
      .executeTakeFirst();
    // Another process may have removed it.
    const isThere = found !== undefined;
    if (isThere && now - (this.#touched.get(name) ?? 0) < TOUCH_EVERY_MS) return;
    if (isThere && found.used_at < this.#expiry()) await this.#register.remove(principal, id);
    await this.#database
      .insertInto('sessions')
      .values({ principal, id, created_at: now, used_at: now })
      .onConflict((conflict) => conflict.columns(['principal', 'id']).doUpdateSet({ used_at: now }))
      .execute();
    if (!isThere) this.#later(() => this.removeExpired());
    this.#touched.delete(name);
    this.#touched.set(name, now);
    const [longestAgo = ''] = this.#touched.keys();
    if (this.#touched.size > this.#limits.sessions) this.#touched.delete(longestAgo);
  }

  /** Sessions that were used last before that have expired: the cleaner comes once an hour. */
  #expiry(): number {
    return this.#isTimeReliable() ? Date.now() - this.#limits.sessionHours * HOUR_MS : 0;
  }

  async #record(
    owner: SessionOwner,
    run: RunHead,
    journal: SessionJournal,
    { outcome, callsMade, callsWrote, totalMs, isSkillSaved = false }: RunRecord,
    end: RunEnd,
  ): Promise<void> {
    const isInterrupted = this.#isLeaving && STOPPED.has(outcome);
    const isKept = journal.givenUp() === undefined;
    const ending = isKept ? JSON.stringify(end) : null;
    const came = {
      outcome: isInterrupted ? RUNNING : outcome,
      calls_made: callsMade,
      calls_wrote: callsWrote,
      total_ms: totalMs,
      owner: isInterrupted ? nameOwner() : null,
      ending: isInterrupted ? null : ending,
      journal_bytes: isKept ? journal.bytes + (ending?.length ?? 0) : 0,
    };
    const { saveSkill, ...rest } = run;
    const row = { ...rowOf(owner, isSkillSaved ? rest : run), ...came };
    const unkept = isKept ? {} : { head: null };
    await this.#database
      .insertInto('executions')
      .values({ ...row, ...unkept })
      .onConflict((conflict) => conflict.column('execution').doUpdateSet({ ...came, ...unkept }))
      .execute();
    this.#wrote(run.code.length + row.head.length + row.journal_bytes);
    await removeOldRuns(this.#database, owner, this.#limits);
  }

  #wrote(bytes: number): void {
    this.#writtenBytes += bytes;
    if (this.#writtenBytes < MEASURE_EVERY_BYTES) return;
    this.#writtenBytes = 0;
    this.#later(() => removeBeyondSpace(this.#database, MOST_BYTES));
  }

  /** One after another, and never in the way of a reply. */
  #later(work: () => Promise<void>): void {
    this.#background = this.#background.then(work).catch((error: unknown) => {
      // What belongs to a session that was removed meanwhile goes with it.
      if (!isOwnerGone(error)) this.#onBug(error);
    });
  }
}
