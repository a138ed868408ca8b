/**
 * Writes the schemas of a synthetic backend: a tool for every 30 operations, of the size and depth of Athena's.
 *
 *     node bench/catalogue.ts --count 10000 --out /tmp/synthetic [--seed 1] [--name synthetic]
 *     node codegen/start.js --schemas /tmp/synthetic --out /tmp/synthetic-compiled
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Effect } from '../runtime/contract/catalogue.ts';
import type { JsonObject } from '../runtime/contract/json.ts';
import { type Chance, createChance } from '../test/fuzz/chance.ts';
import {
  arrayOf,
  createFields,
  createNested,
  createToolTypes,
  described,
  idOf,
  objectOf,
  type Sampled,
  type ToolTypes,
} from './catalogue-types.ts';
import { DOMAINS, NOUNS, PARTS, REMARKS } from './catalogue-words.ts';

export const OPERATIONS_PER_TOOL = 30;
const OPERATIONS_PER_PART = OPERATIONS_PER_TOOL / PARTS.length;
const PAIRS = DOMAINS.length * NOUNS.length;

export interface SyntheticBackend {
  /** The root that programs write. */
  readonly name: string;
  /** Operations in all. */
  readonly count: number;
  /** The same seed makes the same files. */
  readonly seed: number;
}

/** A thing that a tool has operations for: `invoice`, `invoice_line`. */
interface Part {
  /** snake_case. */
  readonly name: string;
  /** As people write it. */
  readonly noun: string;
  readonly type: string;
}

/** What an operation's schemas are made from. */
interface Draft {
  readonly types: ToolTypes;
  readonly part: Part;
}

interface Verb {
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

const READ: Verb = {
  verb: 'get',
  effect: 'read',
  summary: 'Read one $ with all of its fields',
  parameters: (draft) => objectOf({ id: ID(draft) }),
  result: RECORD,
};

const VERBS: readonly Verb[] = [
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

/** The files of a folder of schemas, by name, one at a time: all of them are large. */
export function* createBackendFiles({ name, count, seed }: SyntheticBackend): Generator<[string, string]> {
  yield ['backend.json', print({ name })];
  for (let index = 0; index * OPERATIONS_PER_TOOL < count; index += 1) {
    const operations = Math.min(OPERATIONS_PER_TOOL, count - index * OPERATIONS_PER_TOOL);
    const tool = createTool(name, toolName(index), createChance(seed, index), operations);
    yield [`${tool.namespace}.json`, print(tool)];
  }
}

/** Writes a folder that `codegen --schemas` takes. */
export async function writeBackend(folder: string, backend: SyntheticBackend): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, text] of createBackendFiles(backend)) await writeFile(join(folder, file), text);
}

const print = (value: JsonObject): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** `billing_invoice`, and with a number behind it when all pairs have had their turn. */
function toolName(index: number): readonly [domain: string, noun: string] {
  const turn = Math.floor(index / DOMAINS.length);
  const domain = DOMAINS[index % DOMAINS.length] ?? DOMAINS[0];
  const noun = NOUNS[(index + turn) % NOUNS.length] ?? NOUNS[0];
  const round = Math.floor(index / PAIRS);
  return [domain, round === 0 ? noun : `${noun}_${round + 1}`];
}

function createTool(
  backend: string,
  [domain, noun]: readonly [string, string],
  chance: Chance,
  count: number,
): JsonObject & { readonly namespace: string } {
  const parts = PARTS.map((part) => createPart(part === '' ? noun : `${noun}_${part}`));
  const namespace = camelCase(`${domain}_${noun}`);
  const types = createToolTypes(
    chance,
    parts.map(({ type, noun: kind }) => ({ type, kind })),
  );
  const first = chance.below(VERBS.length);
  const chosen = Array.from({ length: count }, (_, at) => ({
    verb: VERBS[(first + at) % VERBS.length] ?? READ,
    part: parts[Math.floor(at / OPERATIONS_PER_PART)] ?? createPart(noun),
  }));
  const ids = chosen.map(({ verb, part }) => camelCase(`${verb.verb}_${part.name}`));
  const operations = chosen.map(({ verb, part }, at) =>
    createOperation(
      verb,
      { types, part },
      {
        layer: backend,
        related: ids.slice(at + 1, at + 3).map((id) => `${namespace}.${id}`),
      },
    ),
  );
  return {
    $schema: '../imported-meta-schema.json',
    tool: `${domain}_${noun}_tools`,
    namespace,
    description: `Everything about each ${noun} of ${domain}: its lines, comments, templates, schedules and reviews.`,
    $defs: pickUsed(types.definitions(), JSON.stringify(operations)),
    operations,
  };
}

function createPart(name: string): Part {
  const camel = camelCase(name);
  return {
    name,
    noun: name.replaceAll('_', ' '),
    type: camel.charAt(0).toUpperCase() + camel.slice(1),
  };
}

function createOperation(
  verb: Verb,
  draft: Draft,
  place: { readonly layer: string; readonly related: readonly string[] },
): JsonObject {
  const { part } = draft;
  const { chance } = draft.types;
  const parameters = verb.parameters(draft);
  const result = verb.result(draft);
  const summary = verb.summary.replace('$', part.noun);
  const example = { title: `${summary} as it is mostly done`, parameters: parameters.sample };
  return {
    operation: `${verb.verb}_${part.name}`,
    summary,
    description: `Use to ${summary.charAt(0).toLowerCase()}${summary.slice(1)}. ${chance.pick(REMARKS)} ${chance.pick(REMARKS)} ${chance.pick(REMARKS)}`,
    parameters: parameters.schema,
    result: result.schema,
    effect: verb.effect,
    ...place,
    tags: [...new Set([verb.verb, ...part.name.split('_')])],
    examples: [chance.happens(0.3) ? { ...example, result: result.sample } : example],
    idempotent: verb.effect === 'read',
    timeoutMs: 5_000,
  };
}

/** Types that no operation uses are refused by the compiler. */
function pickUsed(
  definitions: Readonly<Record<string, JsonObject>>,
  operations: string,
): Readonly<Record<string, JsonObject>> {
  const used = new Set<string>();
  const follow = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/"#\/\$defs\/(\w+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(JSON.stringify(definitions[name]));
    }
  };
  follow(operations);
  return Object.fromEntries(Object.entries(definitions).filter(([name]) => used.has(name)));
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '10000' },
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
      name: { type: 'string', default: 'synthetic' },
    },
  });
  if (values.out === undefined) throw new Error('--out must name a folder.');
  await writeBackend(values.out, {
    name: values.name,
    count: Number(values.count),
    seed: Number(values.seed),
  });
}
