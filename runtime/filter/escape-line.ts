/** Whatever could end a line, move the cursor or turn the reading direction; a tab may stay. */
const CONTROL = /(?!\t)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

function escapeUnit(unit: string): string {
  return unit === '\n' ? '\\n' : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Makes text safe to print as one line: it can neither begin a line of its own nor steer a terminal. */
export function escapeLine(text: string): string {
  return text.replace(CONTROL, escapeUnit);
}

/** The same for a text of several lines, which stay. */
export function escapeLines(text: string): string {
  return text.replace(CONTROL, (unit) => (unit === '\n' ? unit : escapeUnit(unit)));
}
