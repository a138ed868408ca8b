import type { Properties, Schema } from '../schema.ts';
import type { Tell } from './change.ts';
import type { Position } from './directions.ts';

/** What a comparison needs to know wherever it has got to. */
export interface Comparison {
  readonly position: Position;
  readonly tell: Tell;
  /** The `$defs` of both sides. */
  readonly types: { readonly before: Properties; readonly after: Properties };
  /** How many changes have been told of the operation so far. */
  readonly told: () => number;
  /** The pairs that have been compared, or are being compared: types may contain themselves. */
  readonly seen: Map<Schema, Map<Schema, Seen>>;
}

type Seen = 'open' | 'same' | 'changed';

/** Compares what is inside of two schemas that stand at one place. */
export type CompareInner = (before: Schema, after: Schema, pointer: string, comparison: Comparison) => void;
