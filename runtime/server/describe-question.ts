import type { ApprovalQuestion, ShownParameters } from '../contract/approval.ts';
import { EFFECTS } from '../contract/catalogue.ts';
import type { JudgedEffect } from '../contract/policy.ts';

/** Effects that a question lists before it only counts. */
const MOST_LISTED = 20;
const FENCE = '```';

/**
 * A question as the person reads it. All that the program wrote stands between two fences, which it cannot write
 * itself; the rest is the server's own words, of the catalogue and of the policy.
 */
export function describeQuestion({ asked, parameters, others }: ApprovalQuestion): string {
  const { operation, effect, because } = asked;
  return [
    `A program asks to run ${operation} (${effect}).`,
    `Policy wants your consent: ${because}.`,
    '',
    ...describeParameters(parameters),
    '',
    `Besides, the program can run: ${describeEffects(others)}.`,
    '',
    `“Allow once” is for this call, “allow for this session” for every further call of ${operation}, whatever its parameters.`,
  ].join('\n');
}

function describeParameters({ text, characters, isCut }: ShownParameters): readonly string[] {
  if (text === '') return ['It has no parameters.'];
  const extent = isCut
    ? `NOT ALL of them: they have ${characters.toLocaleString('en-US')} characters, and were cut`
    : 'all of them';
  return [`The parameters, written by the program (${extent}):`, `${FENCE}json`, text, FENCE];
}

/** What does most comes first, so that it is not what is left out. */
function describeEffects(effects: readonly JudgedEffect[]): string {
  if (effects.length === 0) return 'nothing';
  const sorted = effects.toSorted(
    (one, other) => EFFECTS.indexOf(other.effect) - EFFECTS.indexOf(one.effect),
  );
  const listed = sorted
    .slice(0, MOST_LISTED)
    .map(({ operation, effect, verdict }) => `${operation} (${effect}${verdict === 'ask' ? ', asked' : ''})`);
  const more = sorted.length - listed.length;
  return more > 0 ? `${listed.join(', ')} and ${more} more` : listed.join(', ');
}
