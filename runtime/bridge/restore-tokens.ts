import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OperationId } from '../contract/catalogue.ts';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { Warning } from '../contract/outcome.ts';
import type { Privacy } from '../contract/policy.ts';
import { type Replace, TOKEN } from '../contract/privacy.ts';
import type { CallRefusal } from '../contract/sandbox.ts';
import type { SessionTokens } from '../contract/session.ts';
import { mapTexts } from '../json/map-texts.ts';

export type Restored =
  | {
      readonly ok: true;
      readonly params: JsonObject;
      /** What was put in, by the tokens that stood for it. */
      readonly values: ReadonlyMap<string, string>;
    }
  | ({ readonly ok: false } & CallRefusal);

/** Each value that went out is looked for in all of the answer. */
const MOST_TOKENS = 1_000;
/** How long this goes on before others get their turn, in ms. */
const STRETCH_MS = 20;
const NONE: ReadonlyMap<string, string> = new Map();
/** As long as a token, and like one no word that announces anything. */
const MASK = `pii_email_${'a'.repeat(26)}`;
const maskAll: Replace = async (found) => found.map(() => MASK);

/** Takes secrets and personal data out of a value. */
export type Clean = (value: JsonValue, replace: Replace) => Promise<JsonValue>;

/**
 * Puts what tokens stand for into parameters, if the operation may receive it. What only looks like a token of
 * this session stays: to the session it is a text like any other, and `warn` is told. Where policy hides results, the
 * values must be found by `clean` where they stand then: one that a program has grown letters onto would be stored, read
 * again, and enter.
 */
export async function restoreTokens(
  operation: OperationId,
  params: JsonObject,
  tokens: SessionTokens,
  privacy: Privacy,
  clean: Clean,
  warn: (warning: Warning) => void,
): Promise<Restored> {
  const { inTexts, inKeys } = findTokens(params);
  const all = [...new Set([...inTexts, ...inKeys])];
  if (all.length === 0) return { ok: true, params, values: NONE };
  if (all.length > MOST_TOKENS) {
    return refuse(
      `${operation}: the parameters hold ${all.length} tokens, more than ${MOST_TOKENS}. Send fewer in one call.`,
    );
  }
  const known = await tokens.find(all);
  if (!known.ok) return known;
  const values = new Map<string, string>();
  for (const token of all) {
    const kept = known.value.get(token);
    if (kept === undefined) {
      const message = `${operation} was given \`${token}\` as a text: this session made no such token.`;
      warn({ code: 'TOKEN_UNKNOWN', message });
      continue;
    }
    if (!privacy.reveals(operation, kept.origins)) {
      return refuse(
        `${operation} may not receive what \`${token}\` stands for: values go back to the backend that they came from or, where policy has a list \`reveal\`, to the operations that it names. Leave the token out, or ask the operator for a rule.`,
      );
    }
    // A name would be told in the message about a parameter that does not exist.
    if (inKeys.has(token)) {
      return refuse(`${operation}: \`${token}\` is part of a member's name; tokens stand for values only.`);
    }
    values.set(token, kept.text);
  }
  const restored = putIn(params, (token) => values.get(token));
  if (privacy.hidesSome && !(await isRecognised(params, restored, values, clean))) {
    return refuse(
      `${operation}: where a token stands, its value would not be recognised when it is read again. Write the token apart from other letters and numbers and, where it stands for a number, behind a word that says of what kind, such as “phone”.`,
    );
  }
  return { ok: true, params: restored as JsonObject, values };
}

function putIn(params: JsonObject, textOf: (token: string) => string | undefined): JsonValue {
  return mapTexts(params, (text) => text.replace(TOKEN, (token) => textOf(token) ?? token));
}

/** What is taken out of the values that were put in is these values, each from its first character to its last. */
async function isRecognised(
  params: JsonObject,
  restored: JsonValue,
  values: ReadonlyMap<string, string>,
  clean: Clean,
): Promise<boolean> {
  const masked = putIn(params, (token) => (values.has(token) ? MASK : undefined));
  const [found, expected] = [await clean(restored, maskAll), await clean(masked, maskAll)];
  return JSON.stringify(found) === JSON.stringify(expected);
}

function findTokens(params: JsonObject): {
  readonly inTexts: ReadonlySet<string>;
  readonly inKeys: ReadonlySet<string>;
} {
  const inTexts = new Set<string>();
  const inKeys = new Set<string>();
  const note = (text: string, where: Set<string>): void => {
    if (text.includes('pii_')) for (const [token] of text.matchAll(TOKEN)) where.add(token);
  };
  const visit = (value: JsonValue): void => {
    if (typeof value === 'string') note(value, inTexts);
    else if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        note(key, inKeys);
        visit(item);
      }
    }
  };
  visit(params);
  return { inTexts, inKeys };
}

function refuse(message: string): Restored {
  return { ok: false, code: 'TOKEN_REFUSED', message };
}

/**
 * Puts tokens back in the place of values that went out with the parameters: an operation may answer with what it
 * was given, in a form that nobody takes for personal data.
 */
export async function withTokens(value: JsonValue, values: ReadonlyMap<string, string>): Promise<JsonValue> {
  let replaced = value;
  let since = performance.now();
  for (const [token, one] of values) {
    replaced = mapTexts(replaced, (text) => text.replaceAll(one, token));
    if (performance.now() - since < STRETCH_MS) continue;
    await nextTurn();
    since = performance.now();
  }
  return replaced;
}
