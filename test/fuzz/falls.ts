import type { Outcome } from '../../runtime/contract/outcome.ts';

/** Under SES only the guest's own code writes frames: these ends say that it was overcome, or fell over. */
const NEVER_UNDER_SES: ReadonlySet<string> = new Set(['PROTOCOL_VIOLATION', 'WORKER_LOST']);

/** Answers how a run ended that must not end so, where SES is on. */
export function findFall(outcome: Outcome): readonly string[] {
  if (outcome.kind !== 'failed') return [];
  const { code, message } = outcome.failure;
  return NEVER_UNDER_SES.has(code) ? [`a run that ended with ${code}: ${message}`] : [];
}
