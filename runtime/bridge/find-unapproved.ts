import type { OperationId } from '../contract/catalogue.ts';
import type { Failure } from '../contract/outcome.ts';
import type { Grant } from './decide-grant.ts';

/**
 * Why a program may not start where nobody can be asked: one failure for each operation that policy marks `ask` and
 * that nobody has agreed to for the session.
 * @param agreed what a person has agreed to for the session
 */
export function findUnapproved({ asked }: Grant, agreed: ReadonlySet<OperationId>): readonly Failure[] {
  return asked
    .filter(({ operation }) => !agreed.has(operation))
    .map(({ operation, effect, because }) => ({
      code: 'APPROVAL_NEEDED',
      message: `\`${operation}\`, which has the effect \`${effect}\`, needs a person to agree (${because}), and this client offers no elicitation to ask one with. The operator can allow it: --policy <file>, where the file has {"operation":"${operation}"} under "allow" and nothing under "ask" that matches it.`,
      suggestion: 'leave it out, or use a client that offers elicitation',
    }));
}
