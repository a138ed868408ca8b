import type { JsonObject, JsonValue } from '../runtime/contract/json.ts';
import type { Chance } from '../test/fuzz/chance.ts';
import { FIELDS, type FieldKind, GROUPS, STATUSES } from './catalogue-words.ts';

/** A JSON Schema and a value that fits it. */
export interface Sampled {
  readonly schema: JsonObject;
  readonly sample: JsonValue;
}

/** The named types of one tool, and the chance that its schemas are made by. */
export interface ToolTypes {
  readonly chance: Chance;
  definitions(): Readonly<Record<string, JsonObject>>;
  /** A reference to one of them, with a value that fits. */
  refer(name: string): Sampled;
}

/** How many schemas stand in one another where they are deep. */
const DEPTHS = [4, 5, 6] as const;

const text = (schema: JsonObject, sample: string): Sampled => ({
  schema: { type: 'string', ...schema },
  sample,
});

/** An object of the members, of which those in `optional` may be left out. */
export function objectOf(
  members: Readonly<Record<string, Sampled>>,
  optional: readonly string[] = [],
): Sampled {
  const entries = Object.entries(members);
  const required = entries.map(([name]) => name).filter((name) => !optional.includes(name));
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    },
    sample: Object.fromEntries(entries.map(([name, { sample }]) => [name, sample])),
  };
}

export function arrayOf({ schema, sample }: Sampled, maxItems = 100): Sampled {
  return { schema: { type: 'array', items: schema, maxItems }, sample: [sample] };
}

/** @param description what a reader is told of it */
export function described({ schema, sample }: Sampled, description: string): Sampled {
  return { schema: { ...schema, description }, sample };
}

export function idOf(kind: string, chance: Chance): Sampled {
  return { schema: { type: 'integer', 'x-id': kind, minimum: 1 }, sample: 1 + chance.below(9_999) };
}

function createField(kind: FieldKind, { chance, refer }: Pick<ToolTypes, 'chance' | 'refer'>): Sampled {
  switch (kind) {
    case 'text':
      return text({ minLength: 1, maxLength: 50 + chance.below(900) }, 'as agreed on the phone');
    case 'time':
      return text({ format: 'date-time' }, '2026-03-01T09:30:00Z');
    case 'count':
      return { schema: { type: 'integer', minimum: 0, maximum: 1_000 }, sample: chance.below(1_000) };
    case 'share':
      return { schema: { type: 'number', minimum: 0, maximum: 1 }, sample: chance.below(100) / 100 };
    case 'flag':
      return { schema: { type: 'boolean' }, sample: chance.happens(0.5) };
    case 'grade':
      return { schema: { enum: ['low', 'medium', 'high', 'critical'] }, sample: 'high' };
    case 'texts':
      return arrayOf(text({ minLength: 1, maxLength: 80 }, 'north'), 20);
    case 'numbers':
      return {
        schema: { type: 'object', additionalProperties: { type: ['number', 'null'] } },
        sample: { first: 1, second: null },
      };
    default:
      return refer(kind);
  }
}

/** `count` different fields, at most as many as there are, described. */
export function createFields(types: ToolTypes, count: number): Readonly<Record<string, Sampled>> {
  const start = types.chance.below(FIELDS.length);
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => {
      const [name, kind, description] = FIELDS[(start + at * 3) % FIELDS.length] ?? FIELDS[0];
      return [name, described(createField(kind, types), description)];
    }),
  );
}

/** Objects and lists of objects in one another, four to six of them. */
export function createNested(types: ToolTypes, depth: number = types.chance.pick(DEPTHS)): Sampled {
  const { chance } = types;
  const fields = createFields(types, 2);
  const optional = Object.keys(fields).slice(1);
  if (depth === 1) return objectOf(fields, optional);
  const inner = createNested(types, depth - 1);
  const group = described(chance.happens(0.3) ? arrayOf(inner, 10) : inner, 'What applies inside of it');
  return objectOf({ ...fields, [chance.pick(GROUPS)]: group }, optional);
}

/**
 * What the operations of a tool share: leaves, an enum, a recursive union, and for each part of it a record and
 * a tree of those.
 * @param parts in PascalCase, with the kind of their ids
 */
export function createToolTypes(
  chance: Chance,
  parts: readonly { readonly type: string; readonly kind: string }[],
): ToolTypes {
  const made = new Map<string, Sampled>();
  const refer = (name: string): Sampled => ({
    schema: { $ref: `#/$defs/${name}` },
    sample: made.get(name)?.sample ?? null,
  });
  const define: Define = (name, type) => {
    made.set(name, type);
    return refer(name);
  };
  const types: ToolTypes = {
    chance,
    refer,
    definitions: () => Object.fromEntries([...made].map(([name, { schema }]) => [name, schema])),
  };
  defineLeaves(define, chance);
  defineCondition(define);
  for (const { type, kind } of parts) {
    const fields = createFields(types, 5 + chance.below(4));
    const record = define(type, objectOf({ id: idOf(kind, chance), ...fields }));
    const children = { type: 'array', items: { $ref: `#/$defs/${type}Tree` } };
    define(`${type}Tree`, objectOf({ item: record, children: { schema: children, sample: [] } }));
  }
  return types;
}

type Define = (name: string, type: Sampled) => Sampled;

function defineLeaves(define: Define, chance: Chance): void {
  const name = text({ minLength: 1 }, 'A. Reader');
  const date = (sample: string): Sampled => text({ format: 'date' }, sample);
  define('Status', { schema: { enum: STATUSES.slice(chance.below(4)) }, sample: 'paused' });
  define('Money', objectOf({ amount: number(12.5), currency: text({ pattern: '^[A-Z]{3}$' }, 'EUR') }));
  define('Period', objectOf({ from: date('2026-01-01'), to: date('2026-06-30') }, ['to']));
  define('Person', objectOf({ id: idOf('person', chance), name }, ['name']));
}

const number = (sample: number): Sampled => ({ schema: { type: 'number' }, sample });

/** All of several, any of several, or one comparison. */
function defineCondition(define: Define): void {
  const conditions = { type: 'array', items: { $ref: '#/$defs/Condition' }, minItems: 1, maxItems: 20 };
  const comparison = objectOf({
    field: { schema: { enum: ['status', 'owner', 'created_at', 'amount'] }, sample: 'status' },
    is: { schema: { type: ['string', 'number', 'boolean'] }, sample: 'paused' },
  });
  const group = (name: string): Sampled =>
    objectOf({ [name]: { schema: conditions, sample: [comparison.sample] } });
  const alternatives = [group('all'), group('any'), comparison];
  define('Condition', {
    schema: {
      description: 'Which of them are meant: a comparison, or several in one another.',
      anyOf: alternatives.map(({ schema }) => schema),
    },
    sample: group('all').sample,
  });
}
