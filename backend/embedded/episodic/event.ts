import type { Selectable } from 'kysely';
import type { Answer, Athena } from '../../../generated/contract.d.ts';
import type { JsonObject } from '../../../runtime/contract/json.ts';
import type { EventsTable } from './tables.ts';

export type EventRow = Selectable<EventsTable>;

/** An event as agents get it. */
export function toEvent(row: EventRow): Answer<Athena.Episodic.Event> {
  return {
    id: row.id,
    event_type: row.type,
    content: row.content,
    outcome: row.outcome,
    context: JSON.parse(row.context) as JsonObject,
    session_id: row.session,
    project_id: row.project_id,
    at: new Date(row.at).toISOString(),
  };
}

/** The text by which an event is found: type, content, outcome and the plain words of its context. */
export function textOfEvent(row: Pick<EventRow, 'type' | 'content' | 'outcome' | 'context'>): string {
  const details = Object.values(JSON.parse(row.context) as JsonObject)
    .filter((value) => typeof value === 'string')
    .join(', ')
    .slice(0, 500);
  const outcome = row.outcome === null ? '' : ` (${row.outcome})`;
  return `${row.type}: ${row.content}${outcome}${details === '' ? '' : ` [${details}]`}`;
}
