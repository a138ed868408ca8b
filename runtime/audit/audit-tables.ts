import { sql } from 'kysely';
import type { Migrations } from '../../database/sqlite.ts';
import type { AuditKey } from './audit-key.ts';

export interface AuditTables {
  entries: {
    /** Counts up from 1 without a gap. */
    seq: number;
    /** JSON. */
    entry: string;
    /** Over this entry and the hash of the one before. */
    hash: string;
  };
  /** SQLite's own: the highest `seq` there ever was, which stays when rows are removed. */
  sqlite_sequence: { name: string; seq: number };
}

/** What stands for the hash before the first entry. */
export const NO_HASH = '';

/** The hash of an entry in its place: none can be altered, moved or taken out without breaking the chain. */
export function chain(key: AuditKey, before: string, seq: number, entry: string): string {
  return key.hash(`${before}\n${seq}\n${entry}`);
}

export const AUDIT_MIGRATIONS: Migrations = {
  '001-entries': {
    up: async (database) => {
      await database.schema
        .createTable('entries')
        .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('entry', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .execute();
      // Against mistakes, not against attackers: those are what the chain is for.
      for (const change of ['update', 'delete']) {
        await sql`create trigger ${sql.ref(`no_${change}`)} before ${sql.raw(change)} on entries
          begin select raise(abort, 'the audit log is append-only'); end`.execute(database);
      }
    },
  },
};
