import type { OperationEntry, OperationId } from '../contract/catalogue.ts';
import type { Privacy, PrivacyRules } from '../contract/policy.ts';
import { matches, traitsOf } from './policy.ts';

/** What policy says of one operation. */
interface Judged {
  readonly root: string;
  readonly isHidden: boolean;
  /** Undefined where the policy leaves it to where a value came from. */
  readonly isRevealed: boolean | undefined;
}

/**
 * Judges every operation once, ahead of time. One that is not known hides all and is told nothing.
 * @param mainRoot the root of operations that name none
 * @param tagsOf an operation's tags; asked for all of them
 */
export function createPrivacy(
  { hide, reveal }: PrivacyRules,
  mainRoot: string,
  operations: readonly OperationEntry[],
  tagsOf: (id: OperationId) => readonly string[],
): Privacy {
  const judged = new Map<OperationId, Judged>(
    operations.map((entry) => {
      const traits = traitsOf(entry, tagsOf(entry.id));
      const root = entry.root ?? mainRoot;
      const isHidden = hide.some((rule) => matches(rule, traits));
      return [entry.id, { root, isHidden, isRevealed: reveal?.some((rule) => matches(rule, traits)) }];
    }),
  );
  return {
    hides: (id) => judged.get(id)?.isHidden ?? true,
    hidesSome: hide.length > 0,
    reveals: (id, origins) => {
      const one = judged.get(id);
      return one !== undefined && (one.isRevealed ?? origins.has(one.root));
    },
    rootOf: (id) => judged.get(id)?.root ?? mainRoot,
  };
}
