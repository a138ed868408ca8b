import type { JsonValue } from '../../../runtime/contract/json.ts';
import type { HandlerFor } from '../handler.ts';
import type { MemoryTables } from '../memory/tables.ts';
import { type Hit, type Kind, searchThings } from './search-things.ts';

/** Where a planning question may be sent. Of equally good routes the first is taken. */
const ROUTES = [
  { route: 'tasks', kind: 'task' },
  { route: 'goals', kind: 'goal' },
  { route: 'procedures', kind: 'procedure' },
  { route: 'events', kind: 'event' },
  { route: 'memories', kind: 'memory' },
  { route: 'entities', kind: 'entity' },
] as const satisfies readonly { readonly route: string; readonly kind: Kind }[];
type Route = (typeof ROUTES)[number]['route'];
const RESULTS = 10;
/** How many results of a kind speak for it. */
const DECIDING_RESULTS = 3;

export const routePlanningQuery: HandlerFor<'rag_tools', 'route_planning_query', MemoryTables> = async (
  params,
  context,
) => {
  const { query, context: situation } = params;
  const words = [query, ...textsIn(situation)].join(' ');
  let best: { route: Route | 'none'; weight: number; results: readonly Hit[] } = {
    route: 'none',
    weight: 0,
    results: [],
  };
  for (const { route, kind } of ROUTES) {
    const results = await searchThings({ query: words, limit: RESULTS, kinds: [kind] }, context);
    const weight = results.slice(0, DECIDING_RESULTS).reduce((sum, { score }) => sum + score, 0);
    if (weight > best.weight) best = { route, weight, results };
  }
  const { route, results } = best;
  return {
    query,
    route,
    result_count: results.length,
    status: results.length === 0 ? 'empty' : 'found',
    results,
  };
};

/** The text values of a JSON value, however deep. */
function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
