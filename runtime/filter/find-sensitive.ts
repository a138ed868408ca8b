import type { PersonalKind } from '../contract/privacy.ts';
import { findSecrets } from './find-secrets.ts';
import type { Holder } from './personal/context.ts';
import { findPersonal } from './personal/find-personal.ts';
import { type Range, searchPieces } from './search-pieces.ts';

/** What must not leave: a secret, said by its kind in a few words, or personal data. */
export interface Sensitive extends Range {
  readonly secret?: string;
  readonly personal?: PersonalKind;
}

/**
 * Finds secrets, and personal data where it is asked for.
 * @param holderOf the text that holds an offset, where personal data is looked for
 * @returns ranges in order of their start, without overlaps: a secret wins over personal data, then what begins first
 */
export async function findSensitive(
  text: string,
  holderOf: ((at: number) => Holder) | undefined,
): Promise<readonly Sensitive[]> {
  const found = await searchPieces<Sensitive>(text, async (piece, offset) => {
    const secrets = (await findSecrets(piece, offset)).map(({ kind, ...range }) => ({
      ...range,
      secret: kind,
    }));
    return holderOf === undefined ? secrets : [...secrets, ...findPersonal(piece, offset, holderOf)];
  });
  return withoutOverlaps(found);
}

function withoutOverlaps(ranges: readonly Sensitive[]): readonly Sensitive[] {
  const merged: Sensitive[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || range.start >= last.end) merged.push(range);
    else merged[merged.length - 1] = join(last, range);
  }
  return merged;
}

/** Covers both: nothing of a secret, or of something personal, stays beside what took its place. */
function join(first: Sensitive, second: Sensitive): Sensitive {
  const stronger = first.secret === undefined && second.secret !== undefined ? second : first;
  return { ...stronger, start: first.start, end: Math.max(first.end, second.end) };
}
