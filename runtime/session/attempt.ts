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
) => Promise<{ readonly ok: true; readonly value: Value } | SessionRefusal>;

/** @param onFault told of what failed: the agent learns the kind of fault only */
export function createAttempt(onFault: (error: unknown) => void): Attempt {
  return async (what, work) => {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      if (isOwnerGone(error))
        return {
          ok: false,
          code: 'SESSION_UNAVAILABLE',
          message: `${what}: the session was removed while the program ran. Run it again.`,
        };
      const fault = findStorageFault(error);
      if (fault === undefined) throw error;
      onFault(error);
      return { ok: false, code: 'SESSION_UNAVAILABLE', message: `${what}: ${fault}. Try again later.` };
    }
  };
}
