import type { PersonalKind } from '../../contract/privacy.ts';
import type { Range } from '../search-pieces.ts';

/** Personal data in a text. */
export interface PersonalRange extends Range {
  readonly personal: PersonalKind;
}
