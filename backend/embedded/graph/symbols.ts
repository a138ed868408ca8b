import { readObservations } from './entity-store.ts';
import { type Dependency, readSymbol, readSymbolGraph, type SymbolGraph } from './symbol-graph.ts';
import type { EntityRow, GraphContext } from './tables.ts';

type SymbolLink = {
  readonly symbol: string;
  readonly type: string;
  readonly relation_type: string;
  readonly distance: number;
};

/** Relations that say where a symbol is defined, by the end at which the symbol stands. */
const CONTAINS = ['contains', 'defines', 'declares', 'exports'];
const IS_PART_OF = ['defined_in', 'declared_in', 'belongs_to', 'member_of', 'part_of', 'exported_by'];

interface SymbolParams {
  readonly symbol: string;
}

export async function getSymbolInfo(params: SymbolParams, context: GraphContext) {
  const row = await readSymbol(params.symbol, context);
  const links = followDependencies(row, 'dependents', await readSymbolGraph(context));
  return {
    status: 'success',
    symbol: row.name,
    type: row.type,
    definitions: [
      ...((await readObservations([row.id], context)).get(row.id) ?? []),
      ...(await readContainers(row, context)).map(({ type, name }) => `in ${type} ${name}`),
    ],
    references: links.filter(({ distance }) => distance === 1),
    timestamp: new Date(context.now()).toISOString(),
  };
}

export async function findSymbolDependencies(params: SymbolParams, context: GraphContext) {
  const row = await readSymbol(params.symbol, context);
  const dependencies = followDependencies(row, 'dependencies', await readSymbolGraph(context));
  const timestamp = new Date(context.now()).toISOString();
  return {
    status: 'success',
    symbol: row.name,
    dependencies,
    dependency_count: dependencies.length,
    timestamp,
  };
}

export async function findSymbolDependents(params: SymbolParams, context: GraphContext) {
  const row = await readSymbol(params.symbol, context);
  const dependents = followDependencies(row, 'dependents', await readSymbolGraph(context));
  const timestamp = new Date(context.now()).toISOString();
  return { status: 'success', symbol: row.name, dependents, dependent_count: dependents.length, timestamp };
}

/** Everything that a symbol depends on, or that depends on it, the nearest first. */
function followDependencies(
  start: EntityRow,
  towards: 'dependencies' | 'dependents',
  { entities, dependencies }: SymbolGraph,
): readonly SymbolLink[] {
  const near = ({ dependent, dependency }: Dependency) =>
    towards === 'dependencies' ? dependent : dependency;
  const far = ({ dependent, dependency }: Dependency) =>
    towards === 'dependencies' ? dependency : dependent;
  const byNearEnd = Map.groupBy(dependencies, near);
  const reached = new Set([start.id]);
  const links: SymbolLink[] = [];
  let level = [start.id];
  for (let distance = 1; level.length > 0; distance++) {
    const edges = level.flatMap((id) => byNearEnd.get(id) ?? []);
    level = [];
    for (const edge of edges) {
      const entity = entities.get(far(edge));
      if (entity === undefined || reached.has(entity.id)) continue;
      reached.add(entity.id);
      level.push(entity.id);
      links.push({ symbol: entity.name, type: entity.type, relation_type: edge.relationType, distance });
    }
  }
  return links;
}

function readContainers({ id }: EntityRow, { database }: GraphContext): Promise<EntityRow[]> {
  return database
    .selectFrom('entities')
    .selectAll()
    .where(({ eb, or, selectFrom }) =>
      or([
        eb(
          'id',
          'in',
          selectFrom('relations').select('from_id').where('to_id', '=', id).where('type', 'in', CONTAINS),
        ),
        eb(
          'id',
          'in',
          selectFrom('relations').select('to_id').where('from_id', '=', id).where('type', 'in', IS_PART_OF),
        ),
      ]),
    )
    .orderBy('id')
    .execute();
}
