import type { EventRow } from '../episodic/event.ts';
import { OperationError } from '../handler.ts';
import { tellingWordsOf } from '../words.ts';
import { causalStrength, momentOf, namesInContext } from './causal-strength.ts';
import { ensureEntity } from './entity-store.ts';
import type { EntityRow, GraphContext } from './tables.ts';

type EventLink = {
  readonly from_event_id: number;
  readonly to_event_id: number;
  readonly strength: number;
  readonly reason: string;
};

/** The latest events of a session, and for each the following ones, that are looked at. */
const MAX_EVENTS = 1_000;
const MAX_EFFECTS = 20;
const MAX_CAUSAL_LINKS = 500;
/** A word that so many events share is a thing of the session; shorter words seldom are. */
const MIN_SHARED = 2;
const MIN_WORD = 4;
const MAX_TERMS = 20;

export async function synthesizeSession(
  params: { readonly session_id: string; readonly causality_threshold: number },
  context: GraphContext,
) {
  const { session_id } = params;
  const latest = await context.database
    .selectFrom('events')
    .selectAll()
    .where('session', '=', session_id)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_EVENTS)
    .execute();
  const events = latest.reverse();
  if (events.length === 0)
    throw new OperationError(`no event of session \`${session_id}\`; episodic.recordEvent stores events`);
  const temporal = linkEvents(events, 1, 0);
  const causal = linkEvents(events, MAX_EFFECTS, params.causality_threshold)
    .toSorted((a, b) => b.strength - a.strength)
    .slice(0, MAX_CAUSAL_LINKS);
  await replaceLinks(events, { precedes: temporal, causes: causal }, context);
  const entities = await storeEntities(events, context);
  return {
    session_id,
    event_count: events.length,
    entities: entities.map(({ entity, mentions }) => ({
      name: entity.name,
      entity_type: entity.type,
      mentions,
    })),
    temporal_links: temporal,
    causal_links: causal,
  };
}

/** Links each event with the next ones where the strength reaches the threshold. */
function linkEvents(events: readonly EventRow[], reach: number, threshold: number): readonly EventLink[] {
  const moments = events.map(momentOf);
  return events.flatMap((from, index) =>
    events.slice(index + 1, index + 1 + reach).flatMap((to, offset) => {
      const [earlier, later] = [moments[index], moments[index + 1 + offset]];
      if (earlier === undefined || later === undefined) return [];
      const { strength, reason } = causalStrength(earlier, later);
      return strength < threshold ? [] : [{ from_event_id: from.id, to_event_id: to.id, strength, reason }];
    }),
  );
}

async function replaceLinks(
  events: readonly EventRow[],
  links: Readonly<Record<'precedes' | 'causes', readonly EventLink[]>>,
  { database }: GraphContext,
): Promise<void> {
  const ids = events.map(({ id }) => id);
  await database.deleteFrom('event_links').where('from_event_id', 'in', ids).execute();
  for (const kind of ['precedes', 'causes'] as const) {
    const rows = links[kind].map(({ from_event_id, to_event_id, strength }) => ({
      from_event_id,
      to_event_id,
      kind,
      strength,
    }));
    if (rows.length > 0) await database.insertInto('event_links').values(rows).execute();
  }
}

interface Named {
  readonly type: string;
  readonly events: Set<number>;
}

/** Stores what the events name as entities, and which event names which; the most often named first. */
async function storeEntities(events: readonly EventRow[], context: GraphContext) {
  const stored: { readonly entity: EntityRow; readonly mentions: number }[] = [];
  await context.database
    .deleteFrom('event_entities')
    .where(
      'event_id',
      'in',
      events.map(({ id }) => id),
    )
    .execute();
  for (const [name, { type, events: named }] of [...findNames(events), ...findTerms(events)]) {
    const entity = await ensureEntity(name, type, context);
    await context.database
      .insertInto('event_entities')
      .values([...named].map((event_id) => ({ event_id, entity_id: entity.id })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    stored.push({ entity, mentions: named.size });
  }
  return stored.sort((a, b) => b.mentions - a.mentions || a.entity.id - b.entity.id);
}

/** What the contexts name; the key it stands under first is its type. */
function findNames(events: readonly EventRow[]): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  for (const event of events)
    for (const { key, name } of namesInContext(event)) noteName(names, name, key, event.id);
  return names;
}

/** The words that several events share, except those that a context names. */
function findTerms(events: readonly EventRow[]): ReadonlyMap<string, Named> {
  const known = new Set([...findNames(events).keys()].map((name) => name.toLowerCase()));
  const terms = new Map<string, Named>();
  for (const event of events) {
    const words = tellingWordsOf(event.content).filter(
      (word) => word.length >= MIN_WORD && !/^\p{N}+$/u.test(word),
    );
    for (const word of words) if (!known.has(word)) noteName(terms, word, 'term', event.id);
  }
  const shared = [...terms].filter(([, { events: named }]) => named.size >= MIN_SHARED);
  return new Map(shared.sort(([, a], [, b]) => b.events.size - a.events.size).slice(0, MAX_TERMS));
}

function noteName(names: Map<string, Named>, name: string, type: string, eventId: number): void {
  const known = names.get(name);
  if (known === undefined) names.set(name, { type, events: new Set([eventId]) });
  else known.events.add(eventId);
}
