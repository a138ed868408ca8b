import type { LeftOut } from './found-operation.ts';
import type { Merge } from './merge-files.ts';

const QUOTED_CHARACTERS = 80;

/** What an import came to, as people read it: a line each. */
export function listChanges(
  { added, removed, changed, conflicts }: Merge,
  leftOut: readonly LeftOut[],
  wider: readonly string[],
): readonly string[] {
  return [
    ...added.map((id) => `+ ${id}`),
    ...removed.map((id) => `- ${id}`),
    ...changed.map(({ id, parts }) => `~ ${id}: ${parts.join(', ')}`),
    ...conflicts.map(
      ({ path, kept, upstream }) =>
        `! ${path}: ${quote(kept)} was written by hand and stays; the backend now has ${quote(upstream)}`,
    ),
    ...wider.map((what) => `  wider: ${oneLine(what)}`),
    ...leftOut.map(({ what, why }) => `  left out: ${oneLine(what)}, since ${oneLine(why)}`),
  ];
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, ' ');
}
