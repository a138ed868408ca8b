import { OperationError } from '../handler.ts';
import type { EntityRow, GraphContext } from './tables.ts';

/** An entity as an agent sees it. */
export type Entity = {
  readonly name: string;
  readonly entity_type: string;
  readonly observations: readonly string[];
  readonly created_at: string;
};

const NAMES_IN_MESSAGE = 5;

/** `Depends on` and `depends-on` are one type. */
export function toTypeName(type: string): string {
  return type
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

export function findEntity(name: string, { database }: GraphContext): Promise<EntityRow | undefined> {
  return database.selectFrom('entities').selectAll().where('name', '=', name).executeTakeFirst();
}

/** @throws {OperationError} when no entity has the name; it tells the ones that come closest */
export async function readEntityRow(name: string, context: GraphContext): Promise<EntityRow> {
  const row = await findEntity(name, context);
  if (row !== undefined) return row;
  const hits = await context.text.search(['entity'], name, NAMES_IN_MESSAGE);
  const near = await readEntityRows(
    hits.map(({ id }) => id),
    context,
  );
  const advice =
    near.length > 0
      ? `did you mean ${near.map((entity) => `\`${entity.name}\``).join(', ')}?`
      : 'graph.createEntity stores one';
  throw new OperationError(`no entity \`${name}\`; ${advice}`);
}

/** The entities of these ids, in the order of the ids. */
export async function readEntityRows(
  ids: readonly number[],
  { database }: GraphContext,
): Promise<readonly EntityRow[]> {
  if (ids.length === 0) return [];
  const rows = await database.selectFrom('entities').selectAll().where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Finds the entity of this name, whatever its type, or stores it. */
export async function ensureEntity(name: string, type: string, context: GraphContext): Promise<EntityRow> {
  const known = await findEntity(name, context);
  if (known !== undefined) return known;
  const row = await context.database
    .insertInto('entities')
    .values({ name, type: toTypeName(type), created_at: context.now() })
    .returningAll()
    .executeTakeFirstOrThrow();
  await indexEntity(row, context);
  return row;
}

/** Adds observations that the entity does not have yet, word for word, and says how many there were. */
export async function storeObservations(
  row: EntityRow,
  observations: readonly string[],
  context: GraphContext,
): Promise<number> {
  if (observations.length === 0) return 0;
  const added = await context.database
    .insertInto('observations')
    .values(observations.map((content) => ({ entity_id: row.id, content })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute();
  if (added.length > 0) await indexEntity(row, context);
  return added.length;
}

/** The observations of these entities, by the entity's id, oldest first. */
export async function readObservations(
  ids: readonly number[],
  { database }: GraphContext,
): Promise<ReadonlyMap<number, readonly string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await database
    .selectFrom('observations')
    .selectAll()
    .where('entity_id', 'in', ids)
    .orderBy('id')
    .execute();
  const groups = Map.groupBy(rows, ({ entity_id }) => entity_id);
  return new Map([...groups].map(([id, group]) => [id, group.map(({ content }) => content)]));
}

export async function toEntity(row: EntityRow, context: GraphContext): Promise<Entity> {
  const observations = (await readObservations([row.id], context)).get(row.id) ?? [];
  const created_at = new Date(row.created_at).toISOString();
  return { name: row.name, entity_type: row.type, observations, created_at };
}

/** An entity is found by its name, its type and its observations. */
async function indexEntity(row: EntityRow, context: GraphContext): Promise<void> {
  const observations = (await readObservations([row.id], context)).get(row.id) ?? [];
  await context.text.put('entity', row.id, [row.name, row.type, ...observations].join('\n'));
}
