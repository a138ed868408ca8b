import type { Domain } from '../handler.ts';
import { checkCognitiveLoad } from './cognitive-load.ts';
import { analyzeCoverage, getExpertise } from './coverage.ts';
import { forget } from './forget.ts';
import { detectKnowledgeGaps } from './gaps.ts';
import { getMetacognitionInsights } from './insights.ts';
import { getLearningRates, getSelfReflection } from './learning.ts';
import { optimize } from './optimize.ts';
import { listMemories, recall } from './recall.ts';
import { evaluateMemoryQuality, getMemoryQualitySummary, scoreSemanticMemories } from './report-quality.ts';
import { searchProjects } from './search-projects.ts';
import { smartRetrieve } from './smart-retrieve.ts';
import { remember } from './store-memory.ts';
import { MEMORY_MIGRATIONS } from './tables.ts';
import { deleteFadedItems } from './working-items.ts';
import {
  clearWorkingMemory,
  consolidateWorkingMemory,
  getWorkingMemory,
  updateWorkingMemory,
} from './working-memory.ts';

/** Long-term memory, working memory, and what they say about themselves. */
export const memoryDomain = {
  migrations: MEMORY_MIGRATIONS,
  reads: {
    memory_tools: {
      recall,
      list_memories: listMemories,
      search_projects: searchProjects,
      smart_retrieve: smartRetrieve,
      analyze_coverage: analyzeCoverage,
      get_expertise: getExpertise,
      detect_knowledge_gaps: detectKnowledgeGaps,
      get_working_memory: getWorkingMemory,
      evaluate_memory_quality: evaluateMemoryQuality,
      get_memory_quality_summary: getMemoryQualitySummary,
      score_semantic_memories: scoreSemanticMemories,
      get_learning_rates: getLearningRates,
      get_metacognition_insights: getMetacognitionInsights,
      check_cognitive_load: checkCognitiveLoad,
      get_self_reflection: getSelfReflection,
    },
  },
  writes: {
    memory_tools: {
      remember,
      forget,
      optimize,
      update_working_memory: updateWorkingMemory,
      clear_working_memory: clearWorkingMemory,
      consolidate_working_memory: consolidateWorkingMemory,
    },
  },
  chores: deleteFadedItems,
} as const satisfies Domain;
