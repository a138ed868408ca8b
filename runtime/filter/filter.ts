import type { JsonValue } from '../contract/json.ts';
import type { LimitHit, Limits } from '../contract/limits.ts';
import type { Warning } from '../contract/outcome.ts';
import type { PersonalKind, Replace } from '../contract/privacy.ts';
import type { LogLine } from '../contract/sandbox.ts';
import { parseJson } from '../json/parse-json.ts';
import { type Cleaned, cleanText, cleanValue } from './clean-value.ts';
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
 * @param replace names what takes the place of personal data; left out where that may leave
 */
export async function filterValue(
  json: string | null,
  limits: Limits,
  replace?: Replace,
): Promise<FilteredValue> {
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
  const cleaned = await cleanValue(parsed.value, replace);
  return { ok: true, value: cleaned.value, warnings: describeCleaned('the value', cleaned) };
}

/** Log lines without secrets, and without personal data where `replace` is given. */
export async function filterLogs(
  lines: readonly LogLine[],
  replace?: Replace,
): Promise<{ readonly logs: readonly LogLine[]; readonly warnings: readonly Warning[] }> {
  if (lines.length === 0) return { logs: lines, warnings: [] };
  const cleaned = await cleanValue(
    lines.map(({ text }) => text),
    replace,
  );
  const texts = cleaned.value as readonly string[];
  // The guest escapes what programs log; a guest that was broken does not.
  const logs = lines.map(({ level }, index) => ({ level, text: escapeLine(texts[index] ?? '') }));
  return { logs, warnings: describeCleaned('the log', cleaned) };
}

/**
 * A message without secrets, without personal data where `replace` is given, and without what would steer the
 * terminal of whoever prints it.
 */
export async function filterText(text: string, replace?: Replace): Promise<string> {
  return escapeLines((await cleanText(text, replace)).value);
}

const MOST_NAMED = 10;

function describeCleaned(where: string, { removed, replaced }: Cleaned<unknown>): readonly Warning[] {
  return [
    ...(removed.length === 0 ? [] : [warnRemoved(where, removed)]),
    ...(replaced.size === 0 ? [] : [warnReplaced(where, replaced)]),
  ];
}

/** For each kind what one and what several are called. */
const WORDS: Readonly<Record<PersonalKind, readonly [string, string]>> = {
  email: ['e-mail address', 'e-mail addresses'],
  phone: ['phone number', 'phone numbers'],
  card: ['card number', 'card numbers'],
  iban: ['IBAN', 'IBANs'],
  id: ['national id', 'national ids'],
  ip: ['IP address', 'IP addresses'],
};

function warnReplaced(where: string, replaced: ReadonlyMap<PersonalKind, number>): Warning {
  const counts = [...replaced].map(([kind, count]) => `${count} ${WORDS[kind][count === 1 ? 0 : 1]}`);
  const message = `Tokens stand in ${where} for ${counts.join(', ')}. Pass a token to an operation as it is: it receives the value.`;
  return { code: 'PERSONAL_DATA_REPLACED', message };
}

function warnRemoved(where: string, removed: readonly string[]): Warning {
  const named = removed.slice(0, MOST_NAMED).join(', ');
  const more = removed.length > MOST_NAMED ? `, and ${removed.length - MOST_NAMED} more` : '';
  return { code: 'RESULT_REDACTED', message: `Removed from ${where}: ${named}${more}.` };
}
