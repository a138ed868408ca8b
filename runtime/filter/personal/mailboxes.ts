import type { Range } from '../search-pieces.ts';

/** RFC 5321: 64 characters before the sign, 255 after it. */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;
const LOCAL = /(?<![\p{L}\d._%+-])[\p{L}\d_%+-][\p{L}\d._%+'-]*$/u;
const DOMAIN =
  /^(?:[\p{L}\d](?:[\p{L}\d-]{0,61}[\p{L}\d])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z\d-]{1,59})(?![\p{L}\d@])/u;
/** Names of files, packages and repositories have the form of a mailbox too: `icon@2x.png`, `git@host:path`. */
const NO_MAILBOX =
  /^(?:git|hg|svn)@|@\dx\.|\.(?:png|jpe?g|gif|svg|webp|ico|js|mjs|cjs|ts|tsx|jsx|json|css|scss|md|ya?ml|toml|lock|map|tgz|gz|zip|py|rb|rs|go|java|sh|html?)$/i;

/** Finds e-mail addresses. */
export function findMailboxes(piece: string): readonly Range[] {
  const found: Range[] = [];
  for (let at = piece.indexOf('@'); at !== -1; at = piece.indexOf('@', at + 1)) {
    const local = LOCAL.exec(piece.slice(Math.max(0, at - LONGEST_LOCAL - 1), at));
    const domain = local === null ? null : DOMAIN.exec(piece.slice(at + 1, at + 1 + LONGEST_DOMAIN));
    if (local === null || domain === null || local[0].length > LONGEST_LOCAL) continue;
    if (NO_MAILBOX.test(`${local[0]}@${domain[0]}`)) continue;
    found.push({ start: at - local[0].length, end: at + 1 + domain[0].length });
  }
  return found;
}
