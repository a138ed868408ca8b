import { assertProject } from '../memory/projects.ts';
import { rounded } from '../rounded.ts';
import { likenessOf } from '../similarity.ts';
import { stemsOf } from '../words.ts';
import { type Link, linksOf } from './links.ts';
import { entitiesNamedIn, thingsNaming } from './mentions.ts';
import type { GraphContext } from './tables.ts';
import {
  keyOf,
  layerOfKind,
  readThing,
  readThings,
  type StoredThing,
  THING_KINDS,
  type ThingLayer,
  toThing,
} from './things.ts';

/** Two texts that share fewer of their words are not alike. */
const MIN_LIKENESS = 0.1;
const TEXT_CANDIDATES = 50;
/** Entities over which other things are found. */
const MAX_BRIDGES = 10;
/** What sharing an entity says when only the two name it; the more do, the less it says. */
const SHARED_ENTITY = 0.5;

export async function getAssociations(
  params: {
    readonly memory_id: number;
    readonly layer: ThingLayer;
    readonly project_id: number;
    readonly max_results: number;
  },
  context: GraphContext,
) {
  const projectId = await assertProject(context.database, params.project_id);
  const thing = await readThing(params.layer, params.memory_id, context);
  const links = [
    ...(await linksOf(thing, projectId, context)),
    ...(await alikeTexts(thing, context)),
    ...(await sharedEntities(thing, context)),
  ].filter(({ thing: other }) => other.projectId === null || other.projectId === projectId);
  const byThing = Map.groupBy(links, ({ thing: other }) => keyOf(other));
  byThing.delete(keyOf(thing));
  const associations = [...byThing.values()]
    .flatMap(([first, ...more]) => (first === undefined ? [] : [join(first, more)]))
    .sort((a, b) => b.strength - a.strength || a.thing.id - b.thing.id)
    .slice(0, params.max_results);
  return { thing: toThing(thing), associations };
}

/** Several connections strengthen each other: the chance that at least one of them means something. */
function join(first: Link, more: readonly Link[]) {
  const links = [first, ...more];
  const doubt = links.reduce((product, { strength }) => product * (1 - strength), 1);
  return { thing: toThing(first.thing), strength: rounded(1 - doubt), reasons: links.map(({ via }) => via) };
}

/** As strong as the share of words in common. */
async function alikeTexts(thing: StoredThing, context: GraphContext): Promise<readonly Link[]> {
  const stems = stemsOf(thing.text);
  const hits = await context.text.search(THING_KINDS, thing.text, TEXT_CANDIDATES);
  const byLayer = Map.groupBy(hits, ({ kind }) => layerOfKind(kind));
  const links: Link[] = [];
  for (const [layer, found] of byLayer) {
    if (layer === undefined) continue;
    const ids = found.map(({ id }) => id);
    for (const other of await readThings(layer, ids, context)) {
      const words = stemsOf(other.text);
      const likeness = likenessOf(stems, words);
      if (likeness < MIN_LIKENESS) continue;
      const via = `shared words: ${[...stems.intersection(words)].join(', ')}`;
      links.push({ thing: other, strength: rounded(likeness), via });
    }
  }
  return links;
}

async function sharedEntities(thing: StoredThing, context: GraphContext): Promise<readonly Link[]> {
  const bridges = (await entitiesNamedIn(thing.text, context)).slice(0, MAX_BRIDGES);
  const links: Link[] = [];
  for (const entity of bridges) {
    const others = (await thingsNaming(entity, context)).filter((other) => keyOf(other) !== keyOf(thing));
    const strength = rounded(SHARED_ENTITY / Math.sqrt(Math.max(1, others.length)));
    links.push(...others.map((other) => ({ thing: other, strength, via: `both name ${entity.name}` })));
  }
  return links;
}
