import { rounded } from '../rounded.ts';
import { countTypes } from './count-types.ts';
import { readEntityRow } from './entity-store.ts';
import {
  clusteringOf,
  componentsOf,
  type Digraph,
  densityOf,
  neighboursOf,
  pageRank,
} from './graph-measures.ts';
import type { EntityRow, GraphContext } from './tables.ts';

const CENTRAL = 10;

export async function getGraphMetrics(params: { readonly entity_name?: string }, context: GraphContext) {
  const { database } = context;
  const wanted = params.entity_name === undefined ? null : await readEntityRow(params.entity_name, context);
  const entities = await database.selectFrom('entities').selectAll().orderBy('id').execute();
  const relations = await database.selectFrom('relations').selectAll().orderBy('id').execute();
  const graph: Digraph = {
    nodes: entities.map(({ id }) => id),
    edges: relations.map(({ from_id, to_id }) => [from_id, to_id] as const),
  };
  const neighbours = neighboursOf(graph);
  const components = componentsOf(neighbours);
  const ranks = pageRank(graph);
  return {
    tool: 'graph_tools',
    entity_count: entities.length,
    relation_count: relations.length,
    density: rounded(densityOf(neighbours)),
    component_count: components.length,
    largest_component: components[0]?.length ?? 0,
    entity_types: countTypes(entities),
    relation_types: countTypes(relations),
    central_entities: rankEntities(entities, graph, ranks),
    entity:
      wanted === null
        ? null
        : {
            name: wanted.name,
            in_degree: graph.edges.filter(([, to]) => to === wanted.id).length,
            out_degree: graph.edges.filter(([from]) => from === wanted.id).length,
            pagerank: rounded(ranks.get(wanted.id) ?? 0),
            clustering: rounded(clusteringOf(wanted.id, neighbours)),
            component_size: components.find((component) => component.includes(wanted.id))?.length ?? 1,
          },
  };
}

/** The entities with the highest PageRank among those that have a relation. */
function rankEntities(
  entities: readonly EntityRow[],
  { edges }: Digraph,
  ranks: ReadonlyMap<number, number>,
) {
  const degrees = new Map<number, number>();
  for (const end of edges.flat()) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  return entities
    .filter(({ id }) => degrees.has(id))
    .sort((a, b) => (ranks.get(b.id) ?? 0) - (ranks.get(a.id) ?? 0) || a.id - b.id)
    .slice(0, CENTRAL)
    .map(({ id, name }) => ({ name, degree: degrees.get(id) ?? 0, pagerank: rounded(ranks.get(id) ?? 0) }));
}
