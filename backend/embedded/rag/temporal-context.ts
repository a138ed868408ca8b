import { assertEvent } from '../episodic/assert-event.ts';
import type { EpisodicTables } from '../episodic/tables.ts';
import type { HandlerFor } from '../handler.ts';
import { rounded } from '../rounded.ts';

const MINUTES = { minute: 1, hour: 60, day: 1_440, week: 10_080 } as const;
const MINUTE_MS = 60_000;
/** Events shown to each side, the nearest ones. */
const MAX_PER_SIDE = 50;

export const enrichTemporalContext: HandlerFor<
  'rag_tools',
  'enrich_temporal_context',
  EpisodicTables
> = async ({ result_id, time_window }, { database }) => {
  const event = await assertEvent(database, result_id);
  const windowMs = msOf(time_window);
  const others = database.selectFrom('events').selectAll().where('id', '!=', event.id).limit(MAX_PER_SIDE);
  const before = others
    .where('at', '>=', event.at - windowMs)
    .where(({ eb, or, and }) =>
      or([eb('at', '<', event.at), and([eb('at', '=', event.at), eb('id', '<', event.id)])]),
    )
    .orderBy('at', 'desc')
    .orderBy('id', 'desc');
  const after = others
    .where('at', '<=', event.at + windowMs)
    .where(({ eb, or, and }) =>
      or([eb('at', '>', event.at), and([eb('at', '=', event.at), eb('id', '>', event.id)])]),
    )
    .orderBy('at')
    .orderBy('id');
  const around = [...(await before.execute()).reverse(), ...(await after.execute())];
  return {
    result_id,
    time_window,
    temporal_chain_length: around.length,
    status: around.length === 0 ? 'empty' : 'found',
    chain: around.map((other) => ({
      id: other.id,
      event_type: other.type,
      content: other.content,
      outcome: other.outcome,
      at: new Date(other.at).toISOString(),
      offset_minutes: rounded((other.at - event.at) / MINUTE_MS),
      same_session: other.session === event.session,
    })),
  };
};

function msOf(window: string): number {
  const [, amount = '0', unit = 'day'] = /^(\d+) ?(minute|hour|day|week)/.exec(window) ?? [];
  return Number(amount) * MINUTES[unit as keyof typeof MINUTES] * MINUTE_MS;
}
