import type { HandlerFor } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { overallQuality } from './extract-patterns.ts';
import { findRun, type RunRow } from './runs.ts';
import type { ConsolidationTables } from './tables.ts';

const HOUR_MS = 3_600_000;
const RUNS_SHOWN = 50;

export const analyzeStrategyEffectiveness: HandlerFor<
  'consolidation_tools',
  'analyze_strategy_effectiveness',
  ConsolidationTables
> = async ({ time_window, compare_strategies }, { database, now }) => {
  const runs = await database
    .selectFrom('consolidation_runs')
    .selectAll()
    .where('started_at', '>=', now() - time_window * HOUR_MS)
    .where('strategy', 'in', [...compare_strategies])
    .execute();
  const byStrategy = Map.groupBy(runs, ({ strategy }) => strategy);
  const strategies = compare_strategies.map((strategy) => {
    const ofStrategy = byStrategy.get(strategy) ?? [];
    return {
      strategy,
      runs: ofStrategy.length,
      events: sum(ofStrategy, ({ events }) => events),
      patterns: sum(ofStrategy, ({ patterns }) => patterns),
      quality: mean(ofStrategy, overallQuality),
      duration_ms: mean(ofStrategy, ({ duration_ms }) => duration_ms),
    };
  });
  const best = strategies.toSorted((a, b) => (b.quality ?? -1) - (a.quality ?? -1))[0];
  return { strategies, best: best === undefined || best.runs === 0 ? null : best.strategy };
};

export const analyzeConsolidationPerformance: HandlerFor<
  'consolidation_tools',
  'analyze_consolidation_performance',
  ConsolidationTables
> = async ({ consolidation_id }, { database }) => {
  const asked = consolidation_id === undefined ? undefined : await findRun(database, consolidation_id);
  const newest = database
    .selectFrom('consolidation_runs')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(RUNS_SHOWN);
  const runs = asked === undefined ? await newest.execute() : [asked];
  const seconds = sum(runs, ({ duration_ms }) => duration_ms) / 1_000;
  return {
    runs: runs.map((run) => ({
      run_id: run.id,
      strategy: run.strategy,
      project_id: run.project_id,
      started_at: new Date(run.started_at).toISOString(),
      duration_ms: run.duration_ms,
      events: run.events,
      patterns: run.patterns,
      quality_score: rounded(overallQuality(run)),
    })),
    average_duration_ms: mean(runs, ({ duration_ms }) => duration_ms) ?? 0,
    events_per_second: seconds === 0 ? 0 : rounded(sum(runs, ({ events }) => events) / seconds),
  };
};

function sum(runs: readonly RunRow[], figure: (run: RunRow) => number): number {
  return runs.reduce((total, run) => total + figure(run), 0);
}

function mean(runs: readonly RunRow[], figure: (run: RunRow) => number): number | null {
  return runs.length === 0 ? null : rounded(sum(runs, figure) / runs.length);
}
