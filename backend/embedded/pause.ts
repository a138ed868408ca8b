import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely, KyselyPlugin } from 'kysely';
import { OperationError, type Pause } from './handler.ts';

/** How long one call goes on before others get their turn, in ms. */
const STRETCH_MS = 10;

/** @param signal aborted when nobody waits for the work any more; left out for work that is nobody's */
export function createPause(signal?: AbortSignal): Pause {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > STRETCH_MS) {
      await nextTurn();
      since = performance.now();
    }
    if (signal?.aborted === true) throw new OperationError('the call was cancelled, and stored nothing');
  };
}

/** The same database, with a pause after each query. */
export function withPauses<Tables>(database: Kysely<Tables>, pause: Pause): Kysely<Tables> {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await pause();
      return result;
    },
  };
  return database.withPlugin(plugin);
}
