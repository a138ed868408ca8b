import type { HandlerFor } from '../handler.ts';
import { selectMemories, toMemory } from './memory.ts';
import { rankMemories } from './rank-memories.ts';
import type { MemoryTables } from './tables.ts';

export const recall: HandlerFor<'memory_tools', 'recall', MemoryTables> = async (
  { query, k, memory_types: types },
  context,
) => {
  const ranked = await rankMemories(query, { k, types }, context);
  const ids = ranked.map(({ memory }) => memory.id);
  if (ids.length > 0) {
    await context.database
      .updateTable('memories')
      .set(({ eb }) => ({ access_count: eb('access_count', '+', 1), accessed_at: context.now() }))
      .where('id', 'in', ids)
      .execute();
  }
  return { memories: ranked.map(({ memory, score }) => toMemory(memory, score)) };
};

const COLUMNS = { useful: 'usefulness', recent: 'created_at', most_used: 'access_count' } as const;

export const listMemories: HandlerFor<'memory_tools', 'list_memories', MemoryTables> = async (
  { limit, sort_by },
  { database, now },
) => {
  const memories = await selectMemories(database, now())
    .orderBy(COLUMNS[sort_by], 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  const { total } = await database
    .selectFrom('memories')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { memories: memories.map((memory) => toMemory(memory)), total };
};
