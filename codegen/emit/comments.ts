/**
 * The lines of a documentation comment. No text can end the comment or become a tag of its own.
 * @returns none when there is nothing to say
 */
export function documentationLines(
  text: string,
  tags: readonly (readonly [tag: string, text: string])[] = [],
): readonly string[] {
  const prose = text.trim() === '' ? [] : clean(text).split('\n');
  return [...prose, ...tags.map(([tag, value]) => `@${tag} ${remarkText(value)}`.trimEnd())];
}

/** A text as a comment can hold it that stands on a line with code. */
export function remarkText(text: string): string {
  return clean(text).replaceAll('\n', ' ');
}

/** A text as a comment can hold it: it does not end the comment, is of whole characters, and has no tags. */
function clean(text: string): string {
  const lines = text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('*/', '*\\/');
  const visible = lines.replace(/[^\n\P{Cc}]/gu, ' ').trim();
  // Where a line begins, be it with asterisks, and after a space, an `@` would begin a tag.
  return visible.replace(/(^|[\s*])@/g, '$1\\@');
}
