import type { Range } from '../search-pieces.ts';

/** RFC 5321: 64 characters before the sign, 255 after it. */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;
const LOCAL = /(?<![\p{L}\p{M}\d._%+-])[\p{L}\d_%+-][\p{L}\p{M}\d._%+'-]*$/u;
const DOMAIN =
  /^(?:[\p{L}\d](?:[\p{L}\p{M}\d-]{0,61}[\p{L}\p{M}\d])?\.){1,8}(?:\p{L}[\p{L}\p{M}]{1,23}|xn--[a-z\d-]{1,59})(?![\p{L}\p{M}\d@])/u;
/** As it is, and as addresses of pages hold it. */
const SIGN = /@|%40/g;
/** Names of files, packages and repositories have the form of a mailbox too: `icon@2x.png`, `git@host:path`. */
const NO_MAILBOX =
  /^(?:git|hg|svn)@|@\dx\.|\.(?:png|jpe?g|gif|svg|webp|ico|js|mjs|cjs|ts|tsx|jsx|json|css|scss|md|ya?ml|toml|lock|map|tgz|gz|zip|py|rb|rs|go|java|sh|html?)$/i;

/** Finds e-mail addresses. */
export function findMailboxes(piece: string): readonly Range[] {
  const found: Range[] = [];
  for (const { 0: sign, index: at } of piece.matchAll(SIGN)) {
    const next = at + sign.length;
    const local = LOCAL.exec(piece.slice(Math.max(0, at - LONGEST_LOCAL - 1), at));
    const domain = local === null ? null : DOMAIN.exec(piece.slice(next, next + LONGEST_DOMAIN));
    if (local === null || domain === null || local[0].length > LONGEST_LOCAL) continue;
    if (NO_MAILBOX.test(`${local[0]}@${domain[0]}`)) continue;
    found.push({ start: at - local[0].length, end: next + domain[0].length });
  }
  return found;
}
