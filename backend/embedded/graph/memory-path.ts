import { assertProject } from '../memory/projects.ts';
import { linksOf } from './links.ts';
import type { GraphContext } from './tables.ts';
import { keyOf, readThing, type StoredThing, type ThingLayer, toThing } from './things.ts';

/** Things whose links are looked up before the search gives up. */
const MAX_THINGS = 500;

interface Step {
  readonly thing: StoredThing;
  /** Null for the first. */
  readonly via: string | null;
  readonly before: Step | null;
}

export async function findMemoryPath(
  params: {
    readonly from_memory_id: number;
    readonly from_layer: ThingLayer;
    readonly to_memory_id: number;
    readonly to_layer: ThingLayer;
    readonly project_id: number;
  },
  context: GraphContext,
) {
  const projectId = await assertProject(context.database, params.project_id);
  const from = await readThing(params.from_layer, params.from_memory_id, context);
  const to = await readThing(params.to_layer, params.to_memory_id, context);
  const last = await searchPath(from, to, projectId, context);
  if (last === undefined) return { found: false, length: null, path: [] };
  const path = [];
  for (let step: Step | null = last; step !== null; step = step.before)
    path.unshift({ thing: toThing(step.thing), via: step.via });
  return { found: true, length: path.length - 1, path };
}

/** Breadth first, so the first path found is a shortest one; the strongest links of a thing are tried first. */
async function searchPath(
  from: StoredThing,
  to: StoredThing,
  projectId: number,
  context: GraphContext,
): Promise<Step | undefined> {
  const start: Step = { thing: from, via: null, before: null };
  const goal = keyOf(to);
  if (keyOf(from) === goal) return start;
  const seen = new Set([keyOf(from)]);
  const steps = [start];
  for (const step of steps.values()) {
    const links = await linksOf(step.thing, projectId, context);
    for (const { thing, via } of links.toSorted((a, b) => b.strength - a.strength)) {
      const key = keyOf(thing);
      if (key === goal) return { thing, via, before: step };
      if (seen.has(key) || seen.size > MAX_THINGS) continue;
      seen.add(key);
      steps.push({ thing, via, before: step });
    }
  }
  return undefined;
}
