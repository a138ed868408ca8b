import type { Kysely } from 'kysely';
import type { SessionApprovals } from '../contract/session.ts';
import type { Attempt } from './attempt.ts';
import type { SessionTables } from './session-tables.ts';

/** What a person has agreed to for one session, on disk. */
export function createApprovals(
  database: Kysely<SessionTables>,
  principal: string,
  session: string,
  attempt: Attempt,
): SessionApprovals {
  const own = { principal, session };
  return {
    list: async () => {
      const read = await attempt('What was agreed to cannot be read', () =>
        database
          .selectFrom('approvals')
          .select('operation')
          .where((where) => where.and(own))
          .execute(),
      );
      return new Set(read.ok ? read.value.map(({ operation }) => operation) : []);
    },
    add: async (operations) => {
      await attempt('What was agreed to is not stored', () =>
        database
          .insertInto('approvals')
          .values(operations.map((operation) => ({ ...own, operation })))
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
    },
  };
}
