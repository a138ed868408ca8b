import type { OperationEntry, OperationId } from '../contract/catalogue.ts';
import {
  BULK_TAG,
  type Judgement,
  MATCHERS,
  type Matcher,
  type Policy,
  type PolicyRule,
  type PolicyRules,
  type Verdict,
} from '../contract/policy.ts';

/** An operation as rules see it. */
export type Traits = Readonly<Record<Matcher, readonly string[]>>;

const UNKNOWN: Judgement = { verdict: 'deny', because: 'no rule of the policy allows it' };

/**
 * Judges every operation once, ahead of time.
 * @param tagsOf an operation's tags; asked for all of them
 */
export function createPolicy(
  rules: PolicyRules,
  operations: readonly OperationEntry[],
  tagsOf: (id: OperationId) => readonly string[],
): Policy {
  const judgements = new Map(
    operations.map((entry) => [entry.id, judge(rules, traitsOf(entry, tagsOf(entry.id)))]),
  );
  return (id) => judgements.get(id) ?? UNKNOWN;
}

export function traitsOf({ id, namespace, layer, effect }: OperationEntry, tags: readonly string[]): Traits {
  return { operation: [id], namespace: [namespace], layer: [layer], effect: [effect], tag: tags };
}

function judge(rules: PolicyRules, traits: Traits): Judgement {
  const find = (verdict: Verdict): PolicyRule | undefined =>
    rules[verdict].find((rule) => matches(rule, traits));
  const denied = find('deny');
  if (denied !== undefined) return { verdict: 'deny', because: explain(denied) };
  const asked = find('ask');
  if (asked !== undefined) return { verdict: 'ask', because: explain(asked) };
  const danger = findDanger(traits);
  const allowed = rules.allow.find((rule) => matches(rule, traits) && reaches(rule, traits, danger));
  if (allowed !== undefined) return { verdict: 'allow', because: explain(allowed) };
  if (danger === undefined) return UNKNOWN;
  return {
    verdict: 'deny',
    because: `no rule allows it by name, as ${danger.matcher} \`${danger.value}\` needs`,
  };
}

export function matches(rule: PolicyRule, traits: Traits): boolean {
  return MATCHERS.every((matcher) => rule[matcher]?.some((value) => traits[matcher].includes(value)) ?? true);
}

type Danger = { readonly matcher: Matcher; readonly value: string };

/** What makes an operation too dangerous for a rule that allows much at once. */
function findDanger({ effect, tag }: Traits): Danger | undefined {
  if (effect.includes('admin')) return { matcher: 'effect', value: 'admin' };
  if (effect.includes('delete') && tag.includes(BULK_TAG)) return { matcher: 'tag', value: BULK_TAG };
  return undefined;
}

/** A rule for a namespace or a layer does not reach what is dangerous: it must name the operation or the danger. */
function reaches(rule: PolicyRule, traits: Traits, danger: Danger | undefined): boolean {
  if (danger === undefined) return true;
  const names = (matcher: Matcher, value: string): boolean => rule[matcher]?.includes(value) ?? false;
  return traits.operation.some((id) => names('operation', id)) || names(danger.matcher, danger.value);
}

function explain(rule: PolicyRule): string {
  if (rule.reason !== undefined) return rule.reason;
  const named = MATCHERS.flatMap((matcher) => {
    const values = rule[matcher];
    return values === undefined ? [] : [`${matcher} ${values.map((value) => `\`${value}\``).join(' or ')}`];
  });
  return `rule for ${named.join(' and ')}`;
}
