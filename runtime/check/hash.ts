import { createHash } from 'node:crypto';

/** SHA-256 of the agent's code, hex. */
export function hashCode(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
