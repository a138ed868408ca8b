import { sql } from 'kysely';
import type { EntityRow, GraphContext } from './tables.ts';
import { layerOfKind, readThings, type StoredThing, THING_KINDS, type ThingLayer } from './things.ts';

/** Names of a letter or two would be found in every text. */
const MIN_NAME = 3;
const MAX_MENTIONS = 100;
const LETTER = /[\p{L}\p{N}_]/u;

/** Whether a text names something, as a whole word and in any case. */
export function isNamed(text: string, name: string): boolean {
  const subject = text.toLowerCase();
  const wanted = name.toLowerCase();
  for (let at = subject.indexOf(wanted); at >= 0; at = subject.indexOf(wanted, at + 1)) {
    const before = subject[at - 1] ?? ' ';
    const after = subject[at + wanted.length] ?? ' ';
    if (!LETTER.test(before) && !LETTER.test(after)) return true;
  }
  return false;
}

/** The entities that a text names, the longest names first. */
export async function entitiesNamedIn(
  text: string,
  { database }: GraphContext,
): Promise<readonly EntityRow[]> {
  const { rows } = await sql<EntityRow>`
    select * from entities where length(name) >= ${sql.lit(MIN_NAME)} and instr(lower(${text}), lower(name)) > 0
    order by length(name) desc, id limit ${sql.lit(MAX_MENTIONS)}`.execute(database);
  return rows.filter(({ name }) => isNamed(text, name));
}

/** The things outside the graph whose text names an entity, with the events whose context does. */
export async function thingsNaming(
  entity: EntityRow,
  context: GraphContext,
): Promise<readonly StoredThing[]> {
  if (entity.name.length < MIN_NAME) return [];
  const kinds = THING_KINDS.filter((kind) => kind !== 'entity');
  const hits = await context.text.search(kinds, entity.name, MAX_MENTIONS);
  const ids = Map.groupBy(
    hits.filter(({ text }) => isNamed(text, entity.name)),
    ({ kind }) => layerOfKind(kind),
  );
  const linked = await context.database
    .selectFrom('event_entities')
    .select('event_id')
    .where('entity_id', '=', entity.id)
    .limit(MAX_MENTIONS)
    .execute();
  const found: StoredThing[] = [];
  for (const layer of ['semantic', 'episodic', 'prospective', 'procedural'] satisfies ThingLayer[]) {
    const events = layer === 'episodic' ? linked.map(({ event_id }) => event_id) : [];
    const wanted = new Set([...(ids.get(layer) ?? []).map(({ id }) => id), ...events]);
    found.push(...(await readThings(layer, [...wanted], context)));
  }
  return found;
}
