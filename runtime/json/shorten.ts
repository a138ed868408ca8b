/**
 * A text, or its beginning with a mark: what somebody else wrote is not repeated at any length.
 * @param longest in UTF-16 code units, the mark not counted
 */
export function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`;
}
