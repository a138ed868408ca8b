import type { EventRow } from '../episodic/event.ts';
import { rounded } from '../rounded.ts';
import { likenessOf } from '../similarity.ts';
import { stemsOf } from '../words.ts';

/** Something at a moment: an event, or a memory. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly stems: ReadonlySet<string>;
  readonly outcome: EventRow['outcome'];
}

export interface CausalStrength {
  /** 0 to 1. */
  readonly strength: number;
  readonly reason: string;
}

const MS_PER_MINUTE = 60_000;
/** After so many minutes closeness counts half. */
const HALF_LIFE_MINUTES = 30;
/** Neither closeness nor words alone reach the threshold that is usual, 0.5. */
const WEIGHTS = { closeness: 0.4, words: 0.4, outcome: 0.2 } as const;
const WORDS_IN_REASON = 5;

/**
 * How likely the earlier of two moments led to the later one: 0.4 × closeness in time (half after 30 minutes),
 * 0.4 × shared words (twice their Jaccard index, at most 1), 0.2 × outcome (trouble calls for an answer).
 */
export function causalStrength(earlier: Moment, later: Moment): CausalStrength {
  const minutes = minutesBetween(earlier, later);
  const closeness = 0.5 ** (minutes / HALF_LIFE_MINUTES);
  const words = Math.min(1, 2 * likenessOf(earlier.stems, later.stems));
  const outcome = outcomeWeight(earlier, later);
  const shared = [...earlier.stems.intersection(later.stems)].slice(0, WORDS_IN_REASON);
  const parts = [
    `${minutes} minutes apart`,
    ...(shared.length > 0 ? [`both about ${shared.join(', ')}`] : []),
    ...(outcome === 1 ? [`the first ended in ${earlier.outcome}`] : []),
  ];
  const strength = WEIGHTS.closeness * closeness + WEIGHTS.words * words + WEIGHTS.outcome * outcome;
  return { strength: rounded(strength), reason: parts.join('; ') };
}

/** Always positive, one decimal. */
export function minutesBetween(a: Moment, b: Moment): number {
  return Math.round((Math.abs(b.at - a.at) / MS_PER_MINUTE) * 10) / 10;
}

export function momentOf(event: EventRow): Moment {
  const names = namesInContext(event).map(({ name }) => name);
  return { at: event.at, stems: stemsOf([event.content, ...names].join(' ')), outcome: event.outcome };
}

/** The names that the context of an event holds, with the key each stands under, in the singular for lists. */
export function namesInContext(event: EventRow): readonly { readonly key: string; readonly name: string }[] {
  const context = JSON.parse(event.context) as Record<string, unknown>;
  return Object.entries(context)
    .filter(([key]) => key !== 'session_id')
    .flatMap(([key, value]) => {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      const singular = Array.isArray(value) ? key.replace(/s$/, '') : key;
      return values.filter(isName).map((name) => ({ key: singular, name: name.trim() }));
    });
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 200;
}

/** 1 after trouble, a half where an outcome is known at all. */
function outcomeWeight(earlier: Moment, later: Moment): number {
  if (earlier.outcome === 'failure' || earlier.outcome === 'partial') return 1;
  return earlier.outcome === null && later.outcome === null ? 0 : 0.5;
}
