import type { Catalogue, Effect, OperationEntry, OperationId } from '../contract/catalogue.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { ListedSkill, StoredSkill } from '../contract/skill.ts';

/** How much is told: 1 the layers, 2 a line an operation, 3 typed signatures, 4 everything. */
export type Level = 1 | 2 | 3 | 4;

/** At most so many bytes of UTF-8 a level; `search` for the answer to a query. */
export const DISCLOSURE_BYTES: Readonly<Record<Level | 'search', number>> = {
  1: 1_024,
  2: 5_120,
  3: 10_240,
  4: 51_200,
  search: 5_120,
};

/** Either `query`, or `path` with or without `level`, or nothing at all. */
export interface DiscoverRequest {
  /** What is wanted, in plain words, or an exact name. */
  readonly query?: string;
  /** A layer, a namespace, a tool or an operation. */
  readonly path?: string;
  readonly level?: Level;
}

/** An operation that the text names. */
export interface DisclosedOperation {
  readonly id: OperationId;
  readonly effect: Effect;
  readonly summary: string;
  /** Whether the backend carries it out. */
  readonly served: boolean;
  /** Present when it is on its way out; the text names what to call instead. */
  readonly deprecated?: true;
  /** In the answer to a query: the higher, the better. */
  readonly score?: number;
}

export interface Shown {
  readonly ok: true;
  readonly level: Level | 'search';
  readonly text: string;
  readonly operations: readonly DisclosedOperation[];
}

export interface NotShown {
  readonly ok: false;
  readonly code: Extract<ErrorCode, 'INVALID_REQUEST' | 'UNKNOWN_PATH'>;
  readonly message: string;
}

export type Disclosed = Shown | NotShown;

/** The skills of a project. */
export interface SkillSource {
  /**
   * Each checked.
   * @param only the names of those that are wanted; all when left out
   */
  list(principal: string, only?: readonly string[]): Promise<readonly ListedSkill[]>;
  /** The texts alone. */
  texts(principal: string): Promise<readonly StoredSkill[]>;
}

export interface DisclosureOptions {
  readonly catalogue: Catalogue;
  /** Whether the backend carries the operation out; asked anew each time, since it may change. */
  readonly serves: (operation: OperationEntry) => boolean;
  /** What programs write before the namespace: `athena`. */
  readonly rootName: string;
  /** Left out: there are none. */
  readonly skills?: SkillSource;
}
