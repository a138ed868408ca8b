import type { EventRow } from '../episodic/event.ts';
import type { Pause } from '../handler.ts';
import { groupLike, likenessOf } from '../similarity.ts';
import { stemsOf, tellingWordsOf } from '../words.ts';

export type Method = 'session' | 'temporal' | 'semantic';
export type Strategy = Method | 'balanced';

/** A pause that ends a stretch of work, in ms. */
export const PAUSE_MS = 30 * 60_000;
/** From this likeness on, events speak of the same thing. */
export const SAME_SUBJECT = 0.4;
/** Likeness 0 would put everything together. */
const LEAST_LIKENESS = 0.05;
const LABEL_WORDS = 3;

/** Groups of events, each in the order of time. */
export type Clusters = readonly (readonly EventRow[])[];

/** @param events in the order of time */
export function bySession(events: readonly EventRow[]): Clusters {
  return [...Map.groupBy(events, ({ session }) => session).values()];
}

/** Begins a new group after every pause longer than `pauseMs`. */
export function byPause(events: readonly EventRow[], pauseMs: number): Clusters {
  const clusters: EventRow[][] = [];
  for (const event of events) {
    const last = clusters.at(-1);
    const before = last?.at(-1);
    if (last === undefined || before === undefined || event.at - before.at > pauseMs) clusters.push([event]);
    else last.push(event);
  }
  return clusters;
}

/** Groups events whose contents share at least `likeness` of their words, directly or over others. */
export async function byWords(
  events: readonly EventRow[],
  likeness: number,
  pause: Pause,
): Promise<Clusters> {
  const contents = events.map(({ content }) => content);
  const groups = await groupLike(contents, Math.max(LEAST_LIKENESS, likeness), pause);
  return groups.map((places) => places.flatMap((place) => events[place] ?? []));
}

/** The groups in which a strategy looks for sequences, and those it takes for topics. */
export async function clustersOf(
  strategy: Strategy,
  events: readonly EventRow[],
  pause: Pause,
): Promise<{ readonly sequences: Clusters; readonly topics: Clusters }> {
  const alike = (cluster: readonly EventRow[]) => byWords(cluster, SAME_SUBJECT, pause);
  const split = async (clusters: Clusters) => {
    const parts: Clusters[] = [];
    for (const cluster of clusters) parts.push(await alike(cluster));
    return parts.flat();
  };
  switch (strategy) {
    case 'session':
      return { sequences: bySession(events), topics: await split(bySession(events)) };
    case 'temporal':
      return { sequences: byPause(events, PAUSE_MS), topics: await split(byPause(events, PAUSE_MS)) };
    case 'semantic': {
      const clusters = await alike(events);
      return { sequences: clusters, topics: clusters };
    }
    case 'balanced': {
      const stretches = bySession(events).flatMap((session) => byPause(session, PAUSE_MS));
      return { sequences: stretches, topics: await alike(events) };
    }
    default:
      return strategy satisfies never;
  }
}

export function splitLarge(clusters: Clusters, maxSize: number): Clusters {
  return clusters.flatMap((cluster) =>
    Array.from({ length: Math.ceil(cluster.length / maxSize) }, (_, part) =>
      cluster.slice(part * maxSize, (part + 1) * maxSize),
    ),
  );
}

/** Mean likeness of neighbours in words; 1 for a single event. */
export function cohesionOf(cluster: readonly EventRow[]): number {
  const stems = cluster.map(({ content }) => stemsOf(content));
  const likenesses = stems.slice(1).map((set, index) => likenessOf(stems[index] ?? new Set(), set));
  return likenesses.length === 0 ? 1 : likenesses.reduce((sum, value) => sum + value, 0) / likenesses.length;
}

/** What a cluster has in common, in a few words. */
export function labelOf(cluster: readonly EventRow[], method: Method): string {
  const first = cluster[0];
  if (first === undefined) return '';
  switch (method) {
    case 'session':
      return first.session;
    case 'temporal':
      return new Date(first.at).toISOString();
    case 'semantic': {
      const counts = new Map<string, number>();
      const words = cluster.flatMap(({ content }) => [...new Set(tellingWordsOf(content))]);
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
      const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, LABEL_WORDS);
      return frequent.map(([word]) => word).join(' ');
    }
    default:
      return method satisfies never;
  }
}
