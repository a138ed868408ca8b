import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import type { Limits } from '../contract/limits.ts';
import type { Session } from '../contract/session.ts';
import type { Attempt } from './attempt.ts';
import type { SessionOwner } from './run-journal.ts';
import type { SessionTables } from './session-tables.ts';

const MB = 1024 * 1024;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * Where a session keeps whole results, compressed.
 * @param wrote told how many bytes went to disk
 */
export function createResults(
  database: Kysely<SessionTables>,
  owner: SessionOwner,
  { spoolMb }: Limits,
  attempt: Attempt,
  wrote: (bytes: number) => void,
): Session['keepResult'] {
  const most = spoolMb * MB;
  return async (execution, json) => {
    const body = await compress(json);
    if (body.byteLength > most) {
      return {
        message: `The whole is larger than limit spoolMb (${spoolMb}) and was not kept.`,
        limit: { name: 'spoolMb', value: spoolMb },
      };
    }
    const row = { ...owner, execution, created_at: Date.now(), body };
    const stored = await attempt('The whole is not kept', () => storeResult(database, row, most));
    if (!stored.ok) return stored;
    wrote(body.byteLength);
    return true;
  };
}

/**
 * The whole of a result that was kept, if it belongs to this principal.
 * @param since what belongs to a session that was not used since then, in ms since the epoch, has expired
 */
export async function readResult(
  database: Kysely<SessionTables>,
  principal: string,
  execution: string,
  since: number,
): Promise<string | undefined> {
  const row = await database
    .selectFrom('results')
    .innerJoin('sessions', (join) =>
      join.onRef('sessions.principal', '=', 'results.principal').onRef('sessions.id', '=', 'results.session'),
    )
    .select('results.body')
    .where('results.principal', '=', principal)
    .where('results.execution', '=', execution)
    .where('sessions.used_at', '>=', since)
    .executeTakeFirst();
  return row === undefined ? undefined : (await decompress(row.body)).toString('utf8');
}

/** The newest results stay, as many as fit. */
async function storeResult(
  database: Kysely<SessionTables>,
  row: SessionTables['results'],
  mostBytes: number,
): Promise<void> {
  const { principal, session } = row;
  await database
    .insertInto('results')
    .values(row)
    // A run that was cut off after this is resumed, and comes to the same.
    .onConflict((conflict) => conflict.column('execution').doUpdateSet({ body: row.body }))
    .execute();
  await database
    .deleteFrom('results')
    .where(
      sql<boolean>`execution in (
        select execution from (
          select execution, sum(length(body)) over (order by created_at desc, rowid desc) as total
          from results where principal = ${principal} and session = ${session}
        ) where total > ${mostBytes})`,
    )
    .execute();
}
