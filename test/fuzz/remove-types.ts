import { blankTypes } from '../../runtime/check/blank.ts';
import { applyBlanks, applyInserts } from '../../runtime/check/edits.ts';
import { parseProgram } from '../../runtime/check/parse.ts';

/** The program without its types, where no check takes them away. What does not parse stays as it is. */
export function removeTypes(code: string): string {
  const parsed = parseProgram(code);
  if (!parsed.ok) return code;
  const { text, blanks, inserts } = blankTypes(parsed.file);
  return applyInserts(applyBlanks(text, blanks), inserts).text;
}
