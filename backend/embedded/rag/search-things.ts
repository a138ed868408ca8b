import type { HandlerContext, TextHit } from '../handler.ts';
import type { MemoryTables } from '../memory/tables.ts';
import { activeItems } from '../memory/working-items.ts';
import { rounded } from '../rounded.ts';

/** Every kind of thing that can be found by its text. */
export const KINDS = ['memory', 'event', 'entity', 'task', 'goal', 'procedure', 'working'] as const;
export type Kind = (typeof KINDS)[number];

/** How much an added word weighs beside a word of the query. */
const ADDED_WEIGHT = 0.3;
/** Looked at beyond the limit, since notes of other sessions drop out and added words change the order. */
const SPARE_HITS = 20;

export type Hit = {
  readonly kind: Kind;
  readonly id: number;
  readonly text: string;
  readonly score: number;
};

/** Searches all kinds; of working memory only the notes of the caller's session. Best first, scores rounded. */
export async function searchThings(
  { query, limit, kinds = KINDS }: { query: string; limit: number; kinds?: readonly Kind[] },
  context: HandlerContext<MemoryTables>,
): Promise<readonly Hit[]> {
  const hits = await context.text.search(kinds, query, limit + SPARE_HITS);
  return (await withoutForeignNotes(hits, context)).slice(0, limit).map(toHit);
}

/** Like `searchThings`, with words added to the query at a lower weight. */
export async function searchExpanded(
  { query, added, limit }: { query: string; added: readonly string[]; limit: number },
  context: HandlerContext<MemoryTables>,
): Promise<readonly Hit[]> {
  if (added.length === 0) return searchThings({ query, limit }, context);
  const scores = new Map<string, TextHit<Kind>>();
  for (const { text, weight } of [
    { text: query, weight: 1 / (1 + ADDED_WEIGHT) },
    { text: added.join(' '), weight: ADDED_WEIGHT / (1 + ADDED_WEIGHT) },
  ]) {
    for (const hit of await context.text.search(KINDS, text, limit + SPARE_HITS)) {
      const key = `${hit.kind} ${hit.id}`;
      scores.set(key, { ...hit, score: (scores.get(key)?.score ?? 0) + weight * hit.score });
    }
  }
  const hits = [...scores.values()].sort((a, b) => b.score - a.score);
  return (await withoutForeignNotes(hits, context)).slice(0, limit).map(toHit);
}

async function withoutForeignNotes(
  hits: readonly TextHit<Kind>[],
  context: HandlerContext<MemoryTables>,
): Promise<readonly TextHit<Kind>[]> {
  if (!hits.some(({ kind }) => kind === 'working')) return hits;
  const own = new Set((await activeItems('all', context)).map(({ id }) => id));
  return hits.filter(({ kind, id }) => kind !== 'working' || own.has(id));
}

function toHit({ kind, id, text, score }: TextHit<Kind>): Hit {
  return { kind, id, text, score: rounded(score) };
}
