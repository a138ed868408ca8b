import type { Validator } from '../../runtime/adapter/v1.ts';
import type { Athena } from '../types.d.ts';
export const orchestrateAgentTasksParams: Validator<Athena.Orchestration.OrchestrateAgentTasksParams>;
export const orchestrateAgentTasksResult: Validator<Athena.Orchestration.OrchestrateAgentTasksResult>;
export const recommendPlanningPatternsParams: Validator<Athena.Orchestration.RecommendPlanningPatternsParams>;
export const recommendPlanningPatternsResult: Validator<Athena.Orchestration.RecommendPlanningPatternsResult>;
export const analyzeFailurePatternsParams: Validator<Athena.Orchestration.AnalyzeFailurePatternsParams>;
export const analyzeFailurePatternsResult: Validator<Athena.Orchestration.AnalyzeFailurePatternsResult>;
