import { sql } from 'kysely';
import type { HandlerContext, HandlerFor } from '../handler.ts';
import { tagsOf } from './memory.ts';
import { CURRENT_PROJECT, ensureProject } from './projects.ts';
import type { MemoryTables, MemoryType } from './tables.ts';

/** A tag that names a project instead of a domain. */
const PROJECT_TAG = /^project:(.+)$/;

export type MemoryContext = Pick<HandlerContext<MemoryTables>, 'database' | 'text' | 'now'>;

export interface MemoryInput {
  readonly content: string;
  readonly type: MemoryType;
  readonly tags: readonly string[];
  /** The current project, or the one that a tag names, when left out. */
  readonly project_id?: number;
}

/** Stores a memory and makes it searchable, unless it is there already: then it only takes over the tags. */
export async function storeMemory(input: MemoryInput, context: MemoryContext) {
  const { database, now } = context;
  const { content, type } = input;
  const tags = input.tags.map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== '');
  const project = tags.flatMap((tag) => PROJECT_TAG.exec(tag)?.[1] ?? []).at(0);
  const fallback = project === undefined ? CURRENT_PROJECT : await ensureProject(database, project, now());
  const project_id = input.project_id ?? fallback;
  const domains = tags.filter((tag) => !PROJECT_TAG.test(tag));
  const known = await database
    .selectFrom('memories')
    .select(['id', 'tags'])
    .where('project_id', '=', project_id)
    .where('type', '=', type)
    .where(sql`substr(content, 1, 64)`, '=', sql`substr(${content}, 1, 64)`)
    .where('content', '=', content)
    .executeTakeFirst();
  const joined = JSON.stringify([...new Set([...(known === undefined ? [] : tagsOf(known)), ...domains])]);
  if (known === undefined) {
    const { id } = await database
      .insertInto('memories')
      .values({
        project_id,
        type,
        content,
        tags: joined,
        created_at: now(),
        accessed_at: null,
        access_count: 0,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await indexMemory({ id, content, tags: joined }, context);
    return { id, isNew: true, project_id };
  }
  if (joined !== known.tags) {
    await database.updateTable('memories').set({ tags: joined }).where('id', '=', known.id).execute();
    await indexMemory({ id: known.id, content, tags: joined }, context);
  }
  return { id: known.id, isNew: false, project_id };
}

/** A memory is found by its content and its tags. */
export async function indexMemory(
  memory: { readonly id: number; readonly content: string; readonly tags: string },
  { text }: MemoryContext,
): Promise<void> {
  const tags = tagsOf(memory).map((tag) => ` #${tag}`);
  await text.put('memory', memory.id, memory.content + tags.join(''));
}

/** Deletes memories, from the text index too. */
export async function deleteMemories(
  ids: readonly number[],
  { database, text }: MemoryContext,
): Promise<void> {
  for (const id of ids) {
    await database.deleteFrom('memories').where('id', '=', id).execute();
    await text.remove('memory', id);
  }
}

export const remember: HandlerFor<'memory_tools', 'remember', MemoryTables> = async (
  { content, memory_type: type, tags },
  context,
) => {
  const { id, isNew, project_id } = await storeMemory({ content, type, tags }, context);
  return { memory_id: id, is_new: isNew, project_id };
};
