import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const KEY_BYTES = 32;

/** What the audit log is hashed with: who does not hold the key can neither make entries nor guess parameters. */
export interface AuditKey {
  /** HMAC-SHA256, hex. */
  hash(text: string): string;
}

/** The key cannot be read or made: without it the log can be neither written nor verified. */
export class AuditKeyUnusable extends Error {
  override readonly name = 'AuditKeyUnusable';
}

/**
 * Reads the key of a data directory, and makes one where there is none.
 * @throws {AuditKeyUnusable}
 */
export function openAuditKey(file: string): AuditKey {
  const key = Buffer.from(readOrMake(file), 'hex');
  if (key.length !== KEY_BYTES) throw new AuditKeyUnusable(`${file} holds no key of ${KEY_BYTES} bytes`);
  return { hash: (text) => createHmac('sha256', key).update(text).digest('hex') };
}

function readOrMake(file: string): string {
  try {
    return readKey(file) ?? makeKey(file);
  } catch (error) {
    throw new AuditKeyUnusable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readKey(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function makeKey(file: string): string {
  const key = randomBytes(KEY_BYTES).toString('hex');
  try {
    writeFileSync(file, key, { mode: 0o600, flag: 'wx' });
    return key;
  } catch (error) {
    // Another server was faster.
    const made = readKey(file);
    if (made === undefined) throw error;
    return made;
  }
}
