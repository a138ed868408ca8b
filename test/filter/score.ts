import type { PersonalValue } from '../../runtime/contract/privacy.ts';
import { cleanValue } from '../../runtime/filter/clean-value.ts';
import type { Kind, Line } from './privacy-set/line.ts';

/** What the filter did with the lines of one kind. */
export interface Score {
  readonly lines: number;
  readonly hits: number;
  found: number;
  /** Found where there is nothing, or more or less of it than there is. */
  wrong: number;
}

export interface Scores {
  readonly all: Score;
  readonly byKind: ReadonlyMap<Kind, Score>;
  /** What was missed or found wrongly, a line each. */
  readonly mistakes: readonly string[];
}

/** Judges the filter by labelled lines. A hit counts when kind and text are both right. */
export async function scoreFilter(lines: readonly Line[]): Promise<Scores> {
  const byKind = new Map<Kind, Score>();
  const mistakes: string[] = [];
  const scoreOf = (kind: Kind): Score => {
    const score = byKind.get(kind) ?? { lines: 0, hits: 0, found: 0, wrong: 0 };
    byKind.set(kind, score);
    return score;
  };
  for (const { value, hits, of } of lines) {
    const values: PersonalValue[] = [];
    const cleaned = await cleanValue(value, async (some) => {
      values.push(...some);
      return some.map(({ kind }) => `<${kind}>`);
    });
    const left = JSON.stringify(cleaned.value);
    const note = (what: string): void => void mistakes.push(`${what} (${of}): ${JSON.stringify(value)}`);
    for (const { kind, text } of hits) {
      const isFound =
        kind === 'secret'
          ? cleaned.removed.length > 0 && !left.includes(JSON.stringify(text).slice(1, -1))
          : values.some((one) => one.kind === kind && one.text === text);
      const score = scoreOf(kind);
      byKind.set(kind, {
        ...score,
        lines: score.lines + 1,
        hits: score.hits + 1,
        found: score.found + Number(isFound),
      });
      if (!isFound) note(`missed ${kind} ${text}`);
    }
    for (const { kind, text } of values) {
      if (hits.some((hit) => hit.kind === kind && hit.text === text)) continue;
      scoreOf(kind).wrong += 1;
      note(`wrongly ${kind} ${text}`);
    }
    if (cleaned.removed.length > 0 && !hits.some(({ kind }) => kind === 'secret')) {
      scoreOf('secret').wrong += 1;
      note(`wrongly ${cleaned.removed.join(', ')}`);
    }
  }
  const sum = (what: 'hits' | 'found' | 'wrong'): number =>
    [...byKind.values()].reduce((total, score) => total + score[what], 0);
  return {
    all: { lines: lines.length, hits: sum('hits'), found: sum('found'), wrong: sum('wrong') },
    byKind,
    mistakes,
  };
}

export const recallOf = ({ hits, found }: Score): number => found / hits;
export const precisionOf = ({ found, wrong }: Score): number => found / (found + wrong);
