import type { Kysely } from 'kysely';
import type { Migrations } from '../../database/sqlite.ts';
import type { CallContext } from '../../runtime/contract/backend.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';

/** A text index over every kind of thing that Athena remembers. */
export interface FullText {
  /** Indexes the text of a thing, in place of what was indexed for it before. */
  put(kind: string, id: number, text: string): Promise<void>;
  remove(kind: string, id: number): Promise<void>;
  /** The things of these kinds that match the query best, best first; `score` is above 0 and at most 1. */
  search(
    kinds: readonly string[],
    query: string,
    limit: number,
  ): Promise<readonly { readonly kind: string; readonly id: number; readonly score: number }[]>;
}

/** What a handler works with. `Tables` are the tables of its own domain and of those it reads. */
export interface HandlerContext<Tables> {
  readonly database: Kysely<Tables>;
  readonly text: FullText;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly call: CallContext;
}

/** Carries one operation out. The parameters have passed the generated validator and hold their defaults. */
export type Handler<Params, Tables> = (params: Params, context: HandlerContext<Tables>) => Promise<JsonValue>;

/**
 * A part of the embedded Athena: its tables, and its handlers by tool and operation, as on the wire. `never`
 * lets handlers of different parameters and tables stand in one table; the registry calls each with its own.
 */
export interface Domain {
  readonly migrations: Migrations;
  readonly handlers: Readonly<Record<string, Readonly<Record<string, Handler<never, never>>>>>;
}

/** An operation that cannot be carried out as asked. The message reaches the agent. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
}
