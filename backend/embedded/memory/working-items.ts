import type { Selectable } from 'kysely';
import type { Answer, Athena } from '../../../generated/contract.d.ts';
import type { HandlerContext } from '../handler.ts';
import { rounded } from '../rounded.ts';
import type { Component, MemoryTables } from './tables.ts';

/** How long it takes until a note is half as active, in minutes. */
const HALF_LIFE_MINUTES = 30;
/** Below this activation a note has faded. */
const FADED = 0.01;
/** Slots of each component: the 7 of the famous 7 ± 2 (Miller, 1956). */
export const SLOTS = 7;

export type WorkingContext = Pick<HandlerContext<MemoryTables>, 'database' | 'text' | 'now' | 'call'>;
export type Scope = Component | 'all';

export type WorkingItem = Selectable<MemoryTables['working_items']> & {
  /** Importance, halved for every half-life since the note was stored or refreshed. */
  readonly activation: number;
};

/** The notes of the caller's session that have not faded, most active first. */
export async function activeItems(
  scope: Scope,
  { database, now, call }: WorkingContext,
): Promise<WorkingItem[]> {
  const rows = await database
    .selectFrom('working_items')
    .selectAll()
    .where('principal', '=', call.principal)
    .where('session', '=', call.session)
    .execute();
  return rows
    .filter(({ component }) => scope === 'all' || component === scope)
    .map((row) => ({ ...row, activation: activationOf(row, now()) }))
    .filter(({ activation }) => activation >= FADED)
    .sort((a, b) => b.activation - a.activation || b.id - a.id);
}

function activationOf(
  { importance, updated_at }: Selectable<MemoryTables['working_items']>,
  now: number,
): number {
  return importance * 0.5 ** (Math.max(0, now - updated_at) / 60_000 / HALF_LIFE_MINUTES);
}

export function toWorkingItem(item: WorkingItem): Answer<Athena.Memory.WorkingItem> {
  return {
    id: item.id,
    component: item.component,
    content: item.content,
    importance: item.importance,
    activation: rounded(item.activation),
    updated_at: new Date(item.updated_at).toISOString(),
  };
}

/** Deletes notes, from the text index too. */
export async function deleteItems(
  ids: readonly number[],
  { database, text }: Pick<WorkingContext, 'database' | 'text'>,
): Promise<void> {
  for (const id of ids) {
    await database.deleteFrom('working_items').where('id', '=', id).execute();
    await text.remove('working', id);
  }
}

/** Deletes what has faded in any session. */
export async function deleteFadedItems(
  context: Pick<HandlerContext<MemoryTables>, 'database' | 'text' | 'now'>,
): Promise<void> {
  const rows = await context.database.selectFrom('working_items').selectAll().execute();
  const faded = rows.filter((row) => activationOf(row, context.now()) < FADED);
  await deleteItems(
    faded.map(({ id }) => id),
    context,
  );
}
