import { toTypeName } from './entity-store.ts';
import { type Direction, walkGraph } from './neighbourhood.ts';
import type { GraphContext } from './tables.ts';

const MATCHES = 20;
/** Where a walk without a query begins, at most. */
const STARTS = 100;

export async function searchGraph(
  params: { readonly query: string; readonly depth: number },
  context: GraphContext,
) {
  const starts = await findEntities(params.query, context);
  return walkGraph(starts, { depth: params.depth, direction: 'both' }, context);
}

export async function searchGraphWithDepth(
  params: {
    readonly query?: string;
    readonly relation_type?: string;
    readonly direction: Direction;
    readonly depth: number;
  },
  context: GraphContext,
) {
  const { query, direction, depth } = params;
  const relationType = params.relation_type === undefined ? undefined : toTypeName(params.relation_type);
  const starts =
    query === undefined
      ? await findStarts(relationType, direction, context)
      : await findEntities(query, context);
  return { tool: 'graph_tools', ...(await walkGraph(starts, { depth, direction, relationType }, context)) };
}

/** The ids of the entities that match best, with their scores. */
async function findEntities(query: string, { text }: GraphContext): Promise<ReadonlyMap<number, number>> {
  const hits = await text.search(['entity'], query, MATCHES);
  return new Map(hits.map(({ id, score }) => [id, score]));
}

/** The entities where a relation of this type begins, seen in this direction. */
async function findStarts(
  relationType: string | undefined,
  direction: Direction,
  { database }: GraphContext,
): Promise<ReadonlyMap<number, number>> {
  const query = database.selectFrom('relations').select(['from_id', 'to_id']).orderBy('id');
  const edges = await (relationType === undefined ? query : query.where('type', '=', relationType)).execute();
  const ends = edges.flatMap(({ from_id, to_id }) => [
    ...(direction === 'incoming' ? [] : [from_id]),
    ...(direction === 'outgoing' ? [] : [to_id]),
  ]);
  return new Map([...new Set(ends)].slice(0, STARTS).map((id) => [id, 0]));
}
