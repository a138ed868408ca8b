import type { Limits } from '../contract/limits.ts';
import type { Finding } from './places.ts';

/** Characters that a reader cannot see or that change the order in which a line is shown. Both ends count. */
export const FORBIDDEN_CHARACTERS: readonly {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}[] = [
  { from: 0x0000, to: 0x0008, name: 'a control character' },
  { from: 0x000e, to: 0x001f, name: 'a control character' },
  { from: 0x007f, to: 0x009f, name: 'a control character' },
  { from: 0x00ad, to: 0x00ad, name: 'a soft hyphen' },
  { from: 0x034f, to: 0x034f, name: 'an invisible joiner' },
  { from: 0x061c, to: 0x061c, name: 'a direction mark' },
  { from: 0x115f, to: 0x1160, name: 'an invisible filler' },
  { from: 0x180e, to: 0x180e, name: 'an invisible separator' },
  { from: 0x200b, to: 0x200d, name: 'a zero-width character' },
  { from: 0x200e, to: 0x200f, name: 'a direction mark' },
  { from: 0x202a, to: 0x202e, name: 'a direction override' },
  { from: 0x2060, to: 0x2064, name: 'a zero-width character' },
  { from: 0x2066, to: 0x206f, name: 'a direction isolate' },
  { from: 0x3164, to: 0x3164, name: 'an invisible filler' },
  { from: 0xd800, to: 0xdfff, name: 'half of a surrogate pair' },
  { from: 0xfeff, to: 0xfeff, name: 'a byte order mark' },
  { from: 0xffa0, to: 0xffa0, name: 'an invisible filler' },
  { from: 0xfff9, to: 0xfffb, name: 'an invisible annotation mark' },
  { from: 0xe0000, to: 0xe01ef, name: 'an invisible tag' },
];

const PLAIN_ASCII = /^[\t\n\v\f\r -~]*$/;
const MOST_FINDINGS = 5;

export function checkSize(code: string, limits: Limits): readonly Finding[] {
  const bytes = Buffer.byteLength(code);
  if (bytes <= limits.codeBytes) return [];
  return [
    {
      code: 'CODE_TOO_LARGE',
      start: 0,
      message: `The code has ${bytes} bytes, more than limit codeBytes (${limits.codeBytes}).`,
      suggestion:
        'keep data out of the code: store it with `session.set`, or split the work over several runs',
      limit: { name: 'codeBytes', value: limits.codeBytes },
    },
  ];
}

/** A byte order mark is harmless as the very first character: it becomes a space. */
export function blankByteOrderMark(code: string): string {
  return code.startsWith('\ufeff') ? ` ${code.slice(1)}` : code;
}

export function checkCharacters(code: string): readonly Finding[] {
  if (PLAIN_ASCII.test(code)) return [];
  const findings: Finding[] = [];
  for (let at = 0; at < code.length && findings.length < MOST_FINDINGS; ) {
    const point = code.codePointAt(at) ?? 0;
    const width = point > 0xffff ? 2 : 1;
    const row = point > 0x7e || point < 0x20 ? rowOf(point) : undefined;
    if (row !== undefined && !joinsLetters(code, at, point)) {
      const hex = point.toString(16).padStart(4, '0');
      findings.push({
        code: 'FORBIDDEN_CHARACTER',
        start: at,
        message: `The code contains ${row.name} (U+${hex.toUpperCase()}).`,
        suggestion: `delete it; inside a string, write \`\\u{${hex}}\``,
      });
    }
    at += width;
  }
  return findings;
}

function rowOf(point: number): { readonly name: string } | undefined {
  return FORBIDDEN_CHARACTERS.find(({ from, to }) => point >= from && point <= to);
}

/** Emoji and some scripts need the zero-width joiners between two of their characters. */
function joinsLetters(code: string, at: number, point: number): boolean {
  if (point !== 0x200c && point !== 0x200d) return false;
  return code.charCodeAt(at - 1) > 0x7f && code.charCodeAt(at + 1) > 0x7f;
}
