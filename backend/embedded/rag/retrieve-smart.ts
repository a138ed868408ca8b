import type { HandlerFor } from '../handler.ts';
import type { MemoryTables } from '../memory/tables.ts';
import { rounded } from '../rounded.ts';
import { searchThings } from './search-things.ts';
import { chooseStrategy } from './strategies.ts';

/** What a thing of a kind that the strategy does not favour counts. */
const OTHER_KINDS = 0.7;

export const retrieveSmart: HandlerFor<'rag_tools', 'retrieve_smart', MemoryTables> = async (
  { query, limit },
  context,
) => {
  const { strategy, kinds } = chooseStrategy(query);
  const favours = (kind: string) => strategy === 'broad' || kinds.some((favoured) => favoured === kind);
  // Favoured kinds are searched on their own too, lest the others crowd them out.
  const found = await searchThings({ query, limit: 2 * limit }, context);
  const favoured = kinds.length === 0 ? [] : await searchThings({ query, limit, kinds }, context);
  const things = new Map([...found, ...favoured].map((hit) => [`${hit.kind} ${hit.id}`, hit]));
  const results = [...things.values()]
    .map((hit) => (favours(hit.kind) ? hit : { ...hit, score: rounded(hit.score * OTHER_KINDS) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
  const message =
    results.length === 0
      ? 'Nothing that is stored has a word of the query'
      : `${results.length} results by the ${strategy} strategy`;
  return {
    query,
    limit,
    result_count: results.length,
    status: results.length === 0 ? 'empty' : 'found',
    message,
    strategy,
    results,
  };
};
