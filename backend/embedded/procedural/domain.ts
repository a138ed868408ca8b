import type { Domain } from '../handler.ts';
import { generateWorkflowFromTask, recordExecution } from './executions.ts';
import { getProcedureEffectiveness } from './get-effectiveness.ts';
import { suggestProcedureImprovements } from './improvements.ts';
import { createProcedure, findProcedures } from './procedures.ts';
import { applySuggestion, getPatternSuggestions } from './suggestions.ts';
import { PROCEDURE_MIGRATIONS } from './tables.ts';

/** Procedures that can be found, followed, measured and improved. */
export const proceduralDomain = {
  migrations: PROCEDURE_MIGRATIONS,
  reads: {
    procedural_tools: {
      find_procedures: findProcedures,
      get_procedure_effectiveness: getProcedureEffectiveness,
      suggest_procedure_improvements: suggestProcedureImprovements,
    },
  },
  writes: {
    procedural_tools: {
      create_procedure: createProcedure,
      record_execution: recordExecution,
      generate_workflow_from_task: generateWorkflowFromTask,
      get_pattern_suggestions: getPatternSuggestions,
      apply_suggestion: applySuggestion,
    },
    episodic_tools: { record_execution: recordExecution },
  },
} as const satisfies Domain;
