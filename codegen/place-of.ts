import { statSync } from 'node:fs';

/** Which folder is at a path: another one, or the same with other entries, is another place. Empty when there is none. */
export function placeOf(folder: string): string {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.dev} ${stats.ino} ${stats.ctimeNs}`;
}
