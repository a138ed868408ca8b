import { createHash } from 'node:crypto';
import { assertMemory } from '../memory/forget.ts';
import type { MemoryRow } from '../memory/memory.ts';
import { indexMemory } from '../memory/store-memory.ts';
import { rounded } from '../rounded.ts';
import { likenessOf } from '../similarity.ts';
import { wordsOf } from '../words.ts';
import type { VersionRow, ZettelkastenContext } from './tables.ts';

/** A version of a memory as an agent sees it, compared with the one before. */
type MemoryVersion = {
  readonly version: number;
  readonly content: string;
  readonly hash: string;
  readonly created_at: string;
  readonly similarity: number | null;
  readonly added_words: readonly string[];
  readonly removed_words: readonly string[];
};

/** The new content is in force at once, for search too. */
export async function createMemoryVersion(
  params: { readonly memory_id: number; readonly content: string },
  context: ZettelkastenContext,
) {
  const memory = await assertMemory(params.memory_id, context);
  const versions = await readVersions(memory, context);
  if (params.content === memory.content)
    return { memory_id: memory.id, created: false, version: lastOf(versions) };
  const before = versions.at(-1)?.version ?? 0;
  const version = rowOf(memory, before + 1, params.content, context.now());
  // The first change stores the original too, and so does any change of the content made elsewhere.
  await context.database
    .insertInto('memory_versions')
    .values([...versions, version])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await context.database
    .updateTable('memories')
    .set({ content: params.content })
    .where('id', '=', memory.id)
    .execute();
  await indexMemory({ ...memory, content: params.content }, context);
  return { memory_id: memory.id, created: true, version: lastOf([...versions, version]) };
}

export async function getMemoryEvolutionHistory(
  params: { readonly memory_id: number },
  context: ZettelkastenContext,
) {
  const memory = await assertMemory(params.memory_id, context);
  const versions = await readVersions(memory, context);
  return { memory_id: memory.id, versions: compareVersions(versions), current_version: versions.length };
}

/** The versions of a memory, oldest first. The last one is its content, whether it is stored as a version or not. */
export async function readVersions(
  memory: MemoryRow,
  { database, now }: ZettelkastenContext,
): Promise<readonly VersionRow[]> {
  const rows = await database
    .selectFrom('memory_versions')
    .selectAll()
    .where('memory_id', '=', memory.id)
    .orderBy('version')
    .execute();
  const last = rows.at(-1);
  if (last === undefined) return [rowOf(memory, 1, memory.content, memory.created_at)];
  if (last.content === memory.content) return rows;
  return [...rows, rowOf(memory, last.version + 1, memory.content, now())];
}

function rowOf({ id }: MemoryRow, version: number, content: string, created_at: number): VersionRow {
  const hash = createHash('sha256').update(content).digest('hex');
  return { memory_id: id, version, content, hash, created_at };
}

function lastOf(versions: readonly VersionRow[]): MemoryVersion {
  const last = compareVersions(versions).at(-1);
  if (last === undefined) throw new Error('A memory has one version at least.');
  return last;
}

function compareVersions(versions: readonly VersionRow[]): readonly MemoryVersion[] {
  return versions.map((row, index) => {
    const before = versions[index - 1];
    const words = new Set(wordsOf(row.content));
    const wordsBefore = before === undefined ? words : new Set(wordsOf(before.content));
    return {
      version: row.version,
      content: row.content,
      hash: row.hash,
      created_at: new Date(row.created_at).toISOString(),
      similarity: before === undefined ? null : rounded(likenessOf(wordsBefore, words)),
      added_words: [...words.difference(wordsBefore)],
      removed_words: [...wordsBefore.difference(words)],
    };
  });
}
