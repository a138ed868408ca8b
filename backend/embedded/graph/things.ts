import { sql } from 'kysely';
import { OperationError } from '../handler.ts';
import { describeIds } from '../ids.ts';
import type { GraphContext } from './tables.ts';

export type ThingLayer = 'semantic' | 'episodic' | 'graph' | 'prospective' | 'procedural';

/** Something stored, in whatever layer, as an agent sees it. */
export type Thing = {
  readonly layer: ThingLayer;
  readonly id: number;
  readonly text: string;
};

/** A thing with all of its text, and its project where it has one. */
export interface StoredThing {
  readonly layer: ThingLayer;
  readonly id: number;
  readonly text: string;
  readonly projectId: number | null;
}

interface Place {
  readonly table: string;
  readonly textColumn: string;
  readonly hasProject: boolean;
  /** Under which its text is indexed. */
  readonly kind: string;
}

/** Where the things of each layer are stored. */
const PLACES: Readonly<Record<ThingLayer, Place>> = {
  semantic: { table: 'memories', textColumn: 'content', hasProject: true, kind: 'memory' },
  episodic: { table: 'events', textColumn: 'content', hasProject: true, kind: 'event' },
  graph: { table: 'entities', textColumn: 'name', hasProject: false, kind: 'entity' },
  prospective: { table: 'tasks', textColumn: 'content', hasProject: true, kind: 'task' },
  procedural: { table: 'procedures', textColumn: 'name', hasProject: false, kind: 'procedure' },
};

const LAYER_BY_KIND: ReadonlyMap<string, ThingLayer> = new Map(
  (Object.keys(PLACES) as ThingLayer[]).map((layer) => [PLACES[layer].kind, layer]),
);

const SHOWN_CHARACTERS = 200;

/** The kinds under which the texts of things are indexed. */
export const THING_KINDS: readonly string[] = [...LAYER_BY_KIND.keys()];

export function layerOfKind(kind: string): ThingLayer | undefined {
  return LAYER_BY_KIND.get(kind);
}

/** One key for layer and id. */
export function keyOf({ layer, id }: Pick<Thing, 'layer' | 'id'>): string {
  return `${layer} ${id}`;
}

export function toThing({ layer, id, text }: Thing): Thing {
  return { layer, id, text: text.slice(0, SHOWN_CHARACTERS) };
}

/** @throws {OperationError} when the layer has no thing of this id */
export async function readThing(layer: ThingLayer, id: number, context: GraphContext): Promise<StoredThing> {
  const [thing] = await readThings(layer, [id], context);
  if (thing !== undefined) return thing;
  const { kind, table } = PLACES[layer];
  const ids = await describeIds(context.database, table);
  throw new OperationError(`no ${kind} ${id} in the ${layer} layer; ${ids}`);
}

/** The things of these ids that exist. */
export async function readThings(
  layer: ThingLayer,
  ids: readonly number[],
  { database }: GraphContext,
): Promise<readonly StoredThing[]> {
  if (ids.length === 0) return [];
  const { table, textColumn, hasProject } = PLACES[layer];
  const project = hasProject ? sql.ref('project_id') : sql.lit(null);
  const { rows } = await sql<{ id: number; text: string; project: number | null }>`
    select id, ${sql.ref(textColumn)} as text, ${project} as project from ${sql.table(table)}
    where id in (${sql.join(ids)}) order by id`.execute(database);
  return rows.map((row) => ({ layer, id: row.id, text: row.text, projectId: row.project }));
}
