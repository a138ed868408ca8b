import { findStorageFault, isOwnerGone } from '../../database/sqlite.ts';
import type { SessionRefusal } from '../contract/session.ts';

/**
 * Does work on the database.
 * @param what is not done when it fails, as the beginning of a sentence
 * @throws whatever is not a fault of the storage
 */
export type Attempt = <Value>(
  what: string,
  work: () => Promise<Value>,
) => Promise<{ readonly ok: true; readonly value: Value } | FailedAttempt>;

/** `fault` is what was wrong, in words that end a sentence, without what is to be done now. */
type FailedAttempt = SessionRefusal & { readonly fault: string };

/** Attempts at a database, until it is closed. */
export interface Attempts {
  readonly attempt: Attempt;
  /** Waits for what is under way; refuses what comes later: a call may outlive its run. */
  close(): Promise<void>;
}

/** @param onFault told of what failed: the agent learns the kind of fault only */
export function createAttempts(onFault: (error: unknown) => void): Attempts {
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  const refuse = (what: string, fault: string, advice = ''): FailedAttempt => ({
    ok: false,
    code: 'SESSION_UNAVAILABLE',
    message: `${what}: ${fault}.${advice}`,
    fault,
  });
  const attempt: Attempt = async (what, work) => {
    if (isClosed) return refuse(what, 'the server ends');
    const working = work();
    underWay.add(working);
    try {
      return { ok: true, value: await working };
    } catch (error) {
      if (isOwnerGone(error))
        return refuse(what, 'the session was removed while the program ran', ' Run it again.');
      const fault = findStorageFault(error);
      if (fault === undefined) throw error;
      onFault(error);
      return refuse(what, fault, ' Try again later.');
    } finally {
      underWay.delete(working);
    }
  };
  return {
    attempt,
    close: async () => {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}
