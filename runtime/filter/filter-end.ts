import type { JsonValue } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import type { Failure, Warning } from '../contract/outcome.ts';
import type { GuestError, LogLine, RunEnd } from '../contract/sandbox.ts';
import { filterLogs, filterText, filterValue } from './filter.ts';

/** How a run ended, fit to leave: a value or a failure, and the log. */
export interface FilteredEnd {
  readonly result:
    | { readonly ok: true; readonly value: JsonValue }
    | { readonly ok: false; readonly failure: Failure };
  readonly logs: readonly LogLine[];
  readonly warnings: readonly Warning[];
}

const LONGEST_MESSAGE = 4_000;
const LONGEST_NAME = 100;
const LONGEST_SNIPPET = 200;

/** @param code the agent's code, from which the failing line is shown */
export async function filterEnd(end: RunEnd, code: string, limits: Limits): Promise<FilteredEnd> {
  const { logs, warnings } = await filterLogs(end.logs);
  const all = end.droppedLogs === 0 ? warnings : [...warnings, warnDropped(end.droppedLogs, limits)];
  switch (end.kind) {
    case 'returned': {
      const filtered = await filterValue(end.json, limits);
      if (!filtered.ok) {
        const { ok, ...failure } = filtered;
        return { result: { ok, failure }, logs, warnings: all };
      }
      const result = { ok: true, value: filtered.value } as const;
      return { result, logs, warnings: [...all, ...filtered.warnings] };
    }
    case 'threw':
      return { result: { ok: false, failure: await describeError(end.error, code) }, logs, warnings: all };
    case 'stopped': {
      const { code: cause, message } = end;
      // The guest decides most results that are too large, and its frame has no room for the limit.
      const limit =
        cause === 'RESULT_TOO_LARGE'
          ? ({ name: 'resultBytes', value: limits.resultBytes } as const)
          : end.limit;
      const told = await filterText(message.slice(0, LONGEST_MESSAGE));
      const failure = { code: cause, message: told, ...(limit === undefined ? {} : { limit }) };
      return { result: { ok: false, failure }, logs, warnings: all };
    }
    default:
      return end satisfies never;
  }
}

async function describeError(error: GuestError, code: string): Promise<Failure> {
  const text = error.message === '' ? '(no message)' : error.message;
  const told = error.name === 'AthenaError' ? text : `${error.name.slice(0, LONGEST_NAME)}: ${text}`;
  const message = await filterText(told.slice(0, LONGEST_MESSAGE));
  const failure = { code: error.code ?? 'PROGRAM_ERROR', message } as const;
  const { line, column } = error;
  if (line === undefined) return failure;
  const snippet = code.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1]?.slice(0, LONGEST_SNIPPET) ?? '';
  return { ...failure, line, ...(column === undefined ? {} : { column }), snippet };
}

function warnDropped(lines: number, limits: Limits): Warning {
  const were = lines === 1 ? 'line was' : 'lines were';
  const message = `${lines} log ${were} dropped: limits logLines (${limits.logLines}) and logBytes (${limits.logBytes}).`;
  return { code: 'LOGS_CUT', message };
}
