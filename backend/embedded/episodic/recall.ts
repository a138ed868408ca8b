import type { ExpressionBuilder } from 'kysely';
import type { HandlerContext, HandlerFor } from '../handler.ts';
import { type EventRow, toEvent } from './event.ts';
import { EPISODIC_TOOL } from './record.ts';
import type { EpisodicTables } from './tables.ts';
import { spanOf, startOfDay, type Timeframe } from './timeframe.ts';

const DAY_MS = 86_400_000;
/** Most events of a session in one answer. */
const MAX_SESSION_EVENTS = 500;
/** Text matches looked at when a type or timeframe may rule most of them out. */
const FILTERED_MATCHES = 1_000;

interface RecallParams {
  readonly query?: string;
  readonly timeframe?: Timeframe;
  readonly event_type?: string;
  readonly limit: number;
}

export const recallEvents: HandlerFor<'episodic_tools', 'recall_events', EpisodicTables> = async (
  params,
  context,
) => {
  const events =
    params.query === undefined
      ? await newestEvents(params, context)
      : await matchingEvents(params.query, params, context);
  return { events: events.map(toEvent) };
};

function newestEvents(params: RecallParams, { database, now }: HandlerContext<EpisodicTables>) {
  const events = database.selectFrom('events').selectAll().where(isAskedFor(params, now()));
  return events.orderBy('at', 'desc').orderBy('id', 'desc').limit(params.limit).execute();
}

async function matchingEvents(
  query: string,
  params: RecallParams,
  { database, text, now }: HandlerContext<EpisodicTables>,
): Promise<readonly EventRow[]> {
  const filtered = params.timeframe !== undefined || params.event_type !== undefined;
  const hits = await text.search(['event'], query, filtered ? FILTERED_MATCHES : params.limit);
  const ids = hits.map(({ id }) => id);
  const found = await database
    .selectFrom('events')
    .selectAll()
    .where('id', 'in', ids)
    .where(isAskedFor(params, now()))
    .execute();
  const byId = new Map(found.map((event) => [event.id, event]));
  return ids.flatMap((id) => byId.get(id) ?? []).slice(0, params.limit);
}

function isAskedFor({ timeframe, event_type: type }: RecallParams, now: number) {
  return ({ eb, and }: ExpressionBuilder<EpisodicTables, 'events'>) => {
    const span = timeframe === undefined ? undefined : spanOf(timeframe, now);
    return and([
      ...(type === undefined ? [] : [eb('type', '=', type)]),
      ...(span === undefined ? [] : [eb('at', '>=', span.from), eb('at', '<', span.to)]),
    ]);
  };
}

export const getTimeline: HandlerFor<'episodic_tools', 'get_timeline', EpisodicTables> = async (
  { days, limit },
  { database, now },
) => {
  const since = startOfDay(now()) - (days - 1) * DAY_MS;
  const inTime = database.selectFrom('events').where('at', '>=', since).where('at', '<=', now());
  const newest = inTime.selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(limit);
  const { total } = await inTime
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const byDay = Map.groupBy(await newest.execute(), ({ at }) => new Date(at).toISOString().slice(0, 10));
  const timeline = [...byDay].map(([date, events]) => ({ date, events: events.reverse().map(toEvent) }));
  return { days: timeline, total };
};

export const recallEventsBySession: HandlerFor<
  'episodic_tools',
  'recall_events_by_session',
  EpisodicTables
> = async ({ session_id }, { database, call }) => {
  const session = session_id ?? call.session;
  const ofSession = database.selectFrom('events').where('session', '=', session);
  const newest = ofSession.selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(MAX_SESSION_EVENTS);
  const { total } = await ofSession
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const events = (await newest.execute()).reverse().map(toEvent);
  return { tool: EPISODIC_TOOL, session_id: session, total, events };
};
