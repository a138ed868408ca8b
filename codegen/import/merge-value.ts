import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../raw-schema.ts';

/** A place where a hand and the backend both changed something, each in another way. */
export interface Conflict {
  readonly path: string;
  readonly kept: unknown;
  readonly upstream: unknown;
}

/** The three sides of a merge; undefined stands for what is not there. */
export interface Sides {
  /** What the last import wrote. */
  readonly base: unknown;
  /** What is in the file now. */
  readonly ours: unknown;
  /** What this import found. */
  readonly theirs: unknown;
}

/**
 * Takes what the backend changed and keeps what a hand changed. Objects are merged member by member, everything else
 * as a whole. Where both changed the same, the hand's value stays and `onConflict` is told.
 */
export function mergeValue(
  { base, ours, theirs }: Sides,
  path: string,
  onConflict: (conflict: Conflict) => void,
): unknown {
  if (isDeepStrictEqual(ours, theirs) || isDeepStrictEqual(base, theirs)) return ours;
  if (isDeepStrictEqual(base, ours)) return theirs;
  if (!isRecord(ours) || !isRecord(theirs)) {
    onConflict({ path, kept: ours, upstream: theirs });
    return ours;
  }
  const before = isRecord(base) ? base : {};
  // The order is the backend's, so that an import that changes nothing changes no line.
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  const own = (side: typeof ours, name: string): unknown =>
    Object.hasOwn(side, name) ? side[name] : undefined;
  const members = names.flatMap((name) => {
    const sides = { base: own(before, name), ours: own(ours, name), theirs: own(theirs, name) };
    const value = mergeValue(sides, path === '' ? name : `${path}/${name}`, onConflict);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(members);
}
