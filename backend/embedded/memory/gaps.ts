import { sql } from 'kysely';
import type { EpisodicTables } from '../episodic/tables.ts';
import type { HandlerContext, HandlerFor, Pause } from '../handler.ts';
import { rounded } from '../rounded.ts';
import { findLikePairs } from '../similarity.ts';
import { groupByTag } from './coverage.ts';
import { type MemoryRow, selectMemories } from './memory.ts';
import { isNegated } from './optimize.ts';
import { assertProject } from './projects.ts';
import type { MemoryTables } from './tables.ts';

const DAY_MS = 86_400_000;
/** A tag not touched for so many days is stale. */
const STALE_DAYS = 90;
/** From this likeness on, two memories speak of the same thing. */
const SAME_SUBJECT = 0.6;
/** Memories compared with each other for contradictions, the newest ones. */
const COMPARED = 1_000;
const MAX_GAPS = 50;
const MAX_IDS = 20;

type GapType = 'contradiction' | 'missing' | 'stale' | 'thin';
interface Gap {
  readonly gap_type: GapType;
  readonly subject: string;
  readonly severity: number;
  readonly reason: string;
  readonly ids: readonly number[];
}
type GapTables = MemoryTables & EpisodicTables;

export const detectKnowledgeGaps: HandlerFor<'memory_tools', 'detect_knowledge_gaps', GapTables> = async (
  { project_id, gap_type },
  context,
) => {
  const project = await assertProject(context.database, project_id);
  const memories = await selectMemories(context.database, context.now())
    .where('project_id', '=', project)
    .orderBy('id', 'desc')
    .execute();
  const gaps = [
    ...(await findContradictions(memories.slice(0, COMPARED), context.pause)),
    ...(await findMissing(project, context)),
    ...findStale(memories, context.now()),
    ...findThin(memories),
  ];
  const asked = gaps.filter((gap) => gap_type === undefined || gap.gap_type === gap_type);
  const worst = asked.sort((a, b) => b.severity - a.severity).slice(0, MAX_GAPS);
  return {
    gaps: worst.map((gap) => ({
      ...gap,
      severity: rounded(gap.severity),
      ids: gap.ids.slice(0, MAX_IDS),
    })),
  };
};

async function findContradictions(memories: readonly MemoryRow[], pause: Pause): Promise<readonly Gap[]> {
  const contents = memories.map(({ content }) => content);
  const pairs = await findLikePairs(contents, SAME_SUBJECT, pause);
  return pairs.flatMap(({ first, second, likeness }) => {
    const [one, other] = [memories[first], memories[second]];
    if (one === undefined || other === undefined || isNegated(one) === isNegated(other)) return [];
    return {
      gap_type: 'contradiction',
      subject: one.content.slice(0, 200),
      severity: likeness,
      reason: `memory ${other.id} says nearly the same words, and one of the two negates`,
      ids: [one.id, other.id],
    };
  });
}

async function findMissing(
  project: number,
  { database, text }: Pick<HandlerContext<GapTables>, 'database' | 'text'>,
): Promise<readonly Gap[]> {
  const failing = await database
    .selectFrom('events')
    .select(({ fn }) => [
      'type',
      fn.countAll<number>().as('failures'),
      sql<string>`json_group_array(id)`.as('ids'),
    ])
    .where('project_id', '=', project)
    .where('outcome', '=', 'failure')
    .groupBy('type')
    .having(({ fn }) => fn.countAll(), '>=', 2)
    .execute();
  const gaps: Gap[] = [];
  for (const { type, failures, ids } of failing) {
    if ((await text.search(['memory'], type, 1)).length > 0) continue;
    gaps.push({
      gap_type: 'missing',
      subject: type,
      severity: failures / (failures + 2),
      reason: `${failures} events of this type failed, and no memory speaks of it`,
      ids: JSON.parse(ids) as number[],
    });
  }
  return gaps;
}

function findStale(memories: readonly MemoryRow[], now: number): readonly Gap[] {
  return [...groupByTag(memories)].flatMap(([subject, members]) => {
    const touched = Math.max(...members.map(({ accessed_at, created_at }) => accessed_at ?? created_at));
    const days = Math.floor((now - touched) / DAY_MS);
    if (days < STALE_DAYS) return [];
    const severity = 1 - 0.5 ** (days / STALE_DAYS);
    const reason = `nothing with this tag was stored or recalled for ${days} days`;
    return { gap_type: 'stale', subject, severity, reason, ids: members.map(({ id }) => id) };
  });
}

function findThin(memories: readonly MemoryRow[]): readonly Gap[] {
  const thin = [...groupByTag(memories)].filter(([, members]) => members.length === 1);
  return thin.map(([subject, members]) => ({
    gap_type: 'thin',
    subject,
    // One memory is half of what makes a domain more than a single note.
    severity: 0.5,
    reason: 'a single memory has this tag',
    ids: members.map(({ id }) => id),
  }));
}
