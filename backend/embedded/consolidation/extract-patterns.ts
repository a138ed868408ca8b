import type { EventRow } from '../episodic/event.ts';
import type { Pause } from '../handler.ts';
import { clustersOf, type Strategy } from './cluster-events.ts';
import { type FoundPattern, findOutcomes, findSequences, findTopics } from './find-patterns.ts';

/** Below these confidences what repeats is taken for chance. */
const LEAST_CONFIDENCE = { sequence: 0.5, topic: 0.6, outcome: 2 / 3 } as const;
const MAX_PATTERNS = 50;

export interface Extraction {
  /** What repeats and is no chance, best supported first. */
  readonly patterns: readonly FoundPattern[];
  /** How many repeated, with those that were too weak. */
  readonly candidates: number;
}

/**
 * Finds what repeats in events.
 * @param events in the order of time
 * @param minFrequency how often something must have been seen
 */
export async function extractPatterns(
  events: readonly EventRow[],
  strategy: Strategy,
  minFrequency: number,
  pause: Pause,
): Promise<Extraction> {
  const { sequences, topics } = await clustersOf(strategy, events, pause);
  const candidates = [...findSequences(sequences), ...findTopics(topics), ...findOutcomes(events)].filter(
    ({ frequency }) => frequency >= minFrequency,
  );
  const patterns = candidates
    .filter(({ kind, confidence }) => confidence >= LEAST_CONFIDENCE[kind])
    .sort((a, b) => b.frequency * b.confidence - a.frequency * a.confidence)
    .slice(0, MAX_PATTERNS);
  return { patterns, candidates: candidates.length };
}

/** What a run came to, in figures between 0 and 1. */
export type RunQuality = {
  readonly compression: number;
  readonly recall: number;
  readonly consistency: number;
  readonly density: number;
};

/** Zeros when nothing was found. */
export function measureQuality(events: number, patterns: readonly FoundPattern[]): RunQuality {
  if (events === 0 || patterns.length === 0) return { compression: 0, recall: 0, consistency: 0, density: 0 };
  const words = patterns.flatMap((pattern) => pattern.words);
  return {
    compression: Math.max(0, 1 - patterns.length / events),
    recall: new Set(patterns.flatMap((pattern) => pattern.events)).size / events,
    consistency: patterns.reduce((sum, { confidence }) => sum + confidence, 0) / patterns.length,
    density: new Set(words).size / words.length,
  };
}

export function overallQuality({ compression, recall, consistency, density }: RunQuality): number {
  return (compression + recall + consistency + density) / 4;
}
