import { readFile } from 'node:fs/promises';
import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { createPolicy } from './bridge/policy.ts';
import { createPrivacy } from './bridge/privacy.ts';
import {
  type Catalogue,
  EFFECTS,
  type Effect,
  type OperationEntry,
  type OperationId,
} from './contract/catalogue.ts';
import {
  MATCHERS,
  type Matcher,
  type Policy,
  type PolicyRules,
  type Privacy,
  type PrivacyRules,
  VERDICTS,
} from './contract/policy.ts';
import { StartError } from './start-error.ts';

/** How many letters a name may be off and still be taken for a slip. */
const SLIP = 3;

const VALUES = z.union([z.string().transform((value) => [value]), z.array(z.string()).min(1)]).optional();
const RULE = z
  .strictObject({
    ...(Object.fromEntries(MATCHERS.map((matcher) => [matcher, VALUES])) as Record<Matcher, typeof VALUES>),
    reason: z.string().min(1).max(200).optional(),
  })
  .refine((rule) => MATCHERS.some((matcher) => rule[matcher] !== undefined), {
    error: `a rule needs at least one of ${MATCHERS.join(', ')}`,
  });
const FILE = z.strictObject({
  allow: z.array(RULE).default([]),
  ask: z.array(RULE).default([]),
  deny: z.array(RULE).default([]),
  hide: z.array(RULE).default([]),
  reveal: z.array(RULE).optional(),
});

/** The lists of rules that a policy file may have. */
const LISTS = [...VERDICTS, 'hide', 'reveal'] as const;

/** What the names in a policy may be, by matcher. */
type Names = Readonly<Record<Matcher, ReadonlySet<string>>>;
type TagsOf = (id: OperationId) => readonly string[];

/**
 * Opens the policy of a server.
 * @param source a policy file, or the effects that are allowed where there is none
 * @throws {StartError}
 */
export async function openPolicy(
  catalogue: Catalogue,
  source: string | ReadonlySet<Effect>,
): Promise<Policy> {
  const { operations } = catalogue;
  const tagsOf = await readTags(catalogue);
  const rules =
    typeof source === 'string' ? await readRules(source, collectNames(operations, tagsOf)) : rulesFor(source);
  return createPolicy(rules, operations, tagsOf);
}

/**
 * Opens what the policy of a server says of personal data.
 * @param file a policy file; without one, nothing is hidden, and values go back where they came from
 * @throws {StartError}
 */
export async function openPrivacy(catalogue: Catalogue, file: string | undefined): Promise<Privacy> {
  const { name, operations } = catalogue;
  const tagsOf = await readTags(catalogue);
  const rules = file === undefined ? { hide: [] } : await readRules(file, collectNames(operations, tagsOf));
  return createPrivacy(rules, name, operations, tagsOf);
}

async function readTags(catalogue: Catalogue): Promise<TagsOf> {
  const tags = new Map((await catalogue.searchDocuments()).map((document) => [document.id, document.tags]));
  return (id) => tags.get(id) ?? [];
}

function rulesFor(effects: ReadonlySet<Effect>): PolicyRules {
  const reason = `this server allows the effects ${[...effects].join(', ')}`;
  const others = EFFECTS.filter((effect) => !effects.has(effect));
  return { allow: [{ effect: [...effects], reason }], ask: [], deny: [{ effect: others, reason }] };
}

/** Every name in a policy must exist: a rule that denies what is misspelt would deny nothing. */
async function readRules(path: string, names: Names): Promise<PolicyRules & PrivacyRules> {
  try {
    const parsed = FILE.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (!parsed.success) throw new Error(describeIssues(parsed.error));
    const unknown = findUnknown(parsed.data, names);
    if (unknown.length > 0) throw new Error(unknown.join('; '));
    return parsed.data;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError('POLICY_INVALID', `The policy ${path} cannot be used: ${why}`, error);
  }
}

function describeIssues({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `at \`${path.join('.')}\`: ${message}`).join('; ');
}

function collectNames(operations: readonly OperationEntry[], tagsOf: TagsOf): Names {
  return {
    operation: new Set(operations.map(({ id }) => id)),
    namespace: new Set(operations.map(({ namespace }) => namespace)),
    layer: new Set(operations.map(({ layer }) => layer)),
    effect: new Set(EFFECTS),
    tag: new Set(operations.flatMap(({ id }) => tagsOf(id))),
  };
}

function findUnknown(rules: PolicyRules & PrivacyRules, names: Names): readonly string[] {
  const places = LISTS.flatMap((list) =>
    (rules[list] ?? []).flatMap((rule, index) =>
      MATCHERS.flatMap((matcher) => (rule[matcher] ?? []).map((value) => ({ list, index, matcher, value }))),
    ),
  );
  return places
    .filter(({ matcher, value }) => !names[matcher].has(value))
    .map(
      ({ list, index, matcher, value }) =>
        `at \`${list}.${index}.${matcher}\`: there is no ${matcher} ${JSON.stringify(value)}${suggest(value, names[matcher])}`,
    );
}

function suggest(value: string, names: ReadonlySet<string>): string {
  const [closest] = [...names]
    .map((name) => ({ name, off: distance(name, value) }))
    .filter(({ off }) => off <= SLIP)
    .sort((one, other) => one.off - other.off);
  return closest === undefined ? '' : `, did you mean ${JSON.stringify(closest.name)}?`;
}
