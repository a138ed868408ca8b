import type { EpisodicTables } from '../episodic/tables.ts';
import { type HandlerFor, OperationError } from '../handler.ts';
import { moveToLongTerm } from './route-item.ts';
import type { MemoryTables } from './tables.ts';
import {
  activeItems,
  deleteItems,
  SLOTS,
  toWorkingItem,
  type WorkingContext,
  type WorkingItem,
} from './working-items.ts';

export const getWorkingMemory: HandlerFor<'memory_tools', 'get_working_memory', MemoryTables> = async (
  { component },
  context,
) => ({
  items: (await activeItems(component, context)).map(toWorkingItem),
  capacity: component === 'all' ? 2 * SLOTS : SLOTS,
});

export const updateWorkingMemory: HandlerFor<'memory_tools', 'update_working_memory', MemoryTables> = async (
  params,
  context,
) => {
  const { content, content_type: component, importance } = params;
  const items = await activeItems(component, context);
  const known = items.find((item) => item.content === content);
  const displaced = known === undefined ? items.slice(SLOTS - 1) : [];
  await deleteItems(
    [...displaced, ...(known === undefined ? [] : [known])].map(({ id }) => id),
    context,
  );
  const item = await insertItem({ ...(known && { id: known.id }), content, component, importance }, context);
  return { item: toWorkingItem(item), displaced: displaced.map(toWorkingItem) };
};

async function insertItem(
  item: Pick<WorkingItem, 'content' | 'component' | 'importance'> & { readonly id?: number },
  { database, text, now, call }: WorkingContext,
): Promise<WorkingItem> {
  const { principal, session } = call;
  const row = await database
    .insertInto('working_items')
    .values({ ...item, principal, session, updated_at: now() })
    .returningAll()
    .executeTakeFirstOrThrow();
  await text.put('working', row.id, row.content);
  return { ...row, activation: row.importance };
}

export const clearWorkingMemory: HandlerFor<
  'memory_tools',
  'clear_working_memory',
  MemoryTables & EpisodicTables
> = async ({ component, consolidate }, context) => {
  const items = await activeItems(component, context);
  const consolidated = consolidate ? await moveToLongTerm(items, true, context) : [];
  await deleteItems(
    items.map(({ id }) => id),
    context,
  );
  return { cleared: items.length, consolidated };
};

export const consolidateWorkingMemory: HandlerFor<
  'memory_tools',
  'consolidate_working_memory',
  MemoryTables & EpisodicTables
> = async ({ item_id, auto_route }, context) => {
  const items = await activeItems('all', context);
  const chosen = item_id === undefined ? items : items.filter(({ id }) => id === item_id);
  if (item_id !== undefined && chosen.length === 0) {
    const ids = items.map(({ id }) => id).sort((a, b) => a - b);
    const held = ids.length === 0 ? 'it is empty' : `it holds ${ids.join(', ')}`;
    throw new OperationError(`no note ${item_id} in this session's working memory; ${held}`);
  }
  const consolidated = await moveToLongTerm(chosen, auto_route, context);
  await deleteItems(
    chosen.map(({ id }) => id),
    context,
  );
  return { consolidated };
};
