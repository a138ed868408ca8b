import { tagsOf } from '../memory/memory.ts';
import { assertProject } from '../memory/projects.ts';
import { rounded } from '../rounded.ts';
import { stemsOf } from '../words.ts';
import { type Moment, momentOf } from './causal-strength.ts';
import { eventsAround } from './events-around.ts';
import type { GraphContext } from './tables.ts';
import { type Thing, toThing } from './things.ts';

const NEIGHBOURS = 3;
/** Matches looked at, since some may belong to other projects. */
const MATCHES = 500;

interface Found {
  readonly thing: Thing & { readonly layer: 'semantic' | 'episodic' };
  readonly moment: Moment;
}

export async function searchWithSurroundings(
  params: { readonly query: string; readonly project_id: number; readonly k: number },
  context: GraphContext,
) {
  const { query, k } = params;
  const projectId = await assertProject(context.database, params.project_id);
  const found =
    query.trim() === ''
      ? await findLatest(projectId, k, context)
      : await findMatches(query, projectId, k, context);
  const results = [];
  for (const { thing, moment, score } of found) {
    const options = {
      projectId,
      limit: NEIGHBOURS,
      ...(thing.layer === 'episodic' ? { eventId: thing.id } : {}),
    };
    const around = await eventsAround(moment, options, context);
    results.push({ thing: toThing(thing), score, at: new Date(moment.at).toISOString(), ...around });
  }
  return { query, results };
}

async function findMatches(query: string, projectId: number, k: number, context: GraphContext) {
  const hits = await context.text.search(['memory', 'event'], query, MATCHES);
  const idsOf = (wanted: string) => hits.flatMap(({ kind, id }) => (kind === wanted ? [id] : []));
  const memories = await readMemories(projectId, context).where('id', 'in', idsOf('memory')).execute();
  const events = await readEvents(projectId, context).where('id', 'in', idsOf('event')).execute();
  const byKey = new Map<string, Found>([
    ...memories.map((row) => [`memory ${row.id}`, ofMemory(row)] as const),
    ...events.map((row) => [`event ${row.id}`, ofEvent(row)] as const),
  ]);
  return hits
    .flatMap(({ kind, id, score }) => {
      const found = byKey.get(`${kind} ${id}`);
      return found === undefined ? [] : [{ ...found, score: rounded(score) }];
    })
    .slice(0, k);
}

async function findLatest(projectId: number, k: number, context: GraphContext) {
  const memories = await readMemories(projectId, context).orderBy('created_at', 'desc').limit(k).execute();
  const events = await readEvents(projectId, context).orderBy('at', 'desc').limit(k).execute();
  return [...memories.map(ofMemory), ...events.map(ofEvent)]
    .map((found) => ({ ...found, score: 0 }))
    .sort((a, b) => b.moment.at - a.moment.at)
    .slice(0, k);
}

function readMemories(projectId: number, { database }: GraphContext) {
  return database.selectFrom('memories').selectAll().where('project_id', '=', projectId);
}

function readEvents(projectId: number, { database }: GraphContext) {
  return database.selectFrom('events').selectAll().where('project_id', '=', projectId);
}

function ofMemory(row: {
  readonly id: number;
  readonly content: string;
  readonly tags: string;
  readonly created_at: number;
}): Found {
  const stems = stemsOf([row.content, ...tagsOf(row)].join(' '));
  return {
    thing: { layer: 'semantic', id: row.id, text: row.content },
    moment: { at: row.created_at, stems, outcome: null },
  };
}

function ofEvent(row: Parameters<typeof momentOf>[0]): Found {
  return { thing: { layer: 'episodic', id: row.id, text: row.content }, moment: momentOf(row) };
}
