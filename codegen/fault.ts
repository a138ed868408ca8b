import { codeOf, placeOf } from './error-code.ts';

/** What to do when the file system refuses, by its code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Nothing was changed; free some room and run again',
  EDQUOT: 'the disk quota is used up. Nothing was changed; free some room and run again',
  EACCES: 'this user may not. Give it the right, or name another folder',
  EPERM: 'this user may not. Give it the right, or name another folder',
  EROFS: 'the disk is read-only. Name a folder on another one',
  ENOTDIR: 'a file stands where a folder should. Name another folder',
  EISDIR: 'a folder stands where a file should. Move it, or name another',
  ELOOP: 'a link that leads back to itself. Remove it',
  ENOENT: 'there is no such file or folder. Name one that exists',
  EBUSY:
    'the folder is in use or a mount of its own, so that it cannot be replaced whole. Name a folder inside it',
  EXDEV: 'the folder is a mount of its own, so that it cannot be replaced whole. Name a folder inside it',
  EMFILE: 'too many files are open. Raise the limit (ulimit -n) and run again',
};

/** Why codegen failed, as a sentence with the place and, where the file system refused, what to do. */
export function describeFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = REMEDIES[codeOf(error) ?? ''];
  if (remedy === undefined) return message;
  const place = placeOf(error);
  return `${place === undefined ? '' : `${place}: `}${remedy}. (${message})`;
}
