import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SHA-256 in hex, of texts with LF line ends, by path. */
export type Hashes = ReadonlyMap<string, string>;

const CRLF = '\r\n';

export function hashText(text: string): string {
  return hash('sha256', text.includes(CRLF) ? text.replaceAll(CRLF, '\n') : text);
}

export function hashTexts(texts: ReadonlyMap<string, string>): Hashes {
  return new Map([...texts].map(([path, text]) => [path, hashText(text)]));
}

/** The hash of a file's text. It is not decoded, which takes longer than all the rest. */
export function hashFile(path: string): string {
  const bytes = readFileSync(path);
  return bytes.includes(CRLF) ? hashText(bytes.toString()) : hash('sha256', bytes);
}
