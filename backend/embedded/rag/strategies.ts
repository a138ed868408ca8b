import type { Kind } from './search-things.ts';

export type Strategy = 'temporal' | 'procedural' | 'planning' | 'causal' | 'relational' | 'broad';

interface StrategyRule {
  readonly strategy: Strategy;
  /** What in a query calls for it. */
  readonly cues: RegExp;
  /** The kinds whose things rank higher. */
  readonly kinds: readonly Kind[];
}

/** Tried in this order. */
const RULES: readonly StrategyRule[] = [
  {
    strategy: 'procedural',
    cues: /\bhow (?:to|do|does|did|can|should)\b|\b(?:steps?|procedure|workflow|recipe|instructions)\b/i,
    kinds: ['procedure'],
  },
  {
    strategy: 'temporal',
    cues: /\b(?:when|yesterday|today|last|recent|recently|ago|before|after|since|happened|history)\b/i,
    kinds: ['event'],
  },
  {
    strategy: 'causal',
    cues: /\b(?:why|because|reason|cause|caused|decided|decision|rationale)\b/i,
    kinds: ['memory', 'event'],
  },
  {
    strategy: 'planning',
    cues: /\b(?:todo|next|plan|planned|task|tasks|goal|goals|deadline|milestone|priority|blocked)\b/i,
    kinds: ['task', 'goal'],
  },
  {
    strategy: 'relational',
    cues: /\b(?:who|whose|related|relates|depends|dependency|connected|between|uses|owns)\b/i,
    kinds: ['entity'],
  },
];

/** The strategy that the words of a query call for; `broad` when none does. */
export function chooseStrategy(query: string): {
  readonly strategy: Strategy;
  readonly kinds: readonly Kind[];
} {
  return RULES.find(({ cues }) => cues.test(query)) ?? { strategy: 'broad', kinds: [] };
}
