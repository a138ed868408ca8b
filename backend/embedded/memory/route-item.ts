import { storeEvent } from '../episodic/store-event.ts';
import type { EpisodicTables } from '../episodic/tables.ts';
import type { HandlerContext } from '../handler.ts';
import { storeMemory } from './store-memory.ts';
import type { MemoryTables, MemoryType } from './tables.ts';
import type { WorkingItem } from './working-items.ts';

/** Words that give away what a note is, the first match deciding. */
const ROUTES: readonly { readonly words: RegExp; readonly to: MemoryType | 'event' }[] = [
  {
    words: /\b(?:decid\w*|decision|chose|chosen|agreed|instead of|we will use|prefer\w*)\b/i,
    to: 'decision',
  },
  { words: /\b(?:always|usually|often|whenever|(?:every|each) time|tends? to|mostly)\b/i, to: 'pattern' },
  {
    words:
      /\b(?:fixed|deployed|failed|released|merged|reverted|happened|finished|crashed|broke|shipped|tested|started|stopped|yesterday|today)\b/i,
    to: 'event',
  },
];

export function routeOf(content: string): MemoryType | 'event' {
  return ROUTES.find(({ words }) => words.test(content))?.to ?? 'fact';
}

/** Stores notes as memories or events. With `auto` false, each becomes a memory of type context. */
export async function moveToLongTerm(
  items: readonly WorkingItem[],
  auto: boolean,
  context: HandlerContext<MemoryTables & EpisodicTables>,
) {
  const moved: { item_id: number; kind: 'memory' | 'event'; id: number }[] = [];
  for (const { id: item_id, content } of items) {
    const to = auto ? routeOf(content) : 'context';
    const { id } =
      to === 'event'
        ? await storeEvent({ content, event_type: 'note' }, context)
        : await storeMemory({ content, type: to, tags: [] }, context);
    moved.push({ item_id, kind: to === 'event' ? 'event' : 'memory', id });
  }
  return moved;
}
