import { sql } from 'kysely';
import { rounded } from '../rounded.ts';
import { entitiesNamedIn, thingsNaming } from './mentions.ts';
import type { EntityRow, GraphContext } from './tables.ts';
import { readThings, type StoredThing, type ThingLayer } from './things.ts';

/** A direct connection from one thing to another. */
export interface Link {
  readonly thing: StoredThing;
  /** 0 to 1. */
  readonly strength: number;
  /** What connects the two, in words. */
  readonly via: string;
}

/** How much a connection says where nothing can be computed. */
const STRENGTHS = { relation: 0.7, named: 0.6, source: 0.9, feedback: 0.8, neighbour: 0.3 } as const;
const MAX_LINKS = 100;

/** Everything that a thing is directly connected with, inside a project. Things without a project are in all. */
export async function linksOf(
  thing: StoredThing,
  projectId: number,
  context: GraphContext,
): Promise<readonly Link[]> {
  const sources = LINKS_BY_LAYER[thing.layer];
  const links = await Promise.all(sources.map((find) => find(thing, context)));
  return links.flat().filter(({ thing: other }) => other.projectId === null || other.projectId === projectId);
}

type LinkSource = (thing: StoredThing, context: GraphContext) => Promise<readonly Link[]>;

const LINKS_BY_LAYER: Readonly<Record<ThingLayer, readonly LinkSource[]>> = {
  semantic: [sharedTags, sources, namedEntities],
  episodic: [eventLinks, sessionNeighbours, sources, feedback, namedEntities],
  graph: [relations, mentions],
  prospective: [feedback, namedEntities],
  procedural: [namedEntities],
};

/** As strong as the share of tags that the two have in common. */
async function sharedTags({ id }: StoredThing, context: GraphContext): Promise<readonly Link[]> {
  const { rows } = await sql<{ id: number; tags: string; shared: number; own: number; total: number }>`
    select other.id, group_concat(theirs.value, ', ') as tags, count(*) as shared,
      json_array_length(mine.tags) as own, json_array_length(other.tags) as total
    from memories mine, json_each(mine.tags) as ours, memories other, json_each(other.tags) as theirs
    where mine.id = ${id} and other.id <> mine.id and ours.value = theirs.value
    group by other.id order by shared desc, other.id limit ${sql.lit(MAX_LINKS)}`.execute(context.database);
  const strengths = new Map(rows.map((row) => [row.id, row.shared / (row.own + row.total - row.shared)]));
  const vias = new Map(rows.map((row) => [row.id, `shared tags: ${row.tags}`]));
  const things = await readThings('semantic', [...strengths.keys()], context);
  return things.map((thing) => ({
    thing,
    strength: rounded(strengths.get(thing.id) ?? 0),
    via: vias.get(thing.id) ?? '',
  }));
}

/** A memory and the events that it was made from. */
async function sources({ layer, id }: StoredThing, context: GraphContext): Promise<readonly Link[]> {
  const rows = await context.database
    .selectFrom('memory_sources')
    .selectAll()
    .where(layer === 'semantic' ? 'memory_id' : 'event_id', '=', id)
    .limit(MAX_LINKS)
    .execute();
  const other = layer === 'semantic' ? 'episodic' : 'semantic';
  const ids = rows.map((row) => (layer === 'semantic' ? row.event_id : row.memory_id));
  const via = layer === 'semantic' ? 'made from this event' : 'made into this memory';
  return (await readThings(other, ids, context)).map((thing) => ({ thing, strength: STRENGTHS.source, via }));
}

async function namedEntities(
  { layer, id, text }: StoredThing,
  context: GraphContext,
): Promise<readonly Link[]> {
  const named = await entitiesNamedIn(text, context);
  const linked =
    layer !== 'episodic'
      ? []
      : await context.database
          .selectFrom('entities')
          .innerJoin('event_entities', 'event_entities.entity_id', 'entities.id')
          .selectAll('entities')
          .where('event_entities.event_id', '=', id)
          .execute();
  const entities = new Map([...named, ...linked].map((entity) => [entity.id, entity]));
  return [...entities.values()].map((entity) => ({
    thing: asThing(entity),
    strength: STRENGTHS.named,
    via: `names ${entity.name}`,
  }));
}

