import type { Kysely, Selectable } from 'kysely';
import { NO_PAST, type RunHead, type RunJournal, type RunPast } from '../contract/journal.ts';
import type { Limits } from '../contract/limits.ts';
import type { AnsweredFrame, CallAnswer } from '../contract/sandbox.ts';
import type { Attempt } from './attempt.ts';
import { nameOwner } from './owner.ts';
import type { SessionTables } from './session-tables.ts';

const MB = 1024 * 1024;

/** Which version of a variable a run has seen last; null where there was no such variable. */
type Saw = readonly [key: string, version: string | null];

/** One line of a journal. What is written together happened together. */
export type JournalEntry = { readonly saw?: readonly Saw[] } & (
  | { readonly t: 'intend'; readonly calls: readonly number[] }
  | ({ readonly t: 'frame' } & AnsweredFrame)
  /** A change of the session itself, in the transaction of that change. */
  | { readonly t: 'done'; readonly call: number; readonly answer: CallAnswer }
);

/** A journal as the session's variables write in it. */
export interface SessionJournal extends RunJournal {
  readonly seen: ReadonlyMap<string, string | undefined>;
  saw(key: string, version: string | undefined): void;
  /** Notes the answer of a call that changes the session, in the change's own transaction. */
  done(transaction: Kysely<SessionTables>, call: number, answer: CallAnswer): Promise<void>;
  /** How much was written, in bytes. */
  readonly bytes: number;
}

/** A run's past with what only sessions know of it. */
export interface SessionPast extends RunPast {
  readonly seen: ReadonlyMap<string, string | undefined>;
  readonly bytes: number;
  /** What the history said of it; left out for a run that begins. */
  readonly came?: Pick<Selectable<SessionTables['executions']>, 'outcome' | 'ending'>;
}

/** A session, by whose it is and its name. */
export interface SessionOwner {
  readonly principal: string;
  readonly session: string;
}

export const NOTHING_BEFORE: SessionPast = Object.freeze({ ...NO_PAST, seen: new Map(), bytes: 0 });

/**
 * The journal of one run. Nothing is written before its first call: a run without calls has nothing to resume.
 * @param past what was written before the run was interrupted; the run then belongs to this process already
 * @param onBug told of what fails for another reason than the storage
 */
export function createJournal(
  database: Kysely<SessionTables>,
  owner: SessionOwner,
  head: RunHead,
  past: SessionPast,
  limits: Limits,
  attempt: Attempt,
  onBug: (error: unknown) => void,
): SessionJournal {
  const most = limits.journalMb * MB;
  let isBegun = past !== NOTHING_BEFORE;
  let bytes = past.bytes;
  let why: ReturnType<RunJournal['givenUp']>;
  /** Whether what was written of a journal that was given up is gone: a part of it must not be resumed. */
  let isForgotten = true;
  let saw: Saw[] = [];
  let intended: number[] = [];
  let writing: Promise<boolean> | undefined;

  const insert = async (transaction: Kysely<SessionTables>, body: string): Promise<void> => {
    await transaction.insertInto('journal').values({ execution: head.execution, body }).execute();
    bytes += body.length;
  };
  const begin = async (transaction: Kysely<SessionTables>): Promise<void> => {
    if (isBegun) return;
    await transaction
      .insertInto('executions')
      .values(rowOf(owner, head))
      .onConflict((conflict) => conflict.column('execution').doNothing())
      .execute();
  };
  const giveUp = async (reason: NonNullable<typeof why>): Promise<void> => {
    why = reason;
    const forgotten = await attempt('The journal is not removed', () =>
      database.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('journal').where('execution', '=', head.execution).execute();
        await transaction
          .updateTable('executions')
          .set({ head: null })
          .where('execution', '=', head.execution)
          .execute();
      }),
    );
    isForgotten = forgotten.ok;
  };
  const write = async (entry: JournalEntry): Promise<void> => {
    if (why !== undefined) return;
    const body = JSON.stringify(saw.length === 0 ? entry : { ...entry, saw });
    saw = [];
    if (bytes + body.length > most) {
      const limit = { name: 'journalMb', value: limits.journalMb } as const;
      await giveUp({ message: `its journal is larger than limit journalMb (${limits.journalMb})`, limit });
      return;
    }
    const written = await attempt('The journal is not written', () =>
      isBegun
        ? insert(database, body)
        : database.transaction().execute(async (transaction) => {
            await begin(transaction);
            await insert(transaction, body);
          }),
    );
    if (written.ok) isBegun = true;
    else await giveUp({ message: `its journal is not written: ${written.fault}` });
  };
  /** Calls that are about to leave in the same turn are written together. */
  const writeIntended = async (): Promise<boolean> => {
    await Promise.resolve();
    const calls = intended;
    intended = [];
    writing = undefined;
    await write({ t: 'intend', calls });
    if (why !== undefined && !isForgotten) await giveUp(why);
    return isForgotten;
  };

  return {
    past,
    seen: past.seen,
    get bytes() {
      return bytes;
    },
    saw: (key, version) => void saw.push([key, version ?? null]),
    begin: async () => {
      if (!isBegun) await write({ t: 'intend', calls: [] });
    },
    intend: (call) => {
      intended.push(call.number);
      writing ??= writeIntended();
      return writing;
    },
    note: async (frame) => {
      try {
        await write({ t: 'frame', ...frame });
      } catch (error) {
        onBug(error);
        why ??= { message: 'its journal failed by a bug' };
        isForgotten = false;
      }
    },
    done: async (transaction, call, answer) => {
      if (why !== undefined) return;
      const body = JSON.stringify({ t: 'done', call, answer, saw } satisfies JournalEntry);
      await begin(transaction);
      await insert(transaction, body);
    },
    release: async () => {
      await attempt('The run is not given back', () =>
        database
          .updateTable('executions')
          .set({ owner: null, ...past.came })
          .where('execution', '=', head.execution)
          .execute(),
      );
    },
    // An operator who wants no journals need not be told that there are none.
    givenUp: () => (most === 0 ? undefined : why),
  };
}

/** A run that goes on, as a line of its session's history. */
export function rowOf({ principal, session }: SessionOwner, head: RunHead) {
  const { execution, startedAt, code, seed, ...rest } = head;
  return {
    principal,
    session,
    execution,
    started_at: startedAt,
    code,
    code_hash: rest.program.hash,
    seed,
    outcome: 'running',
    calls_made: 0,
    calls_wrote: 0,
    total_ms: 0,
    owner: nameOwner(),
    head: JSON.stringify(rest),
  };
}
