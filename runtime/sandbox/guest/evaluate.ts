import type { FromWorker, ToWorker } from '../../contract/guest-protocol.ts';
import type { Powers } from './powers.ts';
import type { Realm } from './run.ts';
import { Run } from './run.ts';

/** The worker's host code: frames in, runs, frames out. */
export interface Guest {
  readonly received: (text: string) => void;
  readonly turnEnded: () => void;
  readonly rejected: (reason: unknown) => void;
}

/** Creates the worker's host code over its powers and its realm. It does one run at a time. */
export function createGuest(powers: Powers, realm: Realm): Guest {
  let current: Run | undefined;
  return {
    received: (text) => {
      const frame: ToWorker = JSON.parse(text);
      if (frame.t === 'run') {
        current = new Run(frame, powers, realm);
        void current.start();
      } else if (current?.number === frame.run) {
        current.receive(frame);
      }
    },
    turnEnded: () => {
      current?.flush();
      // Ended, and its microtasks have run out. No call of it will ever be answered and there are no timers,
      // so none of its code can run again: the worker is free.
      if (current?.ended === true) {
        current = undefined;
        powers.send(JSON.stringify({ t: 'ready' } satisfies FromWorker));
      }
    },
    rejected: (reason) => current?.rejected(reason),
  };
}
