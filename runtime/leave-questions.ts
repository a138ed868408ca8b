import type { AskPerson } from './contract/approval.ts';
import { SERVER_ENDS } from './contract/sandbox.ts';

/**
 * Leaves a question open when the server ends: the run is stopped rather than answered, and asks again once it is
 * resumed.
 * @param leaving aborted when the server ends
 * @param run what stops the run
 */
export function leaveQuestions(ask: AskPerson, leaving: AbortSignal, run: AbortController): AskPerson {
  return async (question, signal) => {
    const answer = await ask(question, AbortSignal.any([signal, leaving]));
    if (answer !== 'undecided' || !leaving.aborted) return answer;
    run.abort(SERVER_ENDS);
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return answer;
  };
}
