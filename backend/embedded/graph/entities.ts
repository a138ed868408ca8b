import { OperationError } from '../handler.ts';
import {
  ensureEntity,
  findEntity,
  readEntityRow,
  storeObservations,
  toEntity,
  toTypeName,
} from './entity-store.ts';
import type { GraphContext } from './tables.ts';

export async function createEntity(
  params: { readonly name: string; readonly entity_type: string; readonly observations?: readonly string[] },
  context: GraphContext,
) {
  const type = toTypeName(params.entity_type);
  const known = await findEntity(params.name, context);
  if (known !== undefined && known.type !== type)
    throw new OperationError(
      `\`${params.name}\` exists as ${known.type}; give that entity_type to add observations, or another name`,
    );
  const row = await ensureEntity(params.name, type, context);
  await storeObservations(row, params.observations ?? [], context);
  return { entity: await toEntity(row, context), created: known === undefined };
}

export async function createRelation(
  params: { readonly from_entity: string; readonly to_entity: string; readonly relation_type: string },
  context: GraphContext,
) {
  const from = await readEntityRow(params.from_entity, context);
  const to = await readEntityRow(params.to_entity, context);
  const type = toTypeName(params.relation_type);
  const added = await context.database
    .insertInto('relations')
    .values({ from_id: from.id, type, to_id: to.id })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute();
  return {
    relation: { from_entity: from.name, relation_type: type, to_entity: to.name },
    created: added.length > 0,
  };
}

export async function addObservation(
  params: { readonly entity_name: string; readonly observation: string },
  context: GraphContext,
) {
  const row = await readEntityRow(params.entity_name, context);
  const added = await storeObservations(row, [params.observation], context);
  return { entity: await toEntity(row, context), added: added > 0 };
}
