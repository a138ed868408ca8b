import type { Domain } from '../handler.ts';
import { analyzeConsolidationPerformance, analyzeStrategyEffectiveness } from './compare-runs.ts';
import {
  analyzeValidationEffectiveness,
  measureAdvancedMetrics,
  measureConsolidationQuality,
} from './measure.ts';
import { discoverOrchestrationPatterns } from './orchestration.ts';
import {
  analyzeProjectPatterns,
  clusterConsolidationEvents,
  extractConsolidationPatterns,
} from './preview.ts';
import { runConsolidation, runSimpleConsolidation } from './run-consolidation.ts';
import { runDueConsolidation, scheduleConsolidation } from './schedule.ts';
import { CONSOLIDATION_MIGRATIONS } from './tables.ts';

/** Events into patterns, and how well that works. */
export const consolidationDomain = {
  migrations: CONSOLIDATION_MIGRATIONS,
  reads: {
    consolidation_tools: {
      extract_consolidation_patterns: extractConsolidationPatterns,
      cluster_consolidation_events: clusterConsolidationEvents,
      measure_consolidation_quality: measureConsolidationQuality,
      measure_advanced_consolidation_metrics: measureAdvancedMetrics,
      analyze_strategy_effectiveness: analyzeStrategyEffectiveness,
      analyze_project_patterns: analyzeProjectPatterns,
      analyze_validation_effectiveness: analyzeValidationEffectiveness,
      discover_orchestration_patterns: discoverOrchestrationPatterns,
      analyze_consolidation_performance: analyzeConsolidationPerformance,
    },
  },
  writes: {
    consolidation_tools: { run_consolidation: runConsolidation },
    memory_tools: {
      run_consolidation: runSimpleConsolidation,
      schedule_consolidation: scheduleConsolidation,
    },
    episodic_tools: { schedule_consolidation: scheduleConsolidation },
  },
  chores: runDueConsolidation,
} as const satisfies Domain;