async function mentions({ id }: StoredThing, context: GraphContext): Promise<readonly Link[]> {
  const entity = await context.database
    .selectFrom('entities')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (entity === undefined) return [];
  const things = await thingsNaming(entity, context);
  return things.map((thing) => ({ thing, strength: STRENGTHS.named, via: `names ${entity.name}` }));
}

async function relations(
  { id, text: name }: StoredThing,
  { database }: GraphContext,
): Promise<readonly Link[]> {
  const rows = await database
    .selectFrom('relations')
    .innerJoin('entities', (join) =>
      join.on(({ eb, or, and, ref }) =>
        or([
          and([eb('from_id', '=', id), eb('entities.id', '=', ref('to_id'))]),
          and([eb('to_id', '=', id), eb('entities.id', '=', ref('from_id'))]),
        ]),
      ),
    )
    .select(['relations.from_id', 'relations.type as relation'])
    .selectAll('entities')
    .where('entities.id', '!=', id)
    .orderBy('relations.id')
    .limit(MAX_LINKS)
    .execute();
  return rows.map(({ from_id, relation, ...entity }) => ({
    thing: asThing(entity),
    strength: STRENGTHS.relation,
    via: from_id === id ? `${name} ${relation} ${entity.name}` : `${entity.name} ${relation} ${name}`,
  }));
}

/** As strong as the link was found to be. */
async function eventLinks({ id }: StoredThing, context: GraphContext): Promise<readonly Link[]> {
  const rows = await context.database
    .selectFrom('event_links')
    .selectAll()
    .where('kind', '=', 'causes')
    .where(({ eb, or }) => or([eb('from_event_id', '=', id), eb('to_event_id', '=', id)]))
    .orderBy('strength', 'desc')
    .limit(MAX_LINKS)
    .execute();
  const links = new Map(
    rows.map((row) => {
      const other = row.from_event_id === id ? row.to_event_id : row.from_event_id;
      return [other, { strength: row.strength, via: other === row.to_event_id ? 'led to' : 'followed from' }];
    }),
  );
  const things = await readThings('episodic', [...links.keys()], context);
  return things.flatMap((thing) => {
    const link = links.get(thing.id);
    return link === undefined ? [] : [{ thing, ...link }];
  });
}

/** The event before and the event after it in its session. */
async function sessionNeighbours({ id }: StoredThing, context: GraphContext): Promise<readonly Link[]> {
  const { rows } = await sql<{ id: number; via: string }>`
    with here as (select session, at, id from events where id = ${id})
    select * from (
      select e.id, 'the event before in the session' as via from events e, here
      where e.session = here.session and (e.at, e.id) < (here.at, here.id) order by e.at desc, e.id desc limit 1
    ) union all select * from (
      select e.id, 'the event after in the session' as via from events e, here
      where e.session = here.session and (e.at, e.id) > (here.at, here.id) order by e.at, e.id limit 1
    )`.execute(context.database);
  const vias = new Map(rows.map((row) => [row.id, row.via]));
  const things = await readThings('episodic', [...vias.keys()], context);
  return things.map((thing) => ({ thing, strength: STRENGTHS.neighbour, via: vias.get(thing.id) ?? '' }));
}

/** A task and the events that are feedback on it. */
async function feedback({ layer, id }: StoredThing, context: GraphContext): Promise<readonly Link[]> {
  const rows = await context.database
    .selectFrom('task_feedback')
    .select(['event_id', 'task_id'])
    .where(layer === 'prospective' ? 'task_id' : 'event_id', '=', id)
    .limit(MAX_LINKS)
    .execute();
  const other = layer === 'prospective' ? 'episodic' : 'prospective';
  const ids = rows.map((row) => (layer === 'prospective' ? row.event_id : row.task_id));
  const via = 'feedback on the task';
  return (await readThings(other, ids, context)).map((thing) => ({
    thing,
    strength: STRENGTHS.feedback,
    via,
  }));
}

function asThing({ id, name }: EntityRow): StoredThing {
  return { layer: 'graph', id, text: name, projectId: null };
}
