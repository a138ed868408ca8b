import type { Kysely } from 'kysely';
import { OperationError } from '../handler.ts';
import { describeIds } from '../ids.ts';
import type { EventRow } from './event.ts';
import type { EpisodicTables } from './tables.ts';

/** @throws {OperationError} when there is no such event */
export async function assertEvent(database: Kysely<EpisodicTables>, id: number): Promise<EventRow> {
  const event = await database.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst();
  if (event === undefined)
    throw new OperationError(`no event ${id}; ${await describeIds(database, 'events')}`);
  return event;
}
