import type { Backend, BackendAnswer, CallContext } from '../contract/backend.ts';
import type { OperationAdapter } from '../contract/catalogue.ts';
import type { JsonObject } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import type { Warning } from '../contract/outcome.ts';
import type { CallAnswer } from '../contract/sandbox.ts';
import { describeViolations } from './describe-violations.ts';

/**
 * One `Backend.call` within its time, and its result within its size. A result that does not match its
 * schema is passed on as it came: `warn` is told.
 */
export async function callOperation(
  adapter: OperationAdapter,
  params: JsonObject,
  backend: Backend,
  context: CallContext,
  limits: Limits,
  runSignal: AbortSignal,
  warn: (warning: Warning) => void,
): Promise<CallAnswer> {
  const timeoutMs = Math.min(adapter.timeoutMs, limits.callMs);
  const answer = await withinTime(timeoutMs, runSignal, (signal) =>
    backend.call({ tool: adapter.tool, operation: adapter.operation, params, context, signal }),
  );
  if (answer === 'late') {
    const message = `${adapter.id} took longer than its ${timeoutMs} ms; whether it took effect is not known`;
    return { ok: false, code: 'CALL_TIMEOUT', message };
  }
  if (!answer.ok) return { ok: false, code: answer.code, message: `${adapter.id}: ${answer.message}` };
  const json = JSON.stringify(answer.value);
  const bytes = Buffer.byteLength(json);
  if (bytes > limits.callResultBytes) {
    const message = `${adapter.id} answered ${bytes} bytes, more than callResultBytes (${limits.callResultBytes}); ask for less`;
    return { ok: false, code: 'CALL_RESULT_TOO_LARGE', message };
  }
  if (!adapter.validateResult(answer.value)) {
    const found = describeViolations(adapter.validateResult.errors ?? []);
    warn({
      code: 'RESULT_MISMATCH',
      message: `the result of ${adapter.id} does not match its schema: ${found}`,
    });
  }
  return { ok: true, json };
}

/** The signal given to `work` is aborted when the time is over or the run has ended, whichever is first. */
async function withinTime(
  ms: number,
  runSignal: AbortSignal,
  work: (signal: AbortSignal) => Promise<BackendAnswer>,
): Promise<BackendAnswer | 'late'> {
  const deadline = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => {
    resolve('late');
    deadline.abort();
  }, ms);
  try {
    return await Promise.race([work(AbortSignal.any([deadline.signal, runSignal])), late]);
  } finally {
    clearTimeout(timer);
  }
}
