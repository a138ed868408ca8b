import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { findNamedSecrets } from './named-secrets.ts';
import type { SecretRange } from './secret-range.ts';

// Its marks are kept for ever: 11 KB a search, each of them searched by the next.
secretLintProfiler.mark = () => {};

const RULES = '@secretlint/secretlint-rule-preset-recommend';
/** A remark in a source file by which its author switches secretlint off. Here it is data like any other. */
const SWITCH = /secretlint-/g;
const NO_SWITCH = 'secretlint_';

/**
 * What each of secretlint's rules, and of `RARE`, needs to find anything: a piece without any of it is not shown to
 * them, which spares most of their time. Most of it is known by a sign that few words have, so that signs are looked
 * for, and letters before them. `test/filter/secret-rules.test.ts` holds it to all rules of secretlint's that there are.
 */
const FIRST_LOOK =
  /[_.:-](?:(?<=npm_|gsk_|hf_|ntn_|lin_api_|shp(?:pa|ca|at|ss)_|gh[pousr]_|github_|gl(?:c|sa)_|ops_|vc[piark]_|dckr_|figd_|x(?:ox[a-z]|app)-|x-oauth-|\bsk-|glpat-|hooks\.|SG\.|hv[sbr]\.|GOCSPX-|ya29\.|do[por]_|pypi-|whsec_)|(?<=:)\/\/[^\s:/@]{0,256}:)|A3T|A(?:KI|GP|ID|RO|IP|NP|NV|SI)A|secret_?(?:access_?)?key|-----BEGIN|mongodb|mysql|postgres|dapi/i;

/** What secretlint leaves to other context than a bare text has, or switches off for source repositories. */
const PATTERNS: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  { kind: 'aws access key id', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  // After a dash only so far: a text of a thousand beginnings would be read to its end from each of them.
  {
    kind: 'json web token',
    pattern: /(?:(?<![\w-])eyJ[\w-]{8,}|(?<=-)eyJ[\w-]{8,300})\.eyJ[\w-]{8,}\.[\w-]{16,}/g,
  },
  { kind: 'bearer token', pattern: /\b[Bb]earer\s+[\w.~+/-]{16,}=*/g },
  {
    kind: 'basic credentials',
    pattern: /\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?basic\s+[\w+/-]{8,}=*/gi,
  },
  // secretlint knows it too, and takes only as much of it as the secret itself has characters.
  {
    kind: 'aws secret access key',
    pattern:
      /(?:aws_?)?secret_?(?:access_?)?key["']?\s{0,4}(?:=>|[:=])\s{0,4}["']?[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])/gi,
  },
  { kind: 'npm token', pattern: /_authToken=[^\s$][^\s]{7,}/g },
  { kind: 'google api key', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { kind: 'stripe key', pattern: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b/g },
  { kind: 'azure signature', pattern: /[?&]sig=[\w%+/-]{40,}={0,2}/g },
  { kind: 'twilio key', pattern: /\bSK[a-f\d]{32}\b/g },
  // What goes before names the bot, and is no secret.
  { kind: 'telegram bot token', pattern: /(?<=\b(?:bot)?\d{8,10}):AA[\w-]{33}(?![\w-])/g },
  { kind: 'discord bot token', pattern: /(?<=\b[MNO][\w-]{23,27})\.[\w-]{6}\.[\w-]{27,38}(?![\w-])/g },
];

/** What secretlint does not know, or knows in one of its forms only. */
const RARE: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  // To its end, or as far as it looks like one: a log may hold its first lines.
  {
    kind: 'private key',
    pattern:
      /-----BEGIN (?:[A-Z\d]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]{1,4000}?-----END (?:[A-Z\d]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----|(?:(?:\s|\\{1,3}[rn]){1,4}[\w+/=-]{16,80}){1,100})/g,
  },
  // A word for it is no password.
  {
    kind: 'password of an address',
    pattern:
      /(?<=:\/\/[^\s:/@]{0,64}:)(?!(?:pass(?:word|wd)?|pwd|secret|token)@|[$<{%*]|\[removed)[^\s:/@"'<>]{3,256}(?=@[\w[])/gi,
  },
  { kind: 'google client secret', pattern: /\bGOCSPX-[\w-]{20,}/g },
  { kind: 'google access token', pattern: /\bya29\.[\w-]{20,}/g },
  { kind: 'digitalocean token', pattern: /\bdo[por]_v1_[a-f\d]{64}/g },
  { kind: 'pypi token', pattern: /\bpypi-AgE[\w-]{50,}/g },
  { kind: 'stripe webhook secret', pattern: /\bwhsec_[\w+/=-]{24,}/g },
  { kind: 'openai key', pattern: /\bsk-(?:proj|svcacct|admin)-[\w-]{20,}/g },
  { kind: 'vault token', pattern: /\bhv[sbr]\.[\w-]{24,}/g },
];

/**
 * Finds credentials by their form: secretlint's recommended rules, and a few patterns of our own.
 * @param offset where `text` begins in the whole text
 * @returns ranges in the whole text, in any order; they may overlap
 */
export async function findSecrets(text: string, offset: number): Promise<readonly SecretRange[]> {
  const own = [...match(PATTERNS, text, offset), ...findNamedSecrets(text, offset)];
  if (!FIRST_LOOK.test(text)) return own;
  const { messages } = await lintSource({
    source: {
      content: text.replace(SWITCH, NO_SWITCH),
      filePath: 'value.txt',
      ext: '.txt',
      contentType: 'text',
    },
    options: { config: { rules: [{ id: RULES, rule: creator }] }, noPhysicFilePath: true },
  });
  const found = messages.map(({ range: [start, end], ruleId }) => ({
    start: start + offset,
    end: end + offset,
    kind: `${ruleId.replace('@secretlint/secretlint-rule-', '')} credential`,
  }));
  return [...found, ...own, ...match(RARE, text, offset)];
}

function match(patterns: typeof PATTERNS, text: string, offset: number): readonly SecretRange[] {
  return patterns.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
      start: index + offset,
      end: index + offset + found.length,
      kind,
    })),
  );
}
