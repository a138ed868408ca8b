import type { EventRow } from '../episodic/event.ts';
import type { HandlerFor, Pause } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { bySession } from './cluster-events.ts';
import type { ConsolidationTables } from './tables.ts';

const HOUR_MS = 3_600_000;
/** Events of two sessions this close together happen side by side, in ms. */
const SIDE_BY_SIDE_MS = 60_000;
/** Events looked at, the newest ones. */
const MAX_EVENTS = 5_000;
/** Events before one that may be at its side: a batch of one moment would make millions of pairs. */
const MAX_SIDE_BY_SIDE = 50;
const MIN_FREQUENCY = 2;
const MAX_PATTERNS = 50;

type OrchestrationType = 'sequential' | 'iterative' | 'parallel';
interface Sighting {
  readonly type: OrchestrationType;
  readonly steps: readonly string[];
  readonly sessions: readonly string[];
  readonly last: EventRow;
}

export const discoverOrchestrationPatterns: HandlerFor<
  'consolidation_tools',
  'discover_orchestration_patterns',
  ConsolidationTables
> = async ({ time_window, pattern_type }, { database, now, pause }) => {
  const newest = database
    .selectFrom('events')
    .selectAll()
    .where('at', '>=', now() - time_window * HOUR_MS)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_EVENTS);
  const events = (await newest.execute()).reverse();
  const sightings = [...findNeighbours(events), ...(await findParallel(events, pause))];
  const groups = await groupAlike(
    sightings.filter(({ type }) => pattern_type === 'all' || type === pattern_type),
    pause,
  );
  const patterns = [...groups.values()]
    .filter((group) => group.length >= MIN_FREQUENCY)
    .sort((a, b) => b.length - a.length)
    .slice(0, MAX_PATTERNS)
    .flatMap(toOrchestration);
  return { events: events.length, patterns };
};

/** A type that follows another, or itself, directly in a session. */
function findNeighbours(events: readonly EventRow[]): readonly Sighting[] {
  return bySession(events).flatMap((session) =>
    session.slice(1).flatMap((last, index) => {
      const first = session[index];
      if (first === undefined) return [];
      const type = first.type === last.type ? 'iterative' : 'sequential';
      const steps = type === 'iterative' ? [last.type] : [first.type, last.type];
      return { type, steps, sessions: [last.session], last };
    }),
  );
}

/** Two types in different sessions at about the same time. */
async function findParallel(events: readonly EventRow[], pause: Pause): Promise<readonly Sighting[]> {
  const sightings: Sighting[] = [];
  for (const [place, last] of events.entries()) {
    for (let before = place - 1; before >= Math.max(0, place - MAX_SIDE_BY_SIDE); before -= 1) {
      const first = events[before];
      if (first === undefined || last.at - first.at > SIDE_BY_SIDE_MS) break;
      if (first.session === last.session) continue;
      const steps = [first.type, last.type].sort();
      sightings.push({ type: 'parallel', steps, sessions: [first.session, last.session], last });
    }
    await pause();
  }
  return sightings;
}

async function groupAlike(
  sightings: readonly Sighting[],
  pause: Pause,
): Promise<ReadonlyMap<string, readonly Sighting[]>> {
  const groups = new Map<string, Sighting[]>();
  for (const [place, sighting] of sightings.entries()) {
    const key = JSON.stringify([sighting.type, sighting.steps]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sighting]);
    else group.push(sighting);
    if (place % MAX_SIDE_BY_SIDE === 0) await pause();
  }
  return groups;
}

const OUTCOME_VALUES: Readonly<Record<string, number>> = { success: 1, partial: 0.5, failure: 0 };

function toOrchestration(group: readonly Sighting[]) {
  const sample = group[0];
  if (sample === undefined) return [];
  const values = group.flatMap(({ last }) => OUTCOME_VALUES[last.outcome ?? ''] ?? []);
  const rate = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    pattern_type: sample.type,
    steps: sample.steps,
    frequency: group.length,
    sessions: new Set(group.flatMap(({ sessions }) => sessions)).size,
    success_rate: values.length === 0 ? null : rounded(rate),
  };
}
