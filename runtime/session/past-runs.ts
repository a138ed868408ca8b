import { type Kysely, type Selectable, sql } from 'kysely';
import type { RunHead } from '../contract/journal.ts';
import type { Limits } from '../contract/limits.ts';
import type { InterruptedRun, PastRun, ResumeRefusal } from '../contract/past-run.ts';
import type { AnsweredFrame, RunEnd } from '../contract/sandbox.ts';
import { isGone, nameOwner } from './owner.ts';
import type { JournalEntry, SessionOwner, SessionPast } from './run-journal.ts';
import type { SessionTables } from './session-tables.ts';

const MB = 1024 * 1024;

type Row = Selectable<SessionTables['executions']>;

/** What `outcome` says of a run that goes on, or whose process died. */
export const RUNNING = 'running';
const INTERRUPTED = 'interrupted';

/** What the history says a run came to. */
export function outcomeOf({ outcome, owner, started_at }: Row): string {
  return outcome === RUNNING && (owner === null || isGone(owner, started_at)) ? INTERRUPTED : outcome;
}

/**
 * The runs of a principal that were cut off by the death of their process, newest first.
 * @param since those of a session that was not used since then, in ms since the epoch, have expired with it
 */
export async function findInterrupted(
  database: Kysely<SessionTables>,
  principal: string,
  since: number,
): Promise<readonly InterruptedRun[]> {
  const rows = await database
    .selectFrom('executions')
    .innerJoin('sessions', (join) =>
      join
        .onRef('sessions.principal', '=', 'executions.principal')
        .onRef('sessions.id', '=', 'executions.session'),
    )
    .selectAll('executions')
    .where('executions.principal', '=', principal)
    .where('executions.outcome', '=', RUNNING)
    .where('sessions.used_at', '>=', since)
    .orderBy('executions.number', 'desc')
    .execute();
  return rows
    .filter((row) => row.head !== null && outcomeOf(row) === INTERRUPTED)
    .map(({ execution, session, started_at }) => ({ execution, session, startedAt: started_at }));
}

/** Everything that is kept of a run; undefined when there is no such run, or no journal of it. */
export async function readPastRun(
  database: Kysely<SessionTables>,
  principal: string,
  execution: string,
): Promise<PastRun | undefined> {
  const row = await findRun(database, principal, execution);
  if (row === undefined) return undefined;
  const head = headOf(row);
  if (head === undefined) return undefined;
  const { frames } = await readPast(database, execution);
  const end: RunEnd | undefined = row.ending === null ? undefined : JSON.parse(row.ending);
  return { session: row.session, outcome: outcomeOf(row), head, frames, ...(end !== undefined && { end }) };
}

/**
 * Makes a run this process's own, so that no other server resumes it as well. One that had ended comes to the same
 * end again, without a call: its reply may have been lost.
 * @returns what it is made of, or why it cannot be resumed
 */
export async function claimRun(
  database: Kysely<SessionTables>,
  principal: string,
  execution: string,
): Promise<
  | { readonly ok: true; readonly session: string; readonly head: RunHead; readonly past: SessionPast }
  | ResumeRefusal
> {
  const row = await findRun(database, principal, execution);
  if (row === undefined) return refuse(`There is no execution ${JSON.stringify(execution.slice(0, 100))}`);
  if (outcomeOf(row) === RUNNING) return refuse('It still runs');
  const head = headOf(row);
  if (head === undefined) return refuse('Its journal is not kept any more');
  const { numUpdatedRows } = await database
    .updateTable('executions')
    .set({ owner: nameOwner(), outcome: RUNNING, ending: null })
    .where('execution', '=', execution)
    .where('owner', row.owner === null ? 'is' : '=', row.owner)
    .where('outcome', '=', row.outcome)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return refuse('Another server has just resumed it');
  const { outcome, ending } = row;
  const past = { ...(await readPast(database, execution)), came: { outcome, ending } };
  return { ok: true, session: row.session, head, past };
}

/** A run that has saved its skill does not save it again when it is resumed: there may be a newer one of that name. */
export async function forgetSkill(database: Kysely<SessionTables>, execution: string): Promise<void> {
  await database
    .updateTable('executions')
    .set({ head: sql<string>`json_remove(head, '$.saveSkill')` })
    .where('execution', '=', execution)
    .execute();
}

/** Beyond `history` runs the oldest are forgotten; beyond `journalMb` their journals are. */
export async function removeOldRuns(
  database: Kysely<SessionTables>,
  { principal, session }: SessionOwner,
  { history, journalMb }: Limits,
): Promise<void> {
  await database
    .deleteFrom('executions')
    .where(
      sql<boolean>`number in (select number from executions where principal = ${principal}
        and session = ${session} order by number desc limit -1 offset ${history})`,
    )
    .execute();
  const { rows } = await sql<{ execution: string }>`
    select execution from (
      select execution, journal_bytes, sum(journal_bytes) over (order by number desc) as total
      from executions where principal = ${principal} and session = ${session} and head is not null
    ) where total > ${journalMb * MB} and journal_bytes > 0`.execute(database);
  if (rows.length === 0) return;
  const executions = rows.map(({ execution }) => execution);
  await database.deleteFrom('journal').where('execution', 'in', executions).execute();
  await database
    .updateTable('executions')
    .set({ head: null, ending: null, journal_bytes: 0 })
    .where('execution', 'in', executions)
    .execute();
}

function findRun(
  database: Kysely<SessionTables>,
  principal: string,
  execution: string,
): Promise<Row | undefined> {
  return database
    .selectFrom('executions')
    .selectAll()
    .where((where) => where.and({ principal, execution }))
    .executeTakeFirst();
}

function headOf({ execution, code, seed, started_at, head }: Row): RunHead | undefined {
  return head === null ? undefined : { execution, code, seed, startedAt: started_at, ...JSON.parse(head) };
}

async function readPast(
  database: Kysely<SessionTables>,
  execution: string,
): Promise<Omit<SessionPast, 'came'>> {
  const rows = await database
    .selectFrom('journal')
    .select('body')
    .where('execution', '=', execution)
    .orderBy('number')
    .execute();
  const entries: readonly JournalEntry[] = rows.map(({ body }) => JSON.parse(body));
  const frames = entries
    .filter((entry) => entry.t === 'frame')
    .map(({ now, calls }): AnsweredFrame => ({ now, calls }));
  const delivered = new Set(frames.flatMap(({ calls }) => calls.map(({ number }) => number)));
  const intended = new Set(entries.flatMap((entry) => (entry.t === 'intend' ? entry.calls : [])));
  return {
    frames,
    answered: new Map(
      entries
        .filter((entry) => entry.t === 'done')
        .filter(({ call }) => !delivered.has(call))
        .map(({ call, answer }) => [call, answer]),
    ),
    unknown: intended.difference(delivered),
    seen: new Map(
      entries.flatMap(({ saw = [] }) => saw.map(([key, version]) => [key, version ?? undefined] as const)),
    ),
    bytes: rows.reduce((sum, { body }) => sum + body.length, 0),
  };
}

function refuse(why: string): ResumeRefusal {
  return { ok: false, code: 'RESUME_REFUSED', message: `The run cannot be resumed. ${why}.` };
}
