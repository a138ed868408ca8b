import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  Kysely,
  type Migration,
  Migrator,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
} from 'kysely';
import { DatabaseUnusable } from './database-unusable.ts';

/** How long a writer waits for another process that shares the file, in ms. */
const BUSY_TIMEOUT_MS = 5_000;
/** Prepared statements kept; queries over lists of ids have a text for every length of the list. */
const MAX_STATEMENTS = 500;

/**
 * `normal` leaves the flush to disk to the checkpoints: what was committed survives the death of the process,
 * the last commits before a power loss may be gone, and the file stays sound either way. With `full`, each
 * commit waits for the disk: a write took 325 µs where it takes 108 µs now. `secure_delete`: what is deleted is
 * overwritten, or personal data would lie in free pages for years.
 */
const PRAGMAS =
  'pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma secure_delete = on';

/** Migrations by name; they run once each, in the order of their names. */
export type Migrations = Readonly<Record<string, Migration>>;

/**
 * Opens an SQLite file in WAL mode and brings it up to date. Several processes may share it. One that is missing is
 * created, readable for its owner only, in whatever directory it is.
 * @param file path of the file; its directory must exist
 * @throws {DatabaseUnusable} when the file is locked, damaged, unreadable or newer than `migrations`
 */
export async function openSqlite<Tables>(file: string, migrations: Migrations): Promise<Kysely<Tables>> {
  let sqlite: DatabaseSync | undefined;
  try {
    // SQLite gives the files beside it the same permissions.
    closeSync(openSync(file, 'a', 0o600));
    sqlite = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    sqlite.exec(PRAGMAS);
    const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adaptDatabase(sqlite) }) });
    await migrate(sqlite, database, migrations);
    return database;
  } catch (error) {
    sqlite?.close();
    throw new DatabaseUnusable(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Two servers may start at the same moment: one write lock around all migrations lets one of them go first. */
async function migrate<Tables>(
  sqlite: DatabaseSync,
  database: Kysely<Tables>,
  migrations: Migrations,
): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  sqlite.exec('begin immediate');
  const { error } = await migrator.migrateToLatest();
  sqlite.exec(error === undefined ? 'commit' : 'rollback');
  if (error !== undefined) throw error;
}

/** Keeps the statements used last prepared: preparing one anew costs more than most queries. */
function adaptDatabase(sqlite: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => sqlite.close(),
    prepare: (sql) => {
      const statement = statements.get(sql) ?? prepare(sqlite, sql);
      statements.delete(sql);
      statements.set(sql, statement);
      const oldest = statements.keys().next().value;
      if (statements.size > MAX_STATEMENTS && oldest !== undefined) statements.delete(oldest);
      return statement;
    },
  };
}

function prepare(sqlite: DatabaseSync, sql: string): SqliteStatement {
  // A deferred transaction that turns into a writer fails at once when another process wrote meanwhile.
  const text = sql === 'begin' ? 'begin immediate' : sql;
  const statement = sqlite.prepare(text);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => {
      // A full disk ends the transaction by itself; an error of the rollback would hide why.
      if (sql === 'rollback' && !sqlite.isTransaction) return { changes: 0n, lastInsertRowid: 0n };
      const { changes, lastInsertRowid } = statement.run(...(parameters as SQLInputValue[]));
      return { changes, lastInsertRowid };
    },
    // Rows are read while other queries run: a shared statement would start over under its reader.
    iterate: (parameters) => sqlite.prepare(text).iterate(...(parameters as SQLInputValue[])),
  };
}

/** By SQLite's primary result codes (https://sqlite.org/rescode.html). */
const FAULTS: Readonly<Record<number, string>> = {
  5: 'another process is writing to the database',
  8: 'the database may not be written',
  10: 'the disk fails',
  11: 'the database is damaged',
  13: 'the disk is full',
};

/** Whether a row was refused because the row that it belongs to is gone (SQLITE_CONSTRAINT_FOREIGNKEY). */
export function isOwnerGone(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 787;
}

/** What is wrong outside this program, in words that end a sentence, when a query fails by it; undefined for a bug. */
export function findStorageFault(error: unknown): string | undefined {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  return FAULTS[code & 0xff];
}
