import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Nobody's, and not the one that the sandbox falls back to. */
const USER = 64_000;
const REPOSITORY = resolve(import.meta.dirname, '../..');
const OTHERS_MAY_ENTER = 0o001;

/**
 * Gives up root, for good. A server is run by an ordinary user, and so must its workers be here: a root's
 * worker becomes nobody, and what a worker of the same user could do would not show.
 */
export function becomeOrdinaryUser(): void {
  if (process.getuid?.() !== 0 || !isOpen(REPOSITORY)) return;
  process.setgroups?.([]);
  process.setgid?.(USER);
  process.setuid?.(USER);
}

/** Whether other users can reach what is in a directory. */
function isOpen(directory: string): boolean {
  const mayEnter = (statSync(directory).mode & OTHERS_MAY_ENTER) !== 0;
  const parent = dirname(directory);
  return mayEnter && (parent === directory || isOpen(parent));
}
