import type { HandlerContext } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { findLikePairs } from '../similarity.ts';
import { stemOf, tellingWordsOf, wordsOf } from '../words.ts';
import { type MemoryRow, selectMemories } from './memory.ts';
import type { MemoryTables } from './tables.ts';

const DAY_MS = 86_400_000;
const FRESHNESS_HALF_LIFE_DAYS = 90;
/** Below this likeness two memories have nothing to do with each other. */
const ALIKE = 0.3;
/** Memories scored in one answer, the newest ones. */
const MAX_SCORED = 1_000;

/** Figures between 0 and 1. */
export interface Quality {
  readonly density: number;
  readonly freshness: number;
  readonly use: number;
  readonly uniqueness: number;
  readonly quality: number;
}

export interface ScoredMemory {
  readonly memory: MemoryRow;
  readonly scores: Quality;
}

/** The quality of each memory of a project. */
export async function scoreMemories(
  project: number,
  { database, now, pause }: Pick<HandlerContext<MemoryTables>, 'database' | 'now' | 'pause'>,
): Promise<readonly ScoredMemory[]> {
  const memories = await selectMemories(database, now())
    .where('project_id', '=', project)
    .orderBy('id', 'desc')
    .limit(MAX_SCORED)
    .execute();
  const likeness = memories.map(() => 0);
  const contents = memories.map(({ content }) => content);
  for (const pair of await findLikePairs(contents, ALIKE, pause)) {
    for (const place of [pair.first, pair.second])
      likeness[place] = Math.max(likeness[place] ?? 0, pair.likeness);
  }
  return memories.map((memory, place) => ({
    memory,
    scores: withMean({
      density: densityOf(memory.content),
      freshness: freshnessOf(memory, now()),
      use: memory.access_count / (memory.access_count + 2),
      uniqueness: 1 - (likeness[place] ?? 0),
    }),
  }));
}

/** The share of words that say something and were not said before in the text. */
function densityOf(content: string): number {
  const words = wordsOf(content).length;
  return words === 0 ? 0 : new Set(tellingWordsOf(content).map(stemOf)).size / words;
}

function freshnessOf({ accessed_at, created_at }: MemoryRow, now: number): number {
  const days = Math.max(0, now - (accessed_at ?? created_at)) / DAY_MS;
  return 0.5 ** (days / FRESHNESS_HALF_LIFE_DAYS);
}

function withMean(figures: Omit<Quality, 'quality'>): Quality {
  const { density, freshness, use, uniqueness } = figures;
  return {
    density: rounded(density),
    freshness: rounded(freshness),
    use: rounded(use),
    uniqueness: rounded(uniqueness),
    quality: rounded((density + freshness + use + uniqueness) / 4),
  };
}

/** The mean of each figure; zeros for no memories. */
export function meanQuality(scored: readonly ScoredMemory[]): Quality {
  const mean = (figure: Exclude<keyof Quality, 'quality'>) =>
    scored.reduce((sum, { scores }) => sum + scores[figure], 0) / Math.max(1, scored.length);
  return withMean({
    density: mean('density'),
    freshness: mean('freshness'),
    use: mean('use'),
    uniqueness: mean('uniqueness'),
  });
}
