import type { Backend, BackendAnswer, BackendCall, CallContext, WireOperation } from '../contract/backend.ts';
import type { OperationAdapter } from '../contract/catalogue.ts';
import type { JsonValue } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import type { Warning } from '../contract/outcome.ts';
import type { CallAnswer } from '../contract/sandbox.ts';
import { parseJson } from '../json/parse-json.ts';
import { describeViolations } from './describe-violations.ts';

/** What is called, and what is done to its answer. */
export interface OperationCall extends Pick<BackendCall, 'params' | 'key' | 'onProgress'> {
  readonly adapter: OperationAdapter;
  /** Makes an answer fit to enter the guest; left out where it enters as it is. */
  readonly hide?: (value: JsonValue) => Promise<JsonValue>;
}

/**
 * One `Backend.call` within its time, and its result within its size. A result that does not match its
 * schema is passed on as it came: `warn` is told.
 */
export async function callOperation(
  { adapter, hide, ...call }: OperationCall,
  backend: Backend,
  context: CallContext,
  limits: Limits,
  runSignal: AbortSignal,
  warn: (warning: Warning) => void,
): Promise<CallAnswer> {
  const timeoutMs = Math.min(adapter.timeoutMs, limits.callMs);
  const answer = await withinTime(timeoutMs, runSignal, (signal) =>
    backend.call({ ...wireNamesOf(adapter), ...call, context, signal }),
  );
  if (answer === 'late') {
    const message = `${adapter.id} took longer than ${timeoutMs} ms (limit callMs, or the operation's own time where that is less); whether it took effect is not known. Look before you repeat it, or ask for less in one call.`;
    return { ok: false, code: 'CALL_TIMEOUT', message, limit: { name: 'callMs', value: timeoutMs } };
  }
  if (!answer.ok) {
    const said = hide === undefined ? answer.message : await hide(answer.message);
    return { ...answer, message: `${adapter.id}: ${said}` };
  }
  const written = writeResult(adapter, answer.value, limits);
  if (!written.ok) return written;
  if (!adapter.validateResult(answer.value)) {
    const violations = adapter.validateResult.errors ?? [];
    const found =
      hide === undefined ? describeViolations(violations) : `${violations.length} mistakes, not told`;
    warn({
      code: 'RESULT_MISMATCH',
      message: `The result of ${adapter.id} does not match its schema: ${found}.`,
    });
  }
  // Tokens are longer than most of what they stand for.
  return hide === undefined ? written : writeResult(adapter, await hide(answer.value), limits);
}

function wireNamesOf({ tool, operation, argument }: OperationAdapter): WireOperation {
  return { tool, operation, ...(argument === undefined ? {} : { argument }) };
}

/** A backend is believed no more than a guest: its result must be JSON of a size and depth that can be passed on. */
function writeResult(adapter: OperationAdapter, value: JsonValue, limits: Limits): CallAnswer {
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it is not JSON';
    return {
      ok: false,
      code: 'OPERATION_FAILED',
      message: `${adapter.id}: its result cannot be written: ${why}.`,
    };
  }
  const bytes = Buffer.byteLength(json);
  if (bytes > limits.callResultBytes) {
    const message = `${adapter.id} answered ${bytes} bytes, more than limit callResultBytes (${limits.callResultBytes}). It was carried out; ask for less.`;
    const limit = { name: 'callResultBytes', value: limits.callResultBytes } as const;
    return { ok: false, code: 'CALL_RESULT_TOO_LARGE', message, limit };
  }
  const parsed = parseJson(json, limits.jsonDepth);
  if (parsed.ok) return { ok: true, json };
  const message = `${adapter.id}: its result cannot be passed on: ${parsed.message}.`;
  if (parsed.reason !== 'depth') return { ok: false, code: 'OPERATION_FAILED', message };
  const limit = { name: 'jsonDepth', value: limits.jsonDepth } as const;
  return {
    ok: false,
    code: 'OPERATION_FAILED',
    message: `${message} It was carried out; ask for a part of it.`,
    limit,
  };
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
