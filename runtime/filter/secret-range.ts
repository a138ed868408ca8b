import type { Range } from './search-pieces.ts';

/** A secret in a text. */
export interface SecretRange extends Range {
  /** What kind of secret, in a few words: `github token`. */
  readonly kind: string;
}
