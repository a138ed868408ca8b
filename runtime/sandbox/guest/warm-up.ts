import type { ToWorker } from '../../contract/guest-protocol.ts';

/**
 * A program that a worker runs for nobody at its start: what every run needs is compiled by then, and the
 * first tenant does not wait for it.
 */
export const WARM_UP: Extract<ToWorker, { t: 'run' }> = {
  t: 'run',
  run: 0,
  source: 'return { now: new Date(), random: Math.random() };',
  skills: [],
  operations: ['warm.up'],
  seed: '0'.repeat(32),
  now: 0,
  limits: {
    calls: 1,
    callRequestBytes: 1_024,
    bytesInFlight: 1_024,
    resultBytes: 1_024,
    jsonDepth: 8,
    logLines: 0,
    logBytes: 0,
  },
};
