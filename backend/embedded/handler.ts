import type { Kysely } from 'kysely';
import type { Migrations } from '../../database/sqlite.ts';
import type { Contract, HandlerOf, OperationsWith, Tool } from '../../generated/contract.d.ts';
import type { CallContext } from '../../runtime/contract/backend.ts';
import type { Effect } from '../../runtime/contract/catalogue.ts';

/** A thing found by its text. */
export interface TextHit<Kind extends string> {
  readonly kind: Kind;
  readonly id: number;
  readonly text: string;
  /** Above 0 and at most 1; near 1 when the text holds every word of the query. */
  readonly score: number;
}

/** A text index over every kind of thing that Athena remembers. It takes part in the caller's transaction. */
export interface FullText {
  /** Indexes the text of a thing, in place of what was indexed for it before. */
  put(kind: string, id: number, text: string): Promise<void>;
  remove(kind: string, id: number): Promise<void>;
  /** The text of one thing; undefined when there is no such thing. Also tells whether it exists. */
  read(kind: string, id: number): Promise<string | undefined>;
  /** The things of these kinds that match the query best, best first. A long query counts by its first 32 words. */
  search<Kind extends string>(
    kinds: readonly Kind[],
    query: string,
    limit: number,
  ): Promise<readonly TextHit<Kind>[]>;
}

/**
 * Comes now and then in work that may take long: others get their turn when it is due.
 * @throws {OperationError} when the call was cancelled; its transaction is rolled back
 */
export type Pause = () => Promise<void>;

/** What a handler works with. `Tables` are the tables of its own domain and of those it reads. */
export interface HandlerContext<Tables> {
  /** In a write, the transaction that the whole call is. Handlers open none of their own: it would wait for itself. */
  readonly database: Kysely<Tables>;
  readonly text: FullText;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Every query pauses by itself: this is for computations of more than a few ms. */
  readonly pause: Pause;
  readonly call: CallContext;
}

/** Carries one operation out. The parameters have passed the generated validator and hold their defaults. */
export type HandlerFor<T extends Tool, O extends keyof Contract[T], Tables> = HandlerOf<
  T,
  O,
  HandlerContext<Tables>
>;

/**
 * Handlers by tool and operation, as on the wire, of operations that have one of the effects: each takes what
 * the contract says that it is given, and answers what the contract says that it answers. `never` lets handlers of
 * different tables stand in one table; the registry calls each with its own.
 */
export type HandlerTable<Effects extends Effect = Effect> = {
  readonly [T in Tool]?: {
    readonly [O in OperationsWith<T, Effects>]?: HandlerFor<T, O, never>;
  };
};

/** A part of the embedded Athena: its tables and its operations. */
export interface Domain {
  readonly migrations: Migrations;
  /**
   * The operations whose effect is `read`. They run outside a transaction and store nothing, but for a count of
   * what was used, in one statement.
   */
  readonly reads: HandlerTable<'read'>;
  /** All others. Each runs in a transaction of its own: everything it stores is stored, or nothing. */
  readonly writes: HandlerTable<Exclude<Effect, 'read'>>;
  /** Carries out what has fallen due, in a transaction: at the start, and before a call once a minute at most. */
  readonly chores?: (context: Omit<HandlerContext<never>, 'call'>) => Promise<void>;
}

/** An operation that cannot be carried out as asked. Nothing is stored; the message reaches the agent. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
}
