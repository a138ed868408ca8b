import { openSqlite } from '../../database/sqlite.ts';
import { type AuditKey, openAuditKey } from './audit-key.ts';
import type { AuditFiles } from './audit-log.ts';
import { AUDIT_MIGRATIONS, type AuditTables, chain, NO_HASH } from './audit-tables.ts';

/** A place in the log: its number and its hash. Kept elsewhere, it shows later that nothing before it was rewritten. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export interface AuditReport {
  readonly entries: number;
  /** Undefined for an empty log. */
  readonly head: AuditHead | undefined;
  /** What is wrong, as sentences without a full stop; the first few of many. Empty when nothing is. */
  readonly faults: readonly string[];
}

interface Row {
  readonly seq: number;
  readonly entry: string;
  readonly hash: string;
}

const MOST_FAULTS = 20;

/**
 * Reads the whole log and holds it against its hashes.
 * @param noted a head noted earlier, which must still stand where it stood
 */
export async function verifyAudit(files: AuditFiles, noted?: AuditHead): Promise<AuditReport> {
  const database = await openSqlite<AuditTables>(files.log, AUDIT_MIGRATIONS);
  try {
    const key = openAuditKey(files.key);
    const walk = new ChainWalk(key, noted);
    const rows = database.selectFrom('entries').selectAll().orderBy('seq').stream();
    for await (const row of rows) walk.pass(row);
    const highest = await database
      .selectFrom('sqlite_sequence')
      .select('seq')
      .where('name', '=', 'entries')
      .executeTakeFirst();
    return walk.finish(highest?.seq ?? 0);
  } finally {
    await database.destroy();
  }
}

/** Reads entries of the log, oldest first, as they were written: JSON. */
export async function* readAudit(
  files: AuditFiles,
): AsyncIterable<{ readonly seq: number; readonly entry: string }> {
  const database = await openSqlite<AuditTables>(files.log, AUDIT_MIGRATIONS);
  try {
    yield* database.selectFrom('entries').select(['seq', 'entry']).orderBy('seq').stream();
  } finally {
    await database.destroy();
  }
}

/** Walks along the chain once. */
class ChainWalk {
  readonly #key: AuditKey;
  readonly #noted: AuditHead | undefined;
  readonly #faults: string[] = [];
  #head: AuditHead = { seq: 0, hash: NO_HASH };
  #entries = 0;
  #notedIsThere = false;

  constructor(key: AuditKey, noted: AuditHead | undefined) {
    this.#key = key;
    this.#noted = noted;
  }

  pass({ seq, entry, hash }: Row): void {
    const { seq: before, hash: chained } = this.#head;
    if (seq === before + 1) {
      if (chain(this.#key, chained, seq, entry) !== hash) this.#fault(`entry ${seq} was altered`);
    } else {
      // What an entry after a gap was chained to is gone with it.
      this.#fault(describeGap(before + 1, seq - 1));
    }
    this.#head = { seq, hash };
    this.#entries += 1;
    if (seq === this.#noted?.seq && hash === this.#noted.hash) this.#notedIsThere = true;
  }

  /** @param highest the highest number there ever was */
  finish(highest: number): AuditReport {
    if (highest > this.#head.seq) this.#fault(describeGap(this.#head.seq + 1, highest));
    if (this.#noted !== undefined && !this.#notedIsThere)
      this.#fault(`entry ${this.#noted.seq} is not the one that was noted: the log was written anew`);
    return {
      entries: this.#entries,
      head: this.#entries === 0 ? undefined : this.#head,
      faults: this.#faults,
    };
  }

  #fault(what: string): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push(what);
  }
}

function describeGap(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}
