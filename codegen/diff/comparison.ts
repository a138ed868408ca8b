import type { Properties, Schema } from '../schema.ts';
import type { Tell } from './change.ts';
import type { Position } from './directions.ts';

/** What a comparison needs to know wherever it has got to. */
export interface Comparison {
  readonly position: Position;
  readonly tell: Tell;
  /** The `$defs` of both sides. */
  readonly types: { readonly before: Properties; readonly after: Properties };
  /** The pairs that have been compared: types may contain themselves, and are told once. */
  readonly seen: Map<Schema, Set<Schema>>;
}
