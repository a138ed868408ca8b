import type { Effect, OperationId } from './catalogue.ts';

/** What policy says of an operation, strongest last. `ask`: only once a person has agreed. */
export const VERDICTS = ['allow', 'ask', 'deny'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a rule can tell operations by. */
export const MATCHERS = ['operation', 'namespace', 'layer', 'effect', 'tag'] as const;
export type Matcher = (typeof MATCHERS)[number];

/** Matches what all of its matchers match; a matcher, what any of its values names. It has at least one matcher. */
export type PolicyRule = { readonly [key in Matcher]?: readonly string[] | undefined } & {
  /** Told to the agent. */
  readonly reason?: string | undefined;
};

/** The rules by what they say. `deny` wins over `ask`, `ask` over `allow`; what no rule matches is denied. */
export type PolicyRules = Readonly<Record<Verdict, readonly PolicyRule[]>>;

export interface Judgement {
  readonly verdict: Verdict;
  /** In a few words, without a full stop. */
  readonly because: string;
}

/** The rules on personal data. Where there is no list `reveal`, values go back where they came from. */
export interface PrivacyRules {
  readonly hide: readonly PolicyRule[];
  readonly reveal?: readonly PolicyRule[] | undefined;
}

/** What policy says of personal data on its way in and out of an operation. */
export interface Privacy {
  /** Whether tokens take the place of personal data in its results before they enter the guest. */
  hides(operation: OperationId): boolean;
  /** Whether it hides the results of any operation. */
  readonly hidesSome: boolean;
  /**
   * Whether it may receive what a token stands for.
   * @param origins the backends that the value came from, by their roots
   */
  reveals(operation: OperationId, origins: ReadonlySet<string>): boolean;
  /** The backend that carries the operation out, by its root. */
  rootOf(operation: OperationId): string;
}

/** Judges an operation. One that it does not know is denied. */
export type Policy = (operation: OperationId) => Judgement;

/** An operation that a program can reach, and what policy says of it. */
export interface JudgedEffect extends Judgement {
  readonly operation: OperationId;
  readonly effect: Effect;
}

/** The tag of operations that change or delete many things at once. */
export const BULK_TAG = 'bulk';
