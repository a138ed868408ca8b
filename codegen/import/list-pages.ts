import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import * as z from 'zod';

/** A list longer than this comes from a server that never ends it. */
const MAX_PAGES = 1_000;
const MAX_ITEMS = 20_000;

type Listing = 'tools' | 'resources';

/**
 * Reads all pages of `tools/list` or `resources/list`, its items as they come: one odd item must not hide the others.
 * @param onPage takes how many items there are so far
 * @throws {Error} when an answer is no list, or the list has no end
 */
export async function listPages(
  client: Client,
  kind: Listing,
  timeout: number,
  onPage: (items: number) => void,
): Promise<readonly unknown[]> {
  const page = z.looseObject({ [kind]: z.array(z.unknown()), nextCursor: z.string().optional() });
  const items: unknown[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await client.request({ method: `${kind}/list`, params }, z.unknown(), { timeout });
    const read = page.safeParse(answer);
    if (!read.success)
      throw new Error(`its answer to ${kind}/list is malformed: ${z.prettifyError(read.error)}`);
    items.push(...(read.data[kind] as readonly unknown[]));
    onPage(items.length);
    cursor = read.data.nextCursor as string | undefined;
    if (cursor === undefined) return items;
    if (cursors.has(cursor))
      throw new Error(
        `${kind}/list never ends: the cursor ${JSON.stringify(cursor.slice(0, 80))} came twice`,
      );
    cursors.add(cursor);
  } while (cursors.size < MAX_PAGES && items.length < MAX_ITEMS);
  throw new Error(
    `${kind}/list goes on after ${cursors.size} pages and ${items.length} items; that is too many`,
  );
}
