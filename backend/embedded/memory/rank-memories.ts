import type { HandlerContext } from '../handler.ts';
import { type MemoryRow, selectMemories } from './memory.ts';
import type { MemoryTables, MemoryType } from './tables.ts';

const DAY_MS = 86_400_000;
/** How long it takes until a memory's newness counts half, in days. */
const RECENCY_HALF_LIFE_DAYS = 90;
/** Text matches looked at: more than asked for, since usefulness and age may order them otherwise. */
const SPARE_MATCHES = 10;
/** The same when most matches may be of another type. */
const FILTERED_MATCHES = 1_000;

export interface RankedMemory {
  readonly memory: MemoryRow;
  /** Text match × usefulness × recency, the last two counting at least half: between 0 and 1. */
  readonly score: number;
  readonly match: number;
}

/** The memories that fit a query best, best first. */
export async function rankMemories(
  query: string,
  { k, types }: { readonly k: number; readonly types?: readonly MemoryType[] | undefined },
  { database, text, now }: Pick<HandlerContext<MemoryTables>, 'database' | 'text' | 'now'>,
): Promise<readonly RankedMemory[]> {
  const hits = await text.search(
    ['memory'],
    query,
    types === undefined ? k + SPARE_MATCHES : FILTERED_MATCHES,
  );
  if (hits.length === 0) return [];
  const matches = new Map(hits.map(({ id, score }) => [id, score]));
  const found = selectMemories(database, now()).where('id', 'in', [...matches.keys()]);
  const memories = await (types === undefined ? found : found.where('type', 'in', [...types])).execute();
  return memories
    .map((memory) => {
      const match = matches.get(memory.id) ?? 0;
      return { memory, match, score: match * weightOf(memory, now()) };
    })
    .sort((a, b) => b.score - a.score || b.memory.id - a.memory.id)
    .slice(0, k);
}

function weightOf({ usefulness, created_at }: MemoryRow, now: number): number {
  const days = Math.max(0, now - created_at) / DAY_MS;
  const recency = 0.5 ** (days / RECENCY_HALF_LIFE_DAYS);
  return ((1 + usefulness) / 2) * ((1 + recency) / 2);
}
