import type { ShownParameters } from '../contract/approval.ts';
import type { JsonObject } from '../contract/json.ts';
import { cleanValue } from './clean-value.ts';
import { cutValue } from './cut-value.ts';

/** What a person can be expected to read. */
const MOST_CHARACTERS = 2_000;
const MOST_LINES = 40;
/**
 * What a reader would not see, or see as something else: control, format and unassigned characters, lines and spaces
 * of other kinds, all spaces of a row but its first, marks that pile up on a letter, and the character that fences
 * are made of. None of them stands outside of texts in JSON, so its escape means the same.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800`]|(?! )\p{Zs}|(?<= ) |(?<=\p{M}{2})\p{M}/gu;

/**
 * Parameters as a person is shown them who must agree to a call. A program has written them and may want to be
 * mistaken for who asks: each member is JSON on one line, and nothing in it can end that line, hide, or push the rest
 * out of sight. Secrets are removed. Personal data stays: it is the person's own to see, and what they decide over.
 */
export async function showParameters(params: JsonObject): Promise<ShownParameters> {
  const { value } = await cleanValue(params, undefined);
  const cleaned = value as JsonObject;
  const characters = JSON.stringify(cleaned).length;
  const shown = takeMembers(cleaned);
  const isCut = shown !== cleaned || printMembers(shown).length > MOST_CHARACTERS;
  // Escapes make it longer than what was cut.
  let text = printMembers(shown);
  for (let budget = MOST_CHARACTERS; text.length > MOST_CHARACTERS; budget >>= 1)
    text = printMembers(cutValue(shown, budget).value as JsonObject);
  return { text, characters, isCut };
}

function takeMembers(params: JsonObject): JsonObject {
  const members = Object.entries(params);
  if (members.length <= MOST_LINES) return params;
  const more = `[${members.length - MOST_LINES} more of ${members.length} entries]`;
  return Object.fromEntries([...members.slice(0, MOST_LINES), ['…', more]]);
}

function printMembers(params: JsonObject): string {
  return Object.entries(params)
    .map(([name, value]) => escapeUnseen(`${JSON.stringify(name)}: ${JSON.stringify(value)}`))
    .join('\n');
}

function escapeUnseen(line: string): string {
  return line.replace(UNSEEN, (character) =>
    Array.from({ length: character.length }, (_, at) => unitEscape(character.charCodeAt(at))).join(''),
  );
}

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
