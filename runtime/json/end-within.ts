/** Control characters with an escape of two characters in JSON; `"` and `\` have one too. */
const SHORT_ESCAPES = '\b\t\n\f\r';

/**
 * Where the part of a text ends that fits, as JSON without the quotes. A pair of surrogates is one character and stays
 * together.
 * @param from where the part begins, in UTF-16 code units
 * @param room characters of JSON
 */
export function endWithin(text: string, from: number, room: number): number {
  const part = text.slice(from, from + Math.max(0, room));
  // Mostly nothing in it needs an escape, and that is known at once.
  if (part.isWellFormed() && JSON.stringify(part).length - 2 === part.length) return from + part.length;
  let left = room;
  let at = from;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    left -= jsonLength(code);
    if (left < 0) break;
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}

function jsonLength(code: number): number {
  if (code === 0x22 || code === 0x5c) return 2;
  if (code < 0x20) return SHORT_ESCAPES.includes(String.fromCharCode(code)) ? 2 : 6;
  if (code > 0xffff) return 2;
  return code >= 0xd800 && code <= 0xdfff ? 6 : 1;
}
