import { OperationError } from '../handler.ts';
import { assertMemory } from '../memory/forget.ts';
import { assertProject } from '../memory/projects.ts';
import { indexNumber } from './index-number.ts';
import type { IndexNodeRow, ZettelkastenContext } from './tables.ts';

/** Numbers grow with depth; deeper than this nobody finds anything. */
const MAX_DEPTH = 50;
const NODES_IN_MESSAGE = 10;

export async function createHierarchicalIndex(
  params: { readonly project_id?: number; readonly parent_id?: string | null; readonly label: string },
  context: ZettelkastenContext,
) {
  const { database } = context;
  const parent = params.parent_id == null ? null : await readNode(params.parent_id, context);
  const project_id = await assertProject(database, params.project_id ?? parent?.project_id);
  if (parent !== null && parent.project_id !== project_id)
    throw new OperationError(
      `index node ${parent.id} belongs to project ${parent.project_id}, not ${project_id}`,
    );
  if (parent !== null && (await pathOf(parent, context)).length > MAX_DEPTH)
    throw new OperationError(`index node ${parent.id} is ${MAX_DEPTH} deep; choose a node further up`);
  const siblings = database.selectFrom('index_nodes').select(({ fn }) => fn.max('position').as('last'));
  const { last } = await (parent === null
    ? siblings.where('parent_id', 'is', null)
    : siblings.where('parent_id', '=', parent.id)
  ).executeTakeFirstOrThrow();
  const position = (last ?? 0) + 1;
  const parent_id = parent?.id ?? null;
  const node = { id: indexNumber(parent_id, position), parent_id, position, project_id, label: params.label };
  await database.insertInto('index_nodes').values(node).execute();
  return toIndexNode(node, context);
}

/** A memory has one place: it moves. */
export async function assignMemoryToIndex(
  params: { readonly memory_id: number; readonly index_id: string },
  context: ZettelkastenContext,
) {
  const { database } = context;
  const memory = await assertMemory(params.memory_id, context);
  const node = await readNode(params.index_id, context);
  if (node.project_id !== memory.project_id)
    throw new OperationError(
      `memory ${memory.id} belongs to project ${memory.project_id}, index node ${node.id} to project ${node.project_id}`,
    );
  const place = { memory_id: memory.id, index_id: node.id };
  const before = await database
    .selectFrom('index_places')
    .selectAll()
    .where('memory_id', '=', memory.id)
    .executeTakeFirst();
  await database
    .insertInto('index_places')
    .values(place)
    .onConflict((conflict) => conflict.column('memory_id').doUpdateSet(place))
    .execute();
  return {
    memory_id: memory.id,
    node: await toIndexNode(node, context),
    previous_index_id: before?.index_id ?? null,
  };
}

async function readNode(id: string, { database }: ZettelkastenContext): Promise<IndexNodeRow> {
  const node = await database.selectFrom('index_nodes').selectAll().where('id', '=', id).executeTakeFirst();
  if (node !== undefined) return node;
  const nodes = await database
    .selectFrom('index_nodes')
    .select('id')
    .orderBy('id')
    .limit(NODES_IN_MESSAGE)
    .execute();
  const advice =
    nodes.length === 0
      ? 'zettelkasten.createHierarchicalIndex adds the first'
      : `there are ${nodes.map((each) => each.id).join(', ')}${nodes.length === NODES_IN_MESSAGE ? ', …' : ''}`;
  throw new OperationError(`no index node ${id}; ${advice}`);
}

async function toIndexNode(node: IndexNodeRow, context: ZettelkastenContext) {
  const path = await pathOf(node, context);
  const places = await context.database
    .selectFrom('index_places')
    .select('memory_id')
    .where('index_id', '=', node.id)
    .orderBy('memory_id')
    .execute();
  return {
    index_id: node.id,
    label: node.label,
    parent_id: node.parent_id,
    project_id: node.project_id,
    depth: path.length - 1,
    path,
    memory_ids: places.map(({ memory_id }) => memory_id),
  };
}

/** The labels from the top down to a node. */
async function pathOf(node: IndexNodeRow, { database }: ZettelkastenContext): Promise<readonly string[]> {
  const labels = [node.label];
  for (let id = node.parent_id; id !== null; ) {
    const parent = await database
      .selectFrom('index_nodes')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    labels.unshift(parent.label);
    id = parent.parent_id;
  }
  return labels;
}
