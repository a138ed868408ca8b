import { join, resolve } from 'node:path';

/** So much of a path makes the name of a store: all of it might be too long for a file system. */
const LONGEST_NAME = 100;

/** Where what is known of an output folder is kept. Two of them may share one, which costs nothing but time. */
export function storeFolder(stores: string, out: string): string {
  const name = resolve(out).replaceAll(/[^A-Za-z0-9]+/g, '-');
  return join(stores, name.slice(-LONGEST_NAME));
}
