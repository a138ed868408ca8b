import { type HandlerFor, OperationError } from '../handler.ts';
import { describeIds } from '../ids.ts';
import { type MemoryRow, selectMemories, toMemory } from './memory.ts';
import { rankMemories } from './rank-memories.ts';
import { deleteMemories, type MemoryContext } from './store-memory.ts';
import type { MemoryTables } from './tables.ts';

/** Below this text match a memory is not taken for the one that was meant. */
const CERTAIN_MATCH = 0.5;

export const forget: HandlerFor<'memory_tools', 'forget', MemoryTables> = async (
  { memory_id, query },
  context,
) => {
  const memory =
    memory_id === undefined ? await bestMatch(query ?? '', context) : await assertMemory(memory_id, context);
  await deleteMemories([memory.id], context);
  return { forgotten: toMemory(memory) };
};

/** @throws {OperationError} when there is no such memory */
export async function assertMemory(id: number, { database, now }: MemoryContext): Promise<MemoryRow> {
  const memory = await selectMemories(database, now()).where('id', '=', id).executeTakeFirst();
  if (memory === undefined)
    throw new OperationError(`no memory ${id}; ${await describeIds(database, 'memories')}`);
  return memory;
}

async function bestMatch(query: string, context: MemoryContext): Promise<MemoryRow> {
  const ranked = await rankMemories(query, { k: 10 }, context);
  const best = ranked.toSorted((a, b) => b.match - a.match)[0];
  if (best === undefined) throw new OperationError(`no memory matches "${query}"; nothing was deleted`);
  if (best.match >= CERTAIN_MATCH) return best.memory;
  const { id, content } = best.memory;
  throw new OperationError(
    `no memory holds half of the words of "${query}"; nothing was deleted. The nearest is ${id}: ` +
      `"${content.slice(0, 200)}"; to delete it, give its id as memory_id`,
  );
}
