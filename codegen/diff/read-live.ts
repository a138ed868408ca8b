import type { ReadLive } from './read-side.ts';

/** Reads a live backend for a comparison. */
export const readLive: ReadLive = async (spec) => {
  throw new Error(`${spec} is a live backend: import it into a folder first, then compare with that folder.`);
};
