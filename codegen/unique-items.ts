/**
 * The first two equal items of a list, by index; undefined when all differ. Takes time in proportion to the
 * list's size as JSON: Ajv's own keyword compares objects pair by pair, and a list of a megabyte would keep
 * the server busy for minutes. It is bundled into what validators share.
 */
export function findDuplicate(list: readonly unknown[]): readonly [number, number] | undefined {
  const seen = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const key = canonical(item);
    const earlier = seen.get(key);
    if (earlier !== undefined) return [earlier, index];
    seen.set(key, index);
  }
  return undefined;
}

/** A value as JSON whose objects have their keys in order: equal texts for equal values only. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join()}}`;
}
