import { assertMemory } from '../memory/forget.ts';
import { tagsOf } from '../memory/memory.ts';
import { assertProject } from '../memory/projects.ts';
import { stemsOf } from '../words.ts';
import { readEntityRows } from './entity-store.ts';
import { eventsAround } from './events-around.ts';
import { entitiesNamedIn } from './mentions.ts';
import type { GraphContext } from './tables.ts';
import { toThing } from './things.ts';

const CAUSAL = ['causes', 'led_to'];
const EVENTS = 10;

type Relation = { readonly from_entity: string; readonly relation_type: string; readonly to_entity: string };

export async function getCausalContext(
  params: { readonly memory_id: number; readonly project_id: number },
  context: GraphContext,
) {
  const projectId = await assertProject(context.database, params.project_id);
  const memory = await assertMemory(params.memory_id, context);
  const stems = stemsOf([memory.content, ...tagsOf(memory)].join(' '));
  const moment = { at: memory.created_at, stems, outcome: null };
  const named = (await entitiesNamedIn(memory.content, context)).map(({ id }) => id);
  return {
    memory: toThing({ layer: 'semantic', id: memory.id, text: memory.content }),
    ...(await eventsAround(moment, { projectId, limit: EVENTS }, context)),
    causes: await readCausalRelations('to_id', named, context),
    effects: await readCausalRelations('from_id', named, context),
  };
}

/** The causal relations that have one of these entities at this end. */
async function readCausalRelations(
  end: 'from_id' | 'to_id',
  ids: readonly number[],
  context: GraphContext,
): Promise<readonly Relation[]> {
  if (ids.length === 0) return [];
  const relations = await context.database
    .selectFrom('relations')
    .selectAll()
    .where('type', 'in', CAUSAL)
    .where(end, 'in', ids)
    .orderBy('id')
    .execute();
  const ends = [...new Set(relations.flatMap(({ from_id, to_id }) => [from_id, to_id]))];
  const names = new Map((await readEntityRows(ends, context)).map(({ id, name }) => [id, name]));
  return relations.map(({ from_id, type, to_id }) => ({
    from_entity: names.get(from_id) ?? '',
    relation_type: type,
    to_entity: names.get(to_id) ?? '',
  }));
}
