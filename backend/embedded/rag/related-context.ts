import type { EntityRow, GraphTables } from '../graph/tables.ts';
import { type HandlerContext, type HandlerFor, OperationError } from '../handler.ts';
import { describeIds } from '../ids.ts';
import { type Kind, searchThings } from './search-things.ts';

/** The kinds whose texts may name an entity. */
const NAMING_KINDS: readonly Kind[] = ['memory', 'event', 'task', 'goal', 'procedure'];
/** A text names an entity when it has all words of the name. */
const NAMED = 0.9;
const MAX_ENTITIES = 200;

type Related = {
  readonly kind: Kind;
  readonly id: number;
  readonly text: string;
  readonly relation: string;
  readonly distance: number;
  readonly via: number | null;
};

export const findRelatedContext: HandlerFor<'rag_tools', 'find_related_context', GraphTables> = async (
  params,
  context,
) => {
  const { entity_id, depth, limit } = params;
  const entity = await assertEntity(entity_id, context);
  const naming = await searchThings({ query: entity.name, limit, kinds: NAMING_KINDS }, context);
  const mentions = naming
    .filter(({ score }) => score >= NAMED)
    .map(({ kind, id, text }) => ({ kind, id, text, relation: 'mentions', distance: 1, via: null }));
  const walked = await walkRelations(entity_id, depth, context);
  const related = [...walked, ...mentions].sort((a, b) => a.distance - b.distance).slice(0, limit);
  const status = related.length === 0 ? 'empty' : 'found';
  return { entity_id, depth, related_count: related.length, status, related };
};

async function assertEntity(id: number, { database }: HandlerContext<GraphTables>): Promise<EntityRow> {
  const entity = await database.selectFrom('entities').selectAll().where('id', '=', id).executeTakeFirst();
  if (entity === undefined)
    throw new OperationError(`no entity ${id}; ${await describeIds(database, 'entities')}`);
  return entity;
}

/** The entities that relations of either direction lead to, level by level. */
async function walkRelations(
  start: number,
  depth: number,
  { database }: HandlerContext<GraphTables>,
): Promise<readonly Related[]> {
  const reached = new Map<number, Related>();
  let level = [start];
  for (
    let distance = 1;
    distance <= depth && level.length > 0 && reached.size < MAX_ENTITIES;
    distance += 1
  ) {
    const at = new Set(level);
    const edges = await database
      .selectFrom('relations')
      .innerJoin('entities as source', 'source.id', 'from_id')
      .innerJoin('entities as target', 'target.id', 'to_id')
      .select(['from_id', 'to_id', 'relations.type', 'source.name as from_name', 'target.name as to_name'])
      .where(({ eb, or }) => or([eb('from_id', 'in', level), eb('to_id', 'in', level)]))
      .orderBy('relations.id')
      .limit(MAX_ENTITIES)
      .execute();
    for (const { from_id, to_id, type: relation, from_name, to_name } of edges) {
      const [id, text, from] = at.has(from_id) ? [to_id, to_name, from_id] : [from_id, from_name, to_id];
      if (id === start || reached.has(id)) continue;
      reached.set(id, { kind: 'entity', id, text, relation, distance, via: distance === 1 ? null : from });
    }
    level = [...reached.values()].filter((entity) => entity.distance === distance).map(({ id }) => id);
  }
  return [...reached.values()];
}
