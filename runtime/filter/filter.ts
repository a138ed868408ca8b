import type { JsonValue } from '../contract/json.ts';
import type { Limits } from '../contract/limits.ts';
import type { Warning } from '../contract/outcome.ts';
import type { LogLine } from '../contract/sandbox.ts';
import { parseJson } from '../json/parse-json.ts';
import { removeSecrets, removeSecretsFromText } from './remove-secrets.ts';

export type FilteredValue =
  | { readonly ok: true; readonly value: JsonValue; readonly warnings: readonly Warning[] }
  | {
      readonly ok: false;
      readonly code: 'RESULT_TOO_LARGE' | 'RESULT_NOT_JSON';
      readonly message: string;
      readonly limit?: { readonly name: 'resultBytes' | 'jsonDepth'; readonly value: number };
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
          message,
          limit: { name: 'jsonDepth', value: limits.jsonDepth },
        }
      : { ok: false, code: 'RESULT_NOT_JSON', message };
  }
  const { value, removed } = await removeSecrets(parsed.value);
  return { ok: true, value, warnings: removed.length === 0 ? [] : [warnRemoved('the value', removed)] };
}

/** Log lines without secrets. */
export async function filterLogs(
  lines: readonly LogLine[],
): Promise<{ readonly logs: readonly LogLine[]; readonly warnings: readonly Warning[] }> {
  if (lines.length === 0) return { logs: lines, warnings: [] };
  const { value, removed } = await removeSecrets(lines.map(({ text }) => text));
  const texts = value as readonly string[];
  const logs = lines.map(({ level }, index) => ({ level, text: escapeLine(texts[index] ?? '') }));
  return { logs, warnings: removed.length === 0 ? [] : [warnRemoved('the log', removed)] };
}

/** Whatever could end a line, move the cursor or turn the reading direction; a tab may stay. */
const CONTROL = /(?!\t)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** The guest escapes what programs log; a guest that was broken does not. */
function escapeLine(text: string): string {
  return text.replace(CONTROL, (unit) =>
    unit === '\n' ? '\\n' : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A message without secrets. */
export async function filterText(text: string): Promise<string> {
  return (await removeSecretsFromText(text)).value;
}

const MOST_NAMED = 10;

function warnRemoved(where: string, removed: readonly string[]): Warning {
  const named = removed.slice(0, MOST_NAMED).join(', ');
  const more = removed.length > MOST_NAMED ? `, and ${removed.length - MOST_NAMED} more` : '';
  return { code: 'RESULT_REDACTED', message: `Removed from ${where}: ${named}${more}.` };
}
