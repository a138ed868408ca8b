import type { Kysely } from 'kysely';
import { openSqlite } from '../../database/sqlite.ts';
import type { AuditEntry, AuditTrail } from '../contract/audit.ts';
import { type AuditKey, openAuditKey } from './audit-key.ts';
import { AUDIT_MIGRATIONS, type AuditTables, chain, NO_HASH } from './audit-tables.ts';

/** Where the audit log of a data directory is kept. */
export interface AuditFiles {
  readonly log: string;
  readonly key: string;
}

/** Entries kept while the log cannot be written; runs that go on meanwhile may make more. */
const MOST_PENDING = 10_000;

/**
 * Opens the audit log for appending. Several servers may share it: each takes the next place in one chain.
 * @param onFailure told why entries could not be written, once each time that it begins
 * @throws {DatabaseUnusable}
 */
export async function openAuditLog(
  files: AuditFiles,
  onFailure: (error: unknown) => void,
): Promise<AuditTrail> {
  const database = await openSqlite<AuditTables>(files.log, AUDIT_MIGRATIONS);
  return new AuditLog(database, openAuditKey(files.key), onFailure);
}

class AuditLog implements AuditTrail {
  readonly #database: Kysely<AuditTables>;
  readonly #key: AuditKey;
  readonly #onFailure: (error: unknown) => void;
  #pending: string[] = [];
  #lost = 0;
  #failing = false;
  /** One transaction at a time. */
  #writing: Promise<boolean> = Promise.resolve(true);
  #soon: NodeJS.Immediate | undefined;

  constructor(database: Kysely<AuditTables>, key: AuditKey, onFailure: (error: unknown) => void) {
    this.#database = database;
    this.#key = key;
    this.#onFailure = onFailure;
  }

  hashParameters(json: string): string {
    return this.#key.hash(json);
  }

  note(entry: AuditEntry): void {
    if (this.#pending.length >= MOST_PENDING) this.#lost += 1;
    else this.#pending.push(stamp(entry));
    // All entries of one turn of the event loop are one transaction.
    this.#soon ??= setImmediate(() => void this.flush());
  }

  flush(): Promise<boolean> {
    clearImmediate(this.#soon);
    this.#soon = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#database.destroy();
  }

  async #write(): Promise<boolean> {
    const batch = this.#pending;
    if (batch.length === 0) return !this.#failing;
    const lost = this.#lost;
    this.#pending = [];
    try {
      const told = lost === 0 ? batch : [...batch, stamp({ kind: 'lost', entries: lost })];
      await this.#append(told);
      this.#lost -= lost;
      this.#failing = false;
    } catch (error) {
      this.#pending = [...batch, ...this.#pending];
      if (!this.#failing) this.#onFailure(error);
      this.#failing = true;
    }
    return !this.#failing;
  }

  async #append(entries: readonly string[]): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      const last = await transaction
        .selectFrom('entries')
        .select('hash')
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      // Not the last row's: were the end cut off, counting on from there would hide it.
      const highest = await transaction
        .selectFrom('sqlite_sequence')
        .select('seq')
        .where('name', '=', 'entries')
        .executeTakeFirst();
      let hash = last?.hash ?? NO_HASH;
      let seq = highest?.seq ?? 0;
      for (const entry of entries) {
        seq += 1;
        hash = chain(this.#key, hash, seq, entry);
        await transaction.insertInto('entries').values({ seq, entry, hash }).execute();
      }
    });
  }
}

function stamp(entry: AuditEntry): string {
  return JSON.stringify({ at: new Date().toISOString(), ...entry });
}
