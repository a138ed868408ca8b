import type { JsonObject } from '../runtime/contract/json.ts';
import { type Chance, createChance } from '../test/fuzz/chance.ts';
import { createToolTypes } from './catalogue-types.ts';
import { type Draft, type Part, READ, VERBS, type Verb } from './catalogue-verbs.ts';
import { DOMAINS, NOUNS, PARTS, REMARKS } from './catalogue-words.ts';

const OPERATIONS_PER_TOOL = 30;
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

/** A schema file. */
export type ToolFile = JsonObject & { readonly namespace: string };

/** The tools of a backend, one at a time: all of them are large. */
export function* createTools({ name, count, seed }: SyntheticBackend): Generator<ToolFile> {
  for (let index = 0; index * OPERATIONS_PER_TOOL < count; index += 1) {
    const operations = Math.min(OPERATIONS_PER_TOOL, count - index * OPERATIONS_PER_TOOL);
    yield createTool(name, toolName(index), createChance(seed, index), operations);
  }
}

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
): ToolFile {
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
