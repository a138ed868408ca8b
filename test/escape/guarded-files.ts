import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const OWNER_ONLY = 0o600;
/** Read last long before it was made: whoever reads it then leaves a trace, on most file systems. */
const READ_LAST = new Date('2001-01-01');
const MADE = new Date('2020-01-01');
/** Where a file could be dropped for later, beside the directory that is made for it. */
const PLACES = [tmpdir(), homedir(), '/dev/shm', '/var/tmp', '/', process.cwd()];

/** A file with a secret, and directories that nobody has any business in. */
export class GuardedFiles {
  readonly secretFile: string;
  readonly dropDirectory: string;
  readonly #secret: string;
  /** The name that attacks give to files elsewhere. */
  readonly #name: string;
  /** Whether this file system tells that a file was read. */
  readonly tellsReads: boolean;

  constructor(secretFile: string, dropDirectory: string, secret: string, name: string) {
    this.secretFile = secretFile;
    this.dropDirectory = dropDirectory;
    this.#secret = secret;
    this.#name = name;
    this.#restore();
    readFileSync(secretFile);
    this.tellsReads = this.#wasRead();
    this.#restore();
  }

  /** What happened to them since the last time. */
  take(): readonly string[] {
    const wasRead = this.tellsReads && this.#wasRead();
    const isWhole = this.#isWhole();
    // To look was to read.
    if (isWhole) utimesSync(this.secretFile, READ_LAST, MADE);
    else this.#restore();
    return [
      ...(wasRead && isWhole ? ['the secret file read'] : []),
      ...(isWhole ? [] : ['the secret file changed']),
      ...this.#findDropped(),
    ];
  }

  #findDropped(): readonly string[] {
    const dropped = readdirSync(this.dropDirectory).map((name) => join(this.dropDirectory, name));
    const elsewhere = PLACES.map((place) => join(place, this.#name)).filter((file) => existsSync(file));
    const found = [...dropped, ...elsewhere];
    for (const file of found) rmSync(file, { recursive: true });
    return found.map((file) => `the file ${file.slice(file.lastIndexOf('/') + 1)} written`);
  }

  #isWhole(): boolean {
    try {
      const { mode, mtime } = statSync(this.secretFile);
      const isSame = (mode & 0o777) === OWNER_ONLY && mtime.getTime() === MADE.getTime();
      return isSame && readFileSync(this.secretFile, 'utf8') === this.#secret;
    } catch {
      return false;
    }
  }

  #wasRead(): boolean {
    return existsSync(this.secretFile) && statSync(this.secretFile).atime.getTime() !== READ_LAST.getTime();
  }

  #restore(): void {
    rmSync(this.secretFile, { force: true, recursive: true });
    writeFileSync(this.secretFile, this.#secret);
    chmodSync(this.secretFile, OWNER_ONLY);
    utimesSync(this.secretFile, READ_LAST, MADE);
  }
}
