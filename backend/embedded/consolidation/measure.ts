import { sql } from 'kysely';
import type { HandlerFor } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { findLikePairs } from '../similarity.ts';
import { stemsOf } from '../words.ts';
import { overallQuality } from './extract-patterns.ts';
import { findRun, readPatterns } from './runs.ts';
import type { ConsolidationTables } from './tables.ts';

/** Below this likeness two patterns have nothing in common. */
const ALIKE = 0.2;
/** A pattern whose words occur to less than this share in its events does not rest on them. */
const GROUNDED = 0.5;

export const measureConsolidationQuality: HandlerFor<
  'consolidation_tools',
  'measure_consolidation_quality',
  ConsolidationTables
> = async ({ consolidation_id, metric_types }, { database }) => {
  const run = await findRun(database, consolidation_id);
  if (run === undefined) return { consolidation_id: null, metrics: {}, quality_score: 0 };
  return {
    consolidation_id: run.id,
    metrics: Object.fromEntries(metric_types.map((type) => [type, rounded(run[type])])),
    quality_score: rounded(overallQuality(run)),
  };
};

export const measureAdvancedMetrics: HandlerFor<
  'consolidation_tools',
  'measure_advanced_consolidation_metrics',
  ConsolidationTables
> = async ({ consolidation_id, domain }, { database, pause }) => {
  const run = await findRun(database, consolidation_id);
  const all = run === undefined ? [] : await readPatterns(database, run.id);
  const patterns = all.filter(({ words, tags }) => domain === undefined || speaksOf(domain, words, tags));
  const kept = patterns.flatMap(({ content }) => content ?? []);
  const likeness = kept.map(() => 0);
  for (const { first, second, likeness: value } of await findLikePairs(kept, ALIKE, pause)) {
    for (const place of [first, second]) likeness[place] = Math.max(likeness[place] ?? 0, value);
  }
  const share = (count: number) => rounded(count / Math.max(1, patterns.length));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    consolidation_id: run?.id ?? null,
    patterns: patterns.length,
    novelty: share(sum(patterns.map(({ is_new }) => is_new))),
    retention: share(kept.length),
    use: share(patterns.filter(({ access_count }) => (access_count ?? 0) > 0).length),
    redundancy: rounded(sum(likeness) / Math.max(1, kept.length)),
    evidence: share(sum(patterns.map(({ evidence }) => evidence))),
  };
};

function speaksOf(domain: string, words: string, tags: string | null): boolean {
  const stems = stemsOf(domain);
  const ofPattern = [...(JSON.parse(words) as string[]), ...(JSON.parse(tags ?? '[]') as string[])];
  return ofPattern.some((word) => !stemsOf(word).isDisjointFrom(stems));
}

type ValidationMetric = 'hallucination_rate' | 'grounding_score' | 'validation_efficiency';

export const analyzeValidationEffectiveness: HandlerFor<
  'consolidation_tools',
  'analyze_validation_effectiveness',
  ConsolidationTables
> = async ({ consolidation_id, metric_types }, { database }) => {
  const run = await findRun(database, consolidation_id);
  if (run === undefined) return { consolidation_id: null, patterns: 0, metrics: {}, ungrounded: [] };
  const stored = (await readPatterns(database, run.id)).filter(({ content }) => content !== null);
  const groundings: { readonly id: number; readonly share: number }[] = [];
  for (const { memory_id: id, words } of stored) {
    const { rows } = await sql<{ text: string }>`
      select type || ' ' || content || ' ' || coalesce(outcome, '') as text
      from memory_sources join events on events.id = event_id where memory_id = ${id}`.execute(database);
    groundings.push({
      id,
      share: groundingOf(
        JSON.parse(words) as string[],
        rows.map((row) => row.text),
      ),
    });
  }
  const ungrounded = groundings.filter(({ share }) => share < GROUNDED).map(({ id }) => id);
  const count = Math.max(1, groundings.length);
  const figures: Readonly<Record<ValidationMetric, number>> = {
    hallucination_rate: ungrounded.length / count,
    grounding_score: groundings.reduce((sum, { share }) => sum + share, 0) / count,
    validation_efficiency: run.candidates === 0 ? 0 : (run.candidates - run.patterns) / run.candidates,
  };
  return {
    consolidation_id: run.id,
    patterns: groundings.length,
    metrics: Object.fromEntries(metric_types.map((type) => [type, rounded(figures[type])])),
    ungrounded,
  };
};

/** The share of a pattern's words that its events have. */
function groundingOf(words: readonly string[], texts: readonly string[]): number {
  const stems = new Set(texts.flatMap((text) => [...stemsOf(text)]));
  const all = words.flatMap((word) => [...stemsOf(word)]);
  return all.filter((stem) => stems.has(stem)).length / Math.max(1, all.length);
}
