import type { Decision } from '../contract/approval.ts';
import type { OperationId } from '../contract/catalogue.ts';
import type { Limits } from '../contract/limits.ts';
import type { CallRefusal } from '../contract/sandbox.ts';

const LATER = 'Go on without it, or run the program again when somebody is there to answer.';

/** What a program is thrown for a call that a person did not allow; undefined for one that may be carried out. */
export function refuseUnapproved(
  operation: OperationId,
  decision: Decision,
  { approvalMinutes }: Limits,
): CallRefusal | undefined {
  const refuse = (why: string): CallRefusal => ({
    code: 'APPROVAL_NEEDED',
    message: `${operation} was not run: ${why}`,
  });
  switch (decision) {
    case 'allowed-once':
    case 'allowed-for-session':
      return undefined;
    case 'denied':
      return refuse('the person declined this call. Go on without it; do not repeat it as it was.');
    case 'undecided':
      return refuse(`the person closed the question, or the client could not put it. ${LATER}`);
    case 'late':
      return {
        ...refuse(`nobody answered within limit approvalMinutes (${approvalMinutes}). ${LATER}`),
        limit: { name: 'approvalMinutes', value: approvalMinutes },
      };
    case 'not-asked':
      return refuse(
        'nobody is asked again in this run, since it was refused too often, or nobody answered in time. Go on without it.',
      );
    default:
      return decision satisfies never;
  }
}
