import type { Approval, AskPerson } from '../contract/approval.ts';
import type { Failure } from '../contract/outcome.ts';
import type { Grant } from './decide-grant.ts';

/**
 * Has a person agree to what policy marks `ask`, before the program starts and its time runs.
 * @param ask how the person is reached; undefined where nobody can be
 * @returns why the program may not start; nothing when it may
 */
export async function seekApproval(
  { asked, judged }: Grant,
  ask: AskPerson | undefined,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  if (asked.length === 0) return [];
  const others = judged.filter((effect) => effect.verdict === 'allow');
  const approval = (await ask?.({ asked, others }, signal)) ?? 'unable';
  if (approval === 'allowed') return [];
  return asked.map(({ operation, effect, because }) => ({
    code: 'APPROVAL_NEEDED',
    message: `\`${operation}\`, which has the effect \`${effect}\`, needs a person to agree (${because}); ${REASONS[approval]}.`,
    suggestion: 'leave it out, or ask the operator to allow it with --policy',
  }));
}

const REASONS: Readonly<Record<Exclude<Approval, 'allowed'>, string>> = {
  denied: 'the person declined',
  unable: 'nobody could be asked, since this client does not offer elicitation or gave no answer',
};
