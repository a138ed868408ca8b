import type { EpisodicTables } from '../episodic/tables.ts';
import { type Handler, OperationError } from '../handler.ts';
import { moveToLongTerm } from './route-item.ts';
import type { Component, MemoryTables } from './tables.ts';
import {
  activeItems,
  deleteItems,
  type Scope,
  SLOTS,
  toWorkingItem,
  type WorkingContext,
  type WorkingItem,
} from './working-items.ts';

export const getWorkingMemory: Handler<{ readonly component: Scope }, MemoryTables> = async (
  { component },
  context,
) => ({
  items: (await activeItems(component, context)).map(toWorkingItem),
  capacity: component === 'all' ? 2 * SLOTS : SLOTS,
});

interface UpdateParams {
  readonly content: string;
  readonly content_type: Component;
  readonly importance: number;
}

export const updateWorkingMemory: Handler<UpdateParams, MemoryTables> = async (params, context) => {
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

interface ClearParams {
  readonly component: Scope;
  readonly consolidate: boolean;
}

export const clearWorkingMemory: Handler<ClearParams, MemoryTables & EpisodicTables> = async (
  { component, consolidate },
  context,
) => {
  const items = await activeItems(component, context);
  const consolidated = consolidate ? await moveToLongTerm(items, true, context) : [];
  await deleteItems(
    items.map(({ id }) => id),
    context,
  );
  return { cleared: items.length, consolidated };
};

interface ConsolidateParams {
  readonly item_id?: number;
  readonly auto_route: boolean;
}

export const consolidateWorkingMemory: Handler<ConsolidateParams, MemoryTables & EpisodicTables> = async (
  { item_id, auto_route },
  context,
) => {
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
