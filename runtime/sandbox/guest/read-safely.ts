/** Reads a property of something hostile: a getter or a trap may run, and may throw. */
export function readSafely(holder: unknown, key: PropertyKey): unknown {
  try {
    return Reflect.get(Object(holder), key);
  } catch {
    return undefined;
  }
}

/** The same for a text; undefined when it is anything else. */
export function readText(holder: unknown, key: PropertyKey): string | undefined {
  const value = readSafely(holder, key);
  return typeof value === 'string' ? value : undefined;
}
