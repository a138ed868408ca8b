import { type Kysely, sql } from 'kysely';
import type { SessionTables } from './session-tables.ts';

/**
 * Removes a principal's longest unused sessions while all of its sessions together hold more than `mostBytes`.
 * The session used last stays, whatever it holds: its own limits bound it.
 */
export async function removeBeyondSpace(database: Kysely<SessionTables>, mostBytes: number): Promise<void> {
  await sql`
    with held as (
      select principal, session, octet_length(json) + octet_length(namespace) + octet_length(key) as bytes from variables
      union all select principal, session,
        octet_length(code) + coalesce(octet_length(head), 0) + journal_bytes from executions
      union all select principal, session, octet_length(body) from results
      union all select principal, session, octet_length(text) + octet_length(token) from tokens
    ),
    sized as (select principal, session, sum(bytes) as bytes from held group by principal, session),
    ranked as (
      select sessions.rowid as id,
        row_number() over later as place,
        sum(coalesce(sized.bytes, 0)) over later as total
      from sessions left join sized on sized.principal = sessions.principal and sized.session = sessions.id
      window later as (partition by sessions.principal order by used_at desc, sessions.rowid desc)
    )
    delete from sessions where rowid in (select id from ranked where place > 1 and total > ${mostBytes})
  `.execute(database);
}
