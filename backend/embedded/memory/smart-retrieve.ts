import type { HandlerFor } from '../handler.ts';
import { searchExpanded } from '../rag/search-things.ts';
import { standingOutWords } from '../rag/standing-out.ts';
import type { MemoryTables } from './tables.ts';

/** Words taken over from what was said before. */
const ADDED_WORDS = 6;

export const smartRetrieve: HandlerFor<'memory_tools', 'smart_retrieve', MemoryTables> = async (
  params,
  context,
) => {
  const { query, conversation_history: history = [], context: situation, k } = params;
  // What is being worked on and what was said last come first: of equally frequent words they win.
  const said = [...(situation === undefined ? [] : [situation]), ...history.toReversed()];
  const added = standingOutWords(said, query, ADDED_WORDS);
  return { results: await searchExpanded({ query, added, limit: k }, context), added_terms: added };
};
