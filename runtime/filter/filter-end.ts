import type { JsonValue } from '../contract/json.ts';
import type { LimitHit, Limits } from '../contract/limits.ts';
import type { Failure, Warning } from '../contract/outcome.ts';
import type { Replace } from '../contract/privacy.ts';
import type { GuestError, LogLine, RunEnd } from '../contract/sandbox.ts';
import { shorten } from '../json/shorten.ts';
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

/**
 * @param code the agent's code, from which the failing line is shown
 * @param replace names what takes the place of personal data; left out where that may leave
 */
export async function filterEnd(
  end: RunEnd,
  code: string,
  limits: Limits,
  replace?: Replace,
): Promise<FilteredEnd> {
  const { logs, warnings } = await filterLogs(end.logs, replace);
  const { logLimit, droppedLogs } = end;
  const all = logLimit === undefined ? warnings : [...warnings, warnDropped(droppedLogs, logLimit)];
  switch (end.kind) {
    case 'returned': {
      const filtered = await filterValue(end.json, limits, replace);
      if (!filtered.ok) {
        const { ok, ...failure } = filtered;
        return { result: { ok, failure }, logs, warnings: all };
      }
      const result = { ok: true, value: filtered.value } as const;
      return { result, logs, warnings: [...all, ...filtered.warnings] };
    }
    case 'threw':
      return {
        result: { ok: false, failure: await describeError(end.error, code, replace) },
        logs,
        warnings: all,
      };
    case 'stopped': {
      const { code: cause, message, limit } = end;
      const told = await filterMessage(message, replace);
      const failure = { code: cause, message: told, ...(limit === undefined ? {} : { limit }) };
      return { result: { ok: false, failure }, logs, warnings: all };
    }
    default:
      return end satisfies never;
  }
}

async function describeError(error: GuestError, code: string, replace?: Replace): Promise<Failure> {
  const text = error.message === '' ? '(no message)' : error.message;
  const { line, column, limit, skill } = error;
  const where = skill === undefined ? '' : `In skill ${skill.name}, line ${skill.line}: `;
  const what = error.name === 'AthenaError' ? text : `${error.name.slice(0, LONGEST_NAME)}: ${text}`;
  const message = await filterMessage(where + what, replace);
  const failure = {
    code: error.code ?? 'PROGRAM_ERROR',
    message,
    ...(limit && { limit }),
    // Another program's text, which may say more than this one's own.
    ...(skill && { skill: { ...skill, snippet: await filterText(skill.snippet ?? '', replace) } }),
  } as const;
  if (line === undefined) return failure;
  const snippet = code.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1]?.slice(0, LONGEST_SNIPPET) ?? '';
  return { ...failure, line, ...(column === undefined ? {} : { column }), snippet };
}

/** What is cut off is looked at first: of what lies across the end, a part would be left that no form tells. */
async function filterMessage(message: string, replace?: Replace): Promise<string> {
  return shorten(await filterText(message.slice(0, 2 * LONGEST_MESSAGE), replace), LONGEST_MESSAGE);
}

/** @param lines how many; 0 when the run did not live to tell */
function warnDropped(lines: number, limit: LimitHit): Warning {
  const were = lines === 0 ? 'Log lines were' : lines === 1 ? '1 log line was' : `${lines} log lines were`;
  const message = `${were} dropped: limit ${limit.name} (${limit.value}). Log less: a summary, or every so many steps.`;
  return { code: 'LOGS_CUT', message, limit };
}
