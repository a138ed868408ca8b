import { type Kysely, type Selectable, sql } from 'kysely';
import type { Answer, Athena } from '../../../generated/contract.d.ts';
import { rounded } from '../rounded.ts';
import type { MemoryTables } from './tables.ts';

/** How long it takes until a memory that nobody recalls is half as useful, in days. */
const HALF_LIFE_DAYS = 30;
const DAY_MS = 86_400_000;

export type MemoryRow = Selectable<MemoryTables['memories']> & {
  /** Between 0 and 1. */
  readonly usefulness: number;
};

/**
 * Memories with their usefulness at this moment: (n + 1) / (n + 2) for n recalls, halved for every half-life
 * since the last recall, or since the memory was stored.
 */
export function selectMemories(database: Kysely<MemoryTables>, now: number) {
  const age = sql`max(0, ${now} - coalesce(accessed_at, created_at))`;
  const usefulness = sql<number>`
    (access_count + 1.0) / (access_count + 2.0) * pow(0.5, ${age} / ${sql.lit(HALF_LIFE_DAYS * DAY_MS)}.0)`;
  return database.selectFrom('memories').selectAll().select(usefulness.as('usefulness'));
}

export function tagsOf(memory: Pick<MemoryRow, 'tags'>): readonly string[] {
  return JSON.parse(memory.tags) as string[];
}

/** A memory as agents get it; `score` is how well it fits their query. */
export function toMemory(memory: MemoryRow, score?: number): Answer<Athena.Memory.Memory> {
  const { accessed_at } = memory;
  return {
    id: memory.id,
    type: memory.type,
    content: memory.content,
    tags: tagsOf(memory),
    project_id: memory.project_id,
    created_at: new Date(memory.created_at).toISOString(),
    accessed_at: accessed_at === null ? null : new Date(accessed_at).toISOString(),
    access_count: memory.access_count,
    usefulness: rounded(memory.usefulness),
    ...(score === undefined ? {} : { score: rounded(score) }),
  };
}
