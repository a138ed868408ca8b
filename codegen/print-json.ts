/** JSON as generated files hold it. */
export function printJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}

/** A JSON list with one element a line. */
export function printLines(values: readonly unknown[]): string {
  return `[\n${values.map((value) => JSON.stringify(value)).join(',\n')}\n]\n`;
}
