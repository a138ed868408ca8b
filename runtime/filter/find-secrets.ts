import { setImmediate as nextTurn } from 'node:timers/promises';
import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** A secret in a text: offsets in UTF-16 code units, end exclusive. */
export interface SecretRange {
  readonly start: number;
  readonly end: number;
  /** What kind of secret, in a few words: `github token`. */
  readonly kind: string;
}

// Its marks are kept for ever: 11 KB a search, each of them searched by the next.
secretLintProfiler.mark = () => {};

const RULES = '@secretlint/secretlint-rule-preset-recommend';
const SHORTEST_SECRET = 12;
/** Characters searched at once: secretlint compares each finding with every other, so there must be few. */
const PIECE = 16_384;
/** Longer than any secret that may lie across two pieces. */
const OVERLAP = 4_096;
/** How long a search goes on before others get their turn, in ms: 10 MB take a second. */
const STRETCH_MS = 20;

/** A remark in a source file by which its author switches secretlint off. Here it is data like any other. */
const SWITCH = /secretlint-/g;
const NO_SWITCH = 'secretlint_';

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
  { kind: 'google api key', pattern: /\bAIza[\w-]{35}\b/g },
  { kind: 'stripe key', pattern: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b/g },
];

/**
 * Finds credentials by their form: secretlint's recommended rules, and a few patterns of our own.
 * @returns ranges in order of their start, without overlaps
 */
export async function findSecrets(text: string): Promise<readonly SecretRange[]> {
  const found: SecretRange[] = [];
  let since = performance.now();
  for (let start = 0; start < text.length; ) {
    if (performance.now() - since > STRETCH_MS) {
      await nextTurn();
      since = performance.now();
    }
    const { end, next } = endPiece(text, start);
    const ranges = await findInPiece(text.slice(start, end));
    for (const range of ranges) found.push({ ...range, start: range.start + start, end: range.end + start });
    start = next;
  }
  return withoutOverlaps(found);
}

/** Where a piece ends and the next begins: between two texts, or within a long one with an overlap. */
function endPiece(text: string, start: number): { readonly end: number; readonly next: number } {
  const end = start + PIECE;
  if (end >= text.length) return { end: text.length, next: text.length };
  const between = text.lastIndexOf('\n\n', end);
  return between > start ? { end: between, next: between } : { end, next: end - OVERLAP };
}

async function findInPiece(text: string): Promise<readonly SecretRange[]> {
  if (text.length < SHORTEST_SECRET) return [];
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
    start,
    end,
    kind: `${ruleId.replace('@secretlint/secretlint-rule-', '')} credential`,
  }));
  const own = PATTERNS.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      kind,
    })),
  );
  return withoutOverlaps([...found, ...own]);
}

function withoutOverlaps(ranges: readonly SecretRange[]): readonly SecretRange[] {
  const merged: SecretRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || range.start >= last.end) merged.push(range);
    else if (range.end > last.end) merged[merged.length - 1] = { ...last, end: range.end };
  }
  return merged;
}
