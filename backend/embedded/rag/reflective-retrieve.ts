import type { HandlerFor } from '../handler.ts';
import type { MemoryTables } from '../memory/tables.ts';
import { type Hit, searchExpanded, searchThings } from './search-things.ts';
import { standingOutWords } from './standing-out.ts';

const RESULTS = 10;
/** Results whose words widen the query, and how many words they add each time. */
const BEST = 3;
const ADDED_WORDS = 3;
const MAX_ADDED_WORDS = 12;

export const reflectiveRetrieve: HandlerFor<'rag_tools', 'reflective_retrieve', MemoryTables> = async (
  { query, max_iterations },
  context,
) => {
  let added: readonly string[] = [];
  let results = await searchThings({ query, limit: RESULTS }, context);
  let iterations = 1;
  let stable = false;
  while (iterations < max_iterations && !stable && results.length > 0) {
    const texts = results.slice(0, BEST).map(({ text }) => text);
    const fresh = standingOutWords(texts, [query, ...added].join(' '), ADDED_WORDS);
    added = [...added, ...fresh].slice(0, MAX_ADDED_WORDS);
    const widened = await searchExpanded({ query, added, limit: RESULTS }, context);
    iterations += 1;
    stable = keysOf(widened) === keysOf(results);
    results = widened;
  }
  const reached = stable ? 'stable' : 'limit_reached';
  return {
    query,
    iterations,
    final_result_count: results.length,
    status: results.length === 0 ? 'empty' : reached,
    added_terms: added,
    results,
  };
};

function keysOf(hits: readonly Hit[]): string {
  return hits.map(({ kind, id }) => `${kind} ${id}`).join();
}
