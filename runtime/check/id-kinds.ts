import { members, NULLISH, readMismatches } from './mismatch.ts';

/** An id that is given for the id of something else. */
export interface MixedKinds {
  readonly given: string;
  readonly wanted: string;
}

const ID_TYPE = /^(?:\w+\.)?Id<"([^"]+)"(?:, \w+)?>$/;

/**
 * The kinds of ids that a diagnostic is about; undefined when it is about something else, or when the id may be of
 * either kind: the run decides then.
 * @param lines the diagnostic's lines, from the whole down to the cause
 */
export function mixedKinds(lines: readonly string[]): MixedKinds | undefined {
  for (const { source, target } of readMismatches(lines)) {
    const [given, wanted] = [source, target].map((type) => {
      const alternatives = members(type).filter((member) => !NULLISH.has(member));
      return { kind: ID_TYPE.exec(alternatives[0] ?? '')?.[1], isOne: alternatives.length === 1 };
    });
    if (given?.kind === undefined || wanted?.kind === undefined) continue;
    return given.isOne && wanted.isOne ? { given: given.kind, wanted: wanted.kind } : undefined;
  }
  return undefined;
}

/** In words, and what to do. */
export function describeMixedKinds({ given, wanted }: MixedKinds): {
  readonly message: string;
  readonly suggestion: string;
} {
  return {
    message: `The id of ${withArticle(given)} is given where the id of ${withArticle(wanted)} is wanted.`,
    suggestion: `pass the id of ${withArticle(wanted)}; a plain number or string, such as \`Number(id)\`, passes for any`,
  };
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
