import { readEntityRows, readObservations } from './entity-store.ts';
import type { GraphContext } from './tables.ts';

export type Direction = 'outgoing' | 'incoming' | 'both';

export interface Walk {
  readonly depth: number;
  readonly direction: Direction;
  /** Relations of any type when left out. */
  readonly relationType?: string | undefined;
}

interface Edge {
  readonly from_id: number;
  readonly type: string;
  readonly to_id: number;
}

const MAX_ENTITIES = 200;

/**
 * Walks from entities along relations, level by level, and answers with what was reached.
 * @param starts entities by id, with their text match from 0 to 1, best first
 */
export async function walkGraph(starts: ReadonlyMap<number, number>, walk: Walk, context: GraphContext) {
  const distances = new Map([...starts.keys()].map((id) => [id, 0]));
  let level = [...starts.keys()];
  let truncated = false;
  for (let distance = 1; distance <= walk.depth && level.length > 0 && !truncated; distance++) {
    const reached = (await readEdges(level, walk, context)).map(({ from_id, to_id }) => [from_id, to_id]);
    const fresh = [...new Set(reached.flat())].filter((id) => !distances.has(id));
    const room = MAX_ENTITIES - distances.size;
    truncated = fresh.length > room;
    level = fresh.slice(0, room);
    for (const id of level) distances.set(id, distance);
  }
  const ids = [...distances.keys()];
  const rows = await readEntityRows(ids, context);
  const observations = await readObservations(ids, context);
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  const edges = await readEdges(ids, { ...walk, direction: 'both' }, context);
  return {
    entities: rows.map(({ id, name, type }) => ({
      name,
      entity_type: type,
      observations: observations.get(id) ?? [],
      score: starts.get(id) ?? 0,
      distance: distances.get(id) ?? 0,
    })),
    relations: edges.flatMap(({ from_id, type, to_id }) => {
      const from_entity = names.get(from_id);
      const to_entity = names.get(to_id);
      if (from_entity === undefined || to_entity === undefined) return [];
      return [{ from_entity, relation_type: type, to_entity }];
    }),
    truncated,
  };
}

/** The relations that leave these entities in the direction of the walk. */
async function readEdges(
  ids: readonly number[],
  { direction, relationType }: Walk,
  { database }: GraphContext,
): Promise<readonly Edge[]> {
  if (ids.length === 0) return [];
  const query = database
    .selectFrom('relations')
    .select(['from_id', 'type', 'to_id'])
    .where(({ eb, or }) =>
      or([
        ...(direction === 'incoming' ? [] : [eb('from_id', 'in', ids)]),
        ...(direction === 'outgoing' ? [] : [eb('to_id', 'in', ids)]),
      ]),
    );
  return (relationType === undefined ? query : query.where('type', '=', relationType))
    .orderBy('id')
    .execute();
}
