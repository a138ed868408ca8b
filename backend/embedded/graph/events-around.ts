import type { EventRow } from '../episodic/event.ts';
import { causalStrength, type Moment, minutesBetween, momentOf } from './causal-strength.ts';
import type { GraphContext } from './tables.ts';

/** An event beside a moment, as an agent sees it. */
type TimedEvent = {
  readonly event_id: number;
  readonly content: string;
  readonly outcome: EventRow['outcome'];
  readonly happened_at: string;
  readonly minutes_apart: number;
  readonly strength: number;
};

export interface Surroundings {
  /** Likely causes first. */
  readonly before: readonly TimedEvent[];
  /** Likely effects first. */
  readonly after: readonly TimedEvent[];
}

/** How many of the nearest events on either side are looked at. */
const NEAREST = 50;

/**
 * The events before and after a moment that most likely belong to it, strongest first.
 * @param eventId the event that the moment is, which is not beside itself
 */
export async function eventsAround(
  moment: Moment,
  {
    projectId,
    limit,
    eventId = 0,
  }: { readonly projectId: number; readonly limit: number; readonly eventId?: number },
  { database }: GraphContext,
): Promise<Surroundings> {
  const events = database
    .selectFrom('events')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '!=', eventId)
    .limit(NEAREST);
  // Of events at the same moment, the one with the lower id came first; a memory comes after all of them.
  const isBefore = ({ at, id }: EventRow) => at < moment.at || eventId === 0 || id < eventId;
  const past = await events
    .where('at', '<=', moment.at)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const future = await events.where('at', '>=', moment.at).orderBy('at').orderBy('id').execute();
  const before = past.filter(isBefore);
  const after = future.filter((event) => event.at > moment.at || !isBefore(event));
  return {
    before: strongest(before, (event) => causalStrength(momentOf(event), moment).strength, moment, limit),
    after: strongest(after, (event) => causalStrength(moment, momentOf(event)).strength, moment, limit),
  };
}

function strongest(
  events: readonly EventRow[],
  strengthOf: (event: EventRow) => number,
  moment: Moment,
  limit: number,
): readonly TimedEvent[] {
  return events
    .map((event) => ({
      event_id: event.id,
      content: event.content,
      outcome: event.outcome,
      happened_at: new Date(event.at).toISOString(),
      minutes_apart: minutesBetween(moment, momentOf(event)),
      strength: strengthOf(event),
    }))
    .sort((a, b) => b.strength - a.strength || a.minutes_apart - b.minutes_apart)
    .slice(0, limit);
}
