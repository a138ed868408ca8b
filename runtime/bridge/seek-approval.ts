import type { Approval, AskPerson } from '../contract/approval.ts';
import type { Failure } from '../contract/outcome.ts';
import type { SessionApprovals } from '../contract/session.ts';
import type { Grant } from './decide-grant.ts';

/**
 * Has a person agree to what policy marks `ask` and was not agreed to for the whole session, before the program
 * starts and its time runs.
 * @param approvals what a person has agreed to for the session
 * @param ask how the person is reached; undefined where nobody can be
 * @returns why the program may not start; nothing when it may
 */
export async function seekApproval(
  { asked, judged }: Grant,
  approvals: SessionApprovals,
  ask: AskPerson | undefined,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  if (asked.length === 0) return [];
  const approved = await approvals.list();
  const open = asked.filter(({ operation }) => !approved.has(operation));
  if (open.length === 0) return [];
  const others = judged.filter((effect) => effect.verdict === 'allow' || !open.includes(effect));
  const approval = (await ask?.({ asked: open, others }, signal)) ?? 'unable';
  if (approval === 'allowed-for-session') await approvals.add(open.map(({ operation }) => operation));
  if (approval !== 'denied' && approval !== 'unable') return [];
  return open.map(({ operation, effect, because }) => ({
    code: 'APPROVAL_NEEDED',
    message: `\`${operation}\`, which has the effect \`${effect}\`, needs a person to agree (${because}); ${REASONS[approval]}.`,
    suggestion: 'leave it out, or ask the operator to allow it with --policy',
  }));
}

const REASONS: Readonly<Record<Extract<Approval, 'denied' | 'unable'>, string>> = {
  denied: 'the person declined',
  unable: 'nobody could be asked, since this client does not offer elicitation or gave no answer',
};
