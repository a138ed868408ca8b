import type { RuleId } from './rules.ts';

/** One change between two catalogues, as it was found. */
export interface Change {
  readonly rule: RuleId;
  /** `memory.recall`, as it is now; as it was if it is gone. Of a tool as a whole its namespace. */
  readonly operation: string;
  /** JSON pointer within the operation, references followed; empty for all of it. */
  readonly pointer: string;
  /** A short text; left out where there was nothing. */
  readonly before?: string;
  readonly after?: string;
}

/** Takes a change of the operation at hand. Values become short texts; undefined ones are left out. */
export type Tell = (rule: RuleId, pointer: string, before?: unknown, after?: unknown) => void;

const SHOWN_CHARACTERS = 100;

/** @param operation the id that the changes are told under */
export function createTeller(operation: string, changes: Change[]): Tell {
  return (rule, pointer, before, after) => {
    changes.push({
      rule,
      operation,
      pointer,
      ...(before === undefined ? {} : { before: shown(before) }),
      ...(after === undefined ? {} : { after: shown(after) }),
    });
  };
}

/** Strings as they are, other values as JSON; cut. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
