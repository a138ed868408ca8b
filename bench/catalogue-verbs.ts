import type { Effect } from '../runtime/contract/catalogue.ts';
import type { JsonObject } from '../runtime/contract/json.ts';
import {
  arrayOf,
  createFields,
  createNested,
  described,
  idOf,
  objectOf,
  type Sampled,
  type ToolTypes,
} from './catalogue-types.ts';

/** A thing that a tool has operations for: `invoice`, `invoice_line`. */
export interface Part {
  /** snake_case. */
  readonly name: string;
  /** As people write it. */
  readonly noun: string;
  readonly type: string;
}

/** What an operation's schemas are made from. */
export interface Draft {
  readonly types: ToolTypes;
  readonly part: Part;
}

/** What an operation does to a thing, and the schemas that it has for that. */
export interface Verb {
  readonly verb: string;
  readonly effect: Effect;
  /** `$` stands for the thing. */
  readonly summary: string;
  readonly parameters: (draft: Draft) => Sampled;
  readonly result: (draft: Draft) => Sampled;
}

const ID = ({ types, part }: Draft): Sampled =>
  described(idOf(part.noun, types.chance), `The ${part.noun} that is meant`);
const RECORD = ({ types, part }: Draft): Sampled => types.refer(part.type);
const CONDITION = ({ types }: Draft): Sampled =>
  described(types.refer('Condition'), 'Only those; all when left out');
const LIMIT: Sampled = {
  schema: {
    type: 'integer',
    minimum: 1,
    maximum: 500,
    default: 50,
    description: 'How many to give at most',
  },
  sample: 20,
};
const REASON: Sampled = {
  schema: { type: 'string', minLength: 3, maxLength: 400, description: 'Why, for the record' },
  sample: 'no longer needed',
};
const FLAG: Sampled = { schema: { type: 'boolean' }, sample: true };
const COUNT: Sampled = { schema: { type: 'integer', minimum: 0 }, sample: 3 };

export const READ: Verb = {
  verb: 'get',
  effect: 'read',
  summary: 'Read one $ with all of its fields',
  parameters: (draft) => objectOf({ id: ID(draft) }),
  result: RECORD,
};

/** In the order in which the operations of a tool have them. */
export const VERBS: readonly Verb[] = [
  READ,
  {
    verb: 'list',
    effect: 'read',
    summary: 'List $s, newest first',
    parameters: (draft) => objectOf({ where: CONDITION(draft), limit: LIMIT }, ['where', 'limit']),
    result: (draft) => objectOf({ items: arrayOf(RECORD(draft)), total: COUNT }),
  },
  {
    verb: 'create',
    effect: 'write',
    summary: 'Create a $',
    parameters: ({ types }) => {
      const fields = createFields(types, 3);
      const settings = described(createNested(types), 'How it is handled from then on');
      return objectOf({ ...fields, settings }, [...Object.keys(fields).slice(1), 'settings']);
    },
    result: RECORD,
  },
  {
    verb: 'update',
    effect: 'write',
    summary: 'Change some fields of a $',
    parameters: (draft) => {
      const fields = createFields(draft.types, 4);
      const changes = described(objectOf(fields, Object.keys(fields)), 'What is left out stays as it is');
      return objectOf({ id: ID(draft), changes });
    },
    result: (draft) => objectOf({ before: RECORD(draft), after: RECORD(draft), changed: COUNT }),
  },
  {
    verb: 'delete',
    effect: 'delete',
    summary: 'Delete a $ for good',
    parameters: (draft) => objectOf({ id: ID(draft), reason: REASON }, ['reason']),
    result: (draft) => objectOf({ deleted: RECORD(draft), was_last: FLAG }),
  },
  {
    verb: 'outline',
    effect: 'read',
    summary: 'Show a $ with all that hangs below it',
    parameters: (draft) => objectOf({ id: ID(draft), limit: LIMIT }, ['limit']),
    result: ({ types, part }) => types.refer(`${part.type}Tree`),
  },
  {
    verb: 'summarize',
    effect: 'read',
    summary: 'Sum up $s over a period',
    parameters: (draft) => {
      const period = described(draft.types.refer('Period'), 'The days that count');
      return objectOf({ period, where: CONDITION(draft) }, ['where']);
    },
    result: ({ types }) => objectOf({ groups: arrayOf(createNested(types)), total: COUNT }),
  },
  {
    verb: 'configure',
    effect: 'admin',
    summary: 'Set how $s are handled',
    parameters: ({ types }) =>
      objectOf({ settings: described(createNested(types), 'All of them: none is kept') }),
    result: ({ types }) => objectOf({ settings: createNested(types), in_use: FLAG }),
  },
  {
    verb: 'assign',
    effect: 'write',
    summary: 'Hand a $ to other people',
    parameters: (draft) => {
      const people = described(arrayOf(draft.types.refer('Person'), 10), 'Who works on it from now on');
      return objectOf({ id: ID(draft), people, reason: REASON }, ['reason']);
    },
    result: (draft) => objectOf({ people: arrayOf(draft.types.refer('Person')), item: RECORD(draft) }),
  },
  {
    verb: 'move',
    effect: 'write',
    summary: 'Move a $ below another one',
    parameters: (draft) =>
      objectOf({ id: ID(draft), below: { ...ID(draft), sample: null, schema: nullable(ID(draft).schema) } }),
    result: ({ types, part }) => types.refer(`${part.type}Tree`),
  },
  {
    verb: 'price',
    effect: 'read',
    summary: 'Estimate what a $ will cost',
    parameters: (draft) => objectOf({ id: ID(draft), period: draft.types.refer('Period') }, ['period']),
    result: ({ types }) => objectOf({ cost: types.refer('Money'), because: createNested(types) }),
  },
];

function nullable(schema: JsonObject): JsonObject {
  return { anyOf: [schema, { type: 'null' }], description: 'Null for the top' };
}
