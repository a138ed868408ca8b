import type { HandlerFor } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { likenessOf } from '../similarity.ts';
import { stemsOf } from '../words.ts';
import { toMemory } from './memory.ts';
import { CURRENT_PROJECT } from './projects.ts';
import { rankMemories } from './rank-memories.ts';
import type { MemoryTables } from './tables.ts';

/** Matching memories that are sorted into their projects. */
const MATCHES = 200;
const MEMORIES_SHOWN = 3;

export const searchProjects: HandlerFor<'memory_tools', 'search_projects', MemoryTables> = async (
  { query, exclude_current },
  context,
) => {
  const ranked = await rankMemories(query, { k: MATCHES }, context);
  const byProject = Map.groupBy(ranked, ({ memory }) => memory.project_id);
  const projects = await context.database.selectFrom('projects').select(['id', 'name']).execute();
  const asked = stemsOf(query);
  const found = projects
    .filter(({ id }) => !exclude_current || id !== CURRENT_PROJECT)
    .map(({ id, name }) => {
      const best = (byProject.get(id) ?? []).slice(0, MEMORIES_SHOWN);
      const score = Math.max(likenessOf(asked, stemsOf(name)), ...best.map((match) => match.score));
      return { id, name, score, best };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  return {
    projects: found.map(({ id, name, score, best }) => ({
      project_id: id,
      name,
      score: rounded(score),
      memories: best.map((match) => toMemory(match.memory, match.score)),
    })),
  };
};
