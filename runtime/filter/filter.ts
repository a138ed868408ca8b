import type { JsonValue } from '../contract/json.ts';
import type { LimitHit, Limits } from '../contract/limits.ts';
import type { Warning } from '../contract/outcome.ts';
import type { LogLine } from '../contract/sandbox.ts';
import { parseJson } from '../json/parse-json.ts';
import { cleanText, cleanValue } from './clean-value.ts';
import { escapeLine, escapeLines } from './escape-line.ts';

export type FilteredValue =
  | { readonly ok: true; readonly value: JsonValue; readonly warnings: readonly Warning[] }
  | {
      readonly ok: false;
      readonly code: 'RESULT_TOO_LARGE' | 'RESULT_NOT_JSON';
      readonly message: string;
      readonly limit?: LimitHit;
    };

/**
 * What a program returned, made fit to leave: read as hostile JSON within its size and depth, without secrets.
 * @param json JSON text from the guest; null for `undefined`
 */
export async function filterValue(json: string | null, limits: Limits): Promise<FilteredValue> {
  if (json === null) return { ok: true, value: null, warnings: [] };
  const bytes = Buffer.byteLength(json);
  if (bytes > limits.resultBytes) {
    const message = `The value returned is ${bytes} bytes as JSON, more than limit resultBytes (${limits.resultBytes}). Return only what is needed: fewer items, or fewer fields of each.`;
    return {
      ok: false,
      code: 'RESULT_TOO_LARGE',
      message,
      limit: { name: 'resultBytes', value: limits.resultBytes },
    };
  }
  const parsed = parseJson(json, limits.jsonDepth);
  if (!parsed.ok) {
    const message = `The value returned cannot leave: ${parsed.message}.`;
    return parsed.reason === 'depth'
      ? {
          ok: false,
          code: 'RESULT_TOO_LARGE',
          message: `${message} Return a flatter value.`,
          limit: { name: 'jsonDepth', value: limits.jsonDepth },
        }
      : { ok: false, code: 'RESULT_NOT_JSON', message };
  }
  const { value, removed } = await cleanValue(parsed.value, undefined);
  return { ok: true, value, warnings: removed.length === 0 ? [] : [warnRemoved('the value', removed)] };
}

/** Log lines without secrets. */
export async function filterLogs(
  lines: readonly LogLine[],
): Promise<{ readonly logs: readonly LogLine[]; readonly warnings: readonly Warning[] }> {
  if (lines.length === 0) return { logs: lines, warnings: [] };
  const { value, removed } = await cleanValue(
    lines.map(({ text }) => text),
    undefined,
  );
  const texts = value as readonly string[];
  // The guest escapes what programs log; a guest that was broken does not.
  const logs = lines.map(({ level }, index) => ({ level, text: escapeLine(texts[index] ?? '') }));
  return { logs, warnings: removed.length === 0 ? [] : [warnRemoved('the log', removed)] };
}

/** A message without secrets, and without what would steer the terminal of whoever prints it. */
export async function filterText(text: string): Promise<string> {
  return escapeLines((await cleanText(text, undefined)).value);
}

const MOST_NAMED = 10;

function warnRemoved(where: string, removed: readonly string[]): Warning {
  const named = removed.slice(0, MOST_NAMED).join(', ');
  const more = removed.length > MOST_NAMED ? `, and ${removed.length - MOST_NAMED} more` : '';
  return { code: 'RESULT_REDACTED', message: `Removed from ${where}: ${named}${more}.` };
}
