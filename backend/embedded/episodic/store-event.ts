import type { JsonObject } from '../../../runtime/contract/json.ts';
import type { HandlerContext } from '../handler.ts';
import { CURRENT_PROJECT, ensureProject } from '../memory/projects.ts';
import { type EventRow, textOfEvent } from './event.ts';
import type { EpisodicTables, Outcome } from './tables.ts';

/** An event as callers give it. */
export interface EventInput {
  readonly content: string;
  readonly event_type?: string;
  readonly outcome?: Outcome;
  readonly context?: JsonObject;
  /** Milliseconds since the epoch; now when left out. */
  readonly timestamp?: number;
}

/** Stores an event, in the caller's transaction, and makes it searchable. */
export async function storeEvent(
  input: EventInput,
  { database, text, now, call }: HandlerContext<EpisodicTables>,
): Promise<EventRow> {
  const context = input.context ?? {};
  const { session_id: session, project } = context;
  const event = await database
    .insertInto('events')
    .values({
      project_id: isName(project) ? await ensureProject(database, project, now()) : CURRENT_PROJECT,
      session: isName(session) ? session : call.session,
      type: input.event_type ?? 'action',
      content: input.content,
      outcome: input.outcome ?? null,
      context: JSON.stringify(context),
      at: input.timestamp ?? now(),
      consolidated_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await text.put('event', event.id, textOfEvent(event));
  return event;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 200;
}
