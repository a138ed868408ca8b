import { sql } from 'kysely';
import type { HandlerFor, Pause } from '../handler.ts';
import { groupLike } from '../similarity.ts';
import { type MemoryRow, selectMemories, tagsOf } from './memory.ts';
import { deleteMemories, indexMemory, type MemoryContext } from './store-memory.ts';
import type { MemoryTables } from './tables.ts';

/** From this likeness on, two memories of one type and project say the same. */
const SAME = 0.85;
/** Below this usefulness a memory that was never recalled is not worth keeping. */
const WORTHLESS = 0.02;

interface Duplicates {
  readonly kept: MemoryRow;
  readonly removed: readonly MemoryRow[];
}

export const optimize: HandlerFor<'memory_tools', 'optimize', MemoryTables> = async (
  { dry_run },
  context,
) => {
  const memories = await selectMemories(context.database, context.now()).orderBy('id').execute();
  const duplicates = await findDuplicates(memories, context.pause);
  const merged = new Set(duplicates.flatMap(({ kept, removed }) => [kept, ...removed]));
  const worthless = memories.filter(
    (memory) => memory.access_count === 0 && memory.usefulness < WORTHLESS && !merged.has(memory),
  );
  const low_value = worthless.map(({ id }) => id);
  const removed = [...duplicates.flatMap((group) => group.removed.map(({ id }) => id)), ...low_value];
  if (!dry_run) {
    for (const group of duplicates) await merge(group, context);
    await deleteMemories(removed, context);
  }
  return {
    dry_run,
    examined: memories.length,
    merged: duplicates.map((group) => ({ kept: group.kept.id, removed: group.removed.map(({ id }) => id) })),
    low_value,
    removed: removed.length,
  };
};

async function findDuplicates(memories: readonly MemoryRow[], pause: Pause): Promise<readonly Duplicates[]> {
  const comparable = Map.groupBy(memories, (memory) =>
    [memory.project_id, memory.type, claimOf(memory)].join(' '),
  );
  const found: Duplicates[] = [];
  for (const members of comparable.values()) {
    const contents = members.map(({ content }) => content);
    for (const places of await groupLike(contents, SAME, pause)) {
      const [kept, ...removed] = places.flatMap((place) => members[place] ?? []);
      if (kept !== undefined && removed.length > 0) found.push({ kept, removed });
    }
  }
  return found;
}

/** What likeness in words passes over although it decides what a text says: its numbers, and whether it negates. */
function claimOf(memory: MemoryRow): string {
  const numbers = memory.content.match(/\p{N}+/gu) ?? [];
  return [isNegated(memory), ...numbers].join(' ');
}

/** Whether a memory says that something is not so. Likeness in words does not tell. */
export function isNegated(memory: Pick<MemoryRow, 'content'>): boolean {
  return /\b(?:no|not|never|cannot|without|avoid|stop)\b|n['’]t\b/i.test(memory.content);
}

async function merge({ kept, removed }: Duplicates, context: MemoryContext): Promise<void> {
  const all = [kept, ...removed];
  const accesses = all.flatMap(({ accessed_at }) => accessed_at ?? []);
  const merged = {
    tags: JSON.stringify([...new Set(all.flatMap(tagsOf))]),
    access_count: all.reduce((sum, { access_count }) => sum + access_count, 0),
    accessed_at: accesses.length === 0 ? null : Math.max(...accesses),
  };
  const { database } = context;
  await database.updateTable('memories').set(merged).where('id', '=', kept.id).execute();
  const others = sql.join(removed.map(({ id }) => id));
  await sql`insert or ignore into memory_sources (memory_id, event_id)
    select ${kept.id}, event_id from memory_sources where memory_id in (${others})`.execute(database);
  await indexMemory({ id: kept.id, content: kept.content, tags: merged.tags }, context);
}
