import type { HandlerFor } from '../handler.ts';
import { storeEvent } from './store-event.ts';
import type { EpisodicTables } from './tables.ts';

/** Some results name the tool that keeps the data, whichever alias they were asked through. */
export const EPISODIC_TOOL = 'episodic_tools';

export const recordEvent: HandlerFor<'episodic_tools', 'record_event', EpisodicTables> = async (
  params,
  context,
) => {
  const event = await storeEvent(params, context);
  return { event_id: event.id, session_id: event.session, at: new Date(event.at).toISOString() };
};

export const batchRecordEvents: HandlerFor<'episodic_tools', 'batch_record_events', EpisodicTables> = async (
  { events },
  context,
) => {
  const ids: number[] = [];
  for (const event of events) ids.push((await storeEvent(event, context)).id);
  return { tool: EPISODIC_TOOL, recorded: ids.length, event_ids: ids };
};
