import type { HandlerFor } from '../handler.ts';
import { assertProject } from './projects.ts';
import { meanQuality, type ScoredMemory, scoreMemories } from './quality.ts';
import type { MemoryTables } from './tables.ts';

const WEAKEST_SHOWN = 10;

export const evaluateMemoryQuality: HandlerFor<
  'memory_tools',
  'evaluate_memory_quality',
  MemoryTables
> = async ({ project_id }, context) => {
  const project = await assertProject(context.database, project_id);
  const scored = await scoreMemories(project, context);
  return { project_id: project, memories: scored.length, scores: { ...meanQuality(scored) } };
};

export const getMemoryQualitySummary: HandlerFor<
  'memory_tools',
  'get_memory_quality_summary',
  MemoryTables
> = async ({ project_id }, context) => {
  const project = await assertProject(context.database, project_id);
  const scored = await scoreMemories(project, context);
  const byType = [...Map.groupBy(scored, ({ memory }) => memory.type)];
  return {
    project_id: project,
    memories: scored.length,
    quality: meanQuality(scored).quality,
    by_type: Object.fromEntries(
      byType.map(([type, members]) => [
        type,
        { memories: members.length, quality: meanQuality(members).quality },
      ]),
    ),
    weakest: bestFirst(scored)
      .reverse()
      .slice(0, WEAKEST_SHOWN)
      .map(({ memory }) => memory.id),
  };
};

export const scoreSemanticMemories: HandlerFor<
  'memory_tools',
  'score_semantic_memories',
  MemoryTables
> = async ({ project_id, limit }, context) => {
  const project = await assertProject(context.database, project_id);
  const best = bestFirst(await scoreMemories(project, context)).slice(0, limit);
  return {
    project_id: project,
    memories: best.map(({ memory, scores }) => ({
      memory_id: memory.id,
      content: memory.content,
      scores: { ...scores },
    })),
  };
};

function bestFirst(scored: readonly ScoredMemory[]): ScoredMemory[] {
  return scored.toSorted((a, b) => b.scores.quality - a.scores.quality || a.memory.id - b.memory.id);
}
