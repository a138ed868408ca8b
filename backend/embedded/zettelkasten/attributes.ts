import { createHash } from 'node:crypto';
import { OperationError } from '../handler.ts';
import { assertMemory } from '../memory/forget.ts';
import { type MemoryRow, tagsOf } from '../memory/memory.ts';
import { rounded } from '../rounded.ts';
import { stemsOf, wordsOf } from '../words.ts';
import { findKeywords, type Keyword, type Keywords } from './keywords.ts';
import type { AttributesRow, EvolutionStage, ZettelkastenContext } from './tables.ts';
import { readVersions } from './versions.ts';

/** Keywords that two memories must share to be connected without a tag. */
const SHARED_KEYWORDS = 2;
/** Connections and revisions from which on a memory is mature. */
const MATURE = 5;
const WEIGHTS = { connectivity: 0.4, revisions: 0.2, recalls: 0.2, particularity: 0.2 } as const;

interface MemoryParams {
  readonly memory_id: number;
}

export async function computeMemoryAttributes(params: MemoryParams, context: ZettelkastenContext) {
  const memory = await assertMemory(params.memory_id, context);
  const others = await readOthers(memory, context);
  const keywords = findKeywords(
    memory.content,
    others.map(({ stems }) => stems),
  );
  const connectivity = countConnected(memory, keywords, others);
  const revisions = (await readVersions(memory, context)).length - 1;
  const row: AttributesRow = {
    memory_id: memory.id,
    keywords: JSON.stringify(keywords.keywords),
    importance: weighImportance({
      connectivity,
      revisions,
      recalls: memory.access_count,
      particularity: keywords.particularity,
    }),
    connectivity,
    stage: stageOf(connectivity + revisions),
    word_count: wordsOf(memory.content).length,
    tags: memory.tags,
    source_hash: hashOf(memory),
    computed_at: context.now(),
  };
  await context.database
    .insertInto('memory_attributes')
    .values(row)
    .onConflict((conflict) => conflict.column('memory_id').doUpdateSet(row))
    .execute();
  return toAttributes(row, context);
}

export async function getMemoryAttributes(params: MemoryParams, context: ZettelkastenContext) {
  const memory = await assertMemory(params.memory_id, context);
  const row = await context.database
    .selectFrom('memory_attributes')
    .selectAll()
    .where('memory_id', '=', memory.id)
    .executeTakeFirst();
  if (row === undefined)
    throw new OperationError(
      `nothing is computed for memory ${memory.id} yet; zettelkasten.computeMemoryAttributes does it`,
    );
  return { attributes: await toAttributes(row, context), outdated: row.source_hash !== hashOf(memory) };
}

interface Other {
  readonly stems: ReadonlySet<string>;
  readonly tags: readonly string[];
}

async function readOthers(
  { id, project_id }: MemoryRow,
  { database }: ZettelkastenContext,
): Promise<readonly Other[]> {
  const rows = await database
    .selectFrom('memories')
    .select(['content', 'tags'])
    .where('project_id', '=', project_id)
    .where('id', '!=', id)
    .execute();
  return rows.map((row) => ({ stems: stemsOf(row.content), tags: tagsOf(row) }));
}

function countConnected(memory: MemoryRow, { stems }: Keywords, others: readonly Other[]): number {
  const tags = new Set(tagsOf(memory));
  return others.filter(
    (other) =>
      other.tags.some((tag) => tags.has(tag)) || stems.intersection(other.stems).size >= SHARED_KEYWORDS,
  ).length;
}

/** Counts approach 1 as they grow: half at 3 connections or recalls, and at 2 revisions. */
function weighImportance(factors: {
  readonly connectivity: number;
  readonly revisions: number;
  readonly recalls: number;
  readonly particularity: number;
}): number {
  return rounded(
    WEIGHTS.connectivity * (factors.connectivity / (factors.connectivity + 3)) +
      WEIGHTS.revisions * (factors.revisions / (factors.revisions + 2)) +
      WEIGHTS.recalls * (factors.recalls / (factors.recalls + 3)) +
      WEIGHTS.particularity * factors.particularity,
  );
}

function stageOf(growth: number): EvolutionStage {
  if (growth === 0) return 'seed';
  return growth < MATURE ? 'growing' : 'mature';
}

function hashOf({ content, tags }: MemoryRow): string {
  return createHash('sha256').update(tags).update('\n').update(content).digest('hex');
}

async function toAttributes(row: AttributesRow, { database }: ZettelkastenContext) {
  const place = await database
    .selectFrom('index_places')
    .select('index_id')
    .where('memory_id', '=', row.memory_id)
    .executeTakeFirst();
  return {
    memory_id: row.memory_id,
    keywords: JSON.parse(row.keywords) as Keyword[],
    importance: row.importance,
    connectivity: row.connectivity,
    evolution_stage: row.stage,
    word_count: row.word_count,
    tags: JSON.parse(row.tags) as string[],
    index_id: place?.index_id ?? null,
    computed_at: new Date(row.computed_at).toISOString(),
  };
}
