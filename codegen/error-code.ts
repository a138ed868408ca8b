/** The code of an error of the system: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** An error with the place it is about: of a full disk, Node names none. */
export function withPlace(error: unknown, path: string): unknown {
  return error instanceof Error && placeOf(error) === undefined ? Object.assign(error, { path }) : error;
}

export function placeOf(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}
