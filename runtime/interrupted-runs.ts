import type { Outcome, Warning } from './contract/outcome.ts';
import type { SessionStore } from './contract/session.ts';

/** Runs named in one reply; whoever has more finds them in the sessions' histories. */
const MOST_NAMED = 5;

/**
 * Tells each principal once of the runs that were cut off by the death of their process. They are looked for when
 * the principal's first outcome is there: a server that has died has left them before this one was started.
 */
export function createInterruptedNotice(
  sessions: SessionStore,
): (principal: string, outcome: Outcome) => Promise<readonly Warning[]> {
  const told = new Set<string>();
  return async (principal, { execution: own }) => {
    if (told.has(principal)) return [];
    told.add(principal);
    const runs = (await sessions.interrupted(principal)).filter(({ execution }) => execution !== own);
    return runs.slice(0, MOST_NAMED).map(({ execution, session, startedAt }) => ({
      code: 'RUN_INTERRUPTED',
      message: `An execution of session "${session}", begun at ${new Date(startedAt).toISOString()}, was cut off. Go on with it where it was: execute({ "resume": "${execution}" }).`,
    }));
  };
}
