/** A time in milliseconds since the epoch as ISO 8601; null stays null. */
export function isoOf(time: number): string;
export function isoOf(time: number | null): string | null;
export function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
