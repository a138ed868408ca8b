import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  Kysely,
  type Migration,
  Migrator,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
} from 'kysely';

/** How long a writer waits for another process that shares the file, in ms. */
const BUSY_TIMEOUT_MS = 5_000;

/** Migrations by name; they run once each, in the order of their names. */
export type Migrations = Readonly<Record<string, Migration>>;

/** A database file that cannot be used, with a message for the person who starts the server. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}

/**
 * Opens (and creates) an SQLite file in WAL mode and brings it up to date. Several processes may share it.
 * @param file path of the file; its directory must exist
 * @throws {DatabaseUnusable} when the file is locked, damaged, unreadable or newer than `migrations`
 */
export async function openSqlite<Tables>(file: string, migrations: Migrations): Promise<Kysely<Tables>> {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
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

function adaptDatabase(sqlite: DatabaseSync): SqliteDatabase {
  return { close: () => sqlite.close(), prepare: (sql) => prepare(sqlite, sql) };
}

function prepare(sqlite: DatabaseSync, sql: string): SqliteStatement {
  // A deferred transaction that turns into a writer fails at once when another process wrote meanwhile.
  const statement = sqlite.prepare(sql === 'begin' ? 'begin immediate' : sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => {
      const { changes, lastInsertRowid } = statement.run(...(parameters as SQLInputValue[]));
      return { changes, lastInsertRowid };
    },
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}
