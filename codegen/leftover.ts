/** What is appended to a folder's name for the one that is being filled, and the one that has been replaced. */
export const NEW = '.codegen-new-';
export const OLD = '.codegen-old-';
const LEFTOVER = /^(.+)\.codegen-(?:new|old)-\d+-[a-z0-9]+$/;

/** The folder that an entry beside it was left over from when a run was killed; undefined for any other entry. */
export function leftoverOf(entry: string): string | undefined {
  return LEFTOVER.exec(entry)?.[1];
}
