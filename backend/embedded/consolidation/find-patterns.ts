import type { EventRow } from '../episodic/event.ts';
import type { Outcome } from '../episodic/tables.ts';
import { stemOf, tellingWordsOf } from '../words.ts';
import type { Clusters } from './cluster-events.ts';

export type PatternKind = 'sequence' | 'topic' | 'outcome';

/** Something that repeats in events. */
export interface FoundPattern {
  readonly kind: PatternKind;
  /** The event types or words that make it; with the kind, they tell it from other patterns. */
  readonly words: readonly string[];
  readonly statement: string;
  /** How often it was seen. */
  readonly frequency: number;
  /** Between 0 and 1. */
  readonly confidence: number;
  readonly events: readonly number[];
}

/** Longest run of event types that is looked at. */
const MAX_STEPS = 3;
/** A word belongs to a topic when this share of its events has it. */
const COMMON_WORD = 0.6;
const MAX_TOPIC_WORDS = 6;

/** Runs of two or three event types within a session, with how often the last one follows the others. */
export function findSequences(clusters: Clusters): readonly FoundPattern[] {
  const seen = new Map<string, { steps: readonly string[]; frequency: number; events: Set<number> }>();
  const starts = new Map<string, number>();
  const stretches = clusters.flatMap((cluster) => [
    ...Map.groupBy(cluster, ({ session }) => session).values(),
  ]);
  for (const stretch of stretches) {
    for (const [place] of stretch.entries()) {
      for (let length = 1; length <= MAX_STEPS && place + length <= stretch.length; length += 1) {
        const part = stretch.slice(place, place + length);
        const steps = part.map(({ type }) => type);
        const key = JSON.stringify(steps);
        // Only what something follows counts as the beginning of a sequence.
        if (place + length < stretch.length) starts.set(key, (starts.get(key) ?? 0) + 1);
        if (new Set(steps).size < 2) continue;
        const sequence = seen.get(key) ?? { steps, frequency: 0, events: new Set() };
        sequence.frequency += 1;
        for (const { id } of part) sequence.events.add(id);
        seen.set(key, sequence);
      }
    }
  }
  return withoutParts([...seen.values()]).map(({ steps, frequency, events }) => {
    const times = starts.get(JSON.stringify(steps.slice(0, -1))) ?? frequency;
    return {
      kind: 'sequence',
      words: steps,
      statement: `${steps.slice(0, -1).join(', then ')} is followed by ${steps.at(-1)} (${frequency} of ${times} times)`,
      frequency,
      confidence: frequency / times,
      events: [...events],
    };
  });
}

/** Leaves out sequences that were only seen as a part of a longer one. */
function withoutParts<S extends { readonly steps: readonly string[]; readonly frequency: number }>(
  sequences: readonly S[],
): readonly S[] {
  const covered = new Map<string, number>();
  for (const { steps, frequency } of sequences.filter((sequence) => sequence.steps.length === MAX_STEPS)) {
    for (const part of [steps.slice(1), steps.slice(0, -1)].map((part) => JSON.stringify(part)))
      covered.set(part, Math.max(covered.get(part) ?? 0, frequency));
  }
  return sequences.filter(({ steps, frequency }) => frequency > (covered.get(JSON.stringify(steps)) ?? 0));
}

/** One topic a group of like events: the words that most of them have. */
export function findTopics(clusters: Clusters): readonly FoundPattern[] {
  return clusters.flatMap((cluster) => {
    if (cluster.length < 2) return [];
    const counts = new Map<string, { word: string; events: number }>();
    for (const { content } of cluster) {
      for (const [stem, word] of new Map(tellingWordsOf(content).map((word) => [stemOf(word), word]))) {
        const entry = counts.get(stem) ?? { word, events: 0 };
        entry.events += 1;
        counts.set(stem, entry);
      }
    }
    const common = [...counts.values()]
      .filter(({ events }) => events >= COMMON_WORD * cluster.length)
      .sort((a, b) => b.events - a.events)
      .slice(0, MAX_TOPIC_WORDS);
    if (common.length === 0) return [];
    const words = common.map(({ word }) => word);
    const share = common.reduce((sum, { events }) => sum + events, 0) / (common.length * cluster.length);
    return {
      kind: 'topic',
      words,
      statement: `${words.join(', ')} come up together (in ${cluster.length} events)`,
      frequency: cluster.length,
      confidence: share,
      events: cluster.map(({ id }) => id),
    };
  });
}

const ENDINGS: Readonly<Record<Exclude<Outcome, 'ongoing'>, string>> = {
  success: 'mostly succeeds',
  failure: 'mostly fails',
  partial: 'mostly succeeds in part',
};

/** Which way most events of a type end. */
export function findOutcomes(events: readonly EventRow[]): readonly FoundPattern[] {
  return [...Map.groupBy(events, ({ type }) => type)].flatMap(([type, ofType]) => {
    const ended = ofType.filter(({ outcome }) => outcome !== null && outcome !== 'ongoing');
    const [outcome, members] =
      [...Map.groupBy(ended, (event) => event.outcome)].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
    if (!outcome || outcome === 'ongoing' || members === undefined) return [];
    return {
      kind: 'outcome',
      words: [type, outcome],
      statement: `${type} ${ENDINGS[outcome]} (${members.length} of ${ended.length} times)`,
      frequency: members.length,
      confidence: members.length / ended.length,
      events: members.map(({ id }) => id),
    };
  });
}
