import type { Backend } from '../contract/backend.ts';
import type { OperationAdapter, OperationEntry, OperationId } from '../contract/catalogue.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { RunJournal, RunPast } from '../contract/journal.ts';
import type { CallTally, Warning } from '../contract/outcome.ts';
import type { CallRefusal, GuestCall } from '../contract/sandbox.ts';

/** Refusals of calls that never left. */
const NEVER_MADE: ReadonlySet<ErrorCode> = new Set([
  'APPROVAL_NEEDED',
  'CALL_LIMIT',
  'CALL_TOO_LARGE',
  'INVALID_PARAMETERS',
  'NOT_GRANTED',
  'OPERATION_DENIED',
  'OPERATION_NOT_SERVED',
  'SESSION_UNAVAILABLE',
  'TOKEN_REFUSED',
]);

/**
 * Before a call that may change data leaves: writes down that it does. One that had left when the run was
 * interrupted leaves again only if that changes nothing further.
 * @returns why it does not leave
 */
export async function callOnce(
  call: GuestCall,
  adapter: OperationAdapter,
  journal: RunJournal,
  backend: Backend,
  warn: (warning: Warning) => void,
): Promise<CallRefusal | undefined> {
  if (!journal.past.unknown.has(call.number)) {
    if (await journal.intend(call)) return undefined;
    const message = `${adapter.id} was not run: the run's journal cannot be written. Try again later.`;
    return { code: 'SESSION_UNAVAILABLE', message };
  }
  if (backend.keepsKeys?.(adapter) === true) return undefined;
  const { id } = adapter;
  if (!adapter.idempotent) {
    const message = `The run was interrupted during this call of ${id}; whether it took effect is not known, and it is not made again. Look, and make it in a new program if it did not.`;
    return { code: 'CALL_UNKNOWN', message };
  }
  const message = `The answer of call ${call.number} (${id}) was lost, and it was made again: repeating it changes nothing further.`;
  warn({ code: 'CALL_REPEATED', message });
  return undefined;
}

/** Whether a call was made, in this life of the run or before: all are but those that were refused without leaving. */
export function wasMade(refusal: Pick<CallRefusal, 'code'> | undefined): boolean {
  return refusal === undefined || !NEVER_MADE.has(refusal.code);
}

/** Under what a backend that keeps keys knows the call, whenever it is made. */
export function keyOf(execution: string, call: GuestCall): string {
  return `${execution}/${call.number}`;
}

/** What a run had done before it was interrupted. `asked` are its operation calls, whatever came of them. */
export function tallyPast(
  { frames }: RunPast,
  find: (id: OperationId) => OperationEntry | undefined,
): Omit<CallTally, 'unanswered'> & { readonly asked: number } {
  const calls = frames.flatMap((frame) => frame.calls).filter(({ name }) => !name.startsWith('@'));
  const made = calls.filter(({ answer }) => wasMade(answer.ok ? undefined : answer));
  const wrote = made.filter(({ name }) => find(name as OperationId)?.effect !== 'read');
  return { asked: calls.length, made: made.length, wrote: wrote.length };
}
