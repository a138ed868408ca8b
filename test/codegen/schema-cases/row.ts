import type { JsonValue } from '../../../runtime/contract/json.ts';

/** A schema, the values it lets through, and those it does not. */
export interface Row {
  readonly name: string;
  readonly schema: any;
  /** Types of the file beside the schema. */
  readonly $defs?: any;
  readonly valid: readonly JsonValue[];
  readonly invalid: readonly JsonValue[];
  /** Values that only the validator refuses, */
  readonly wider?: readonly JsonValue[];
  /** and why the type cannot. */
  readonly because?: string;
  /** Where the schema stands: as the parameter `value`, or as a whole result, of which it is the root. */
  readonly at?: 'result';
}

/** The one reason that documentation does not repeat at every object. */
export const LIST_IS_OBJECT = 'a list is an object to TypeScript';

export const closed = { additionalProperties: false };
export const text = { type: 'string' };
export const number = { type: 'number' };
