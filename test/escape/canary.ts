import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { url as inspectorUrl } from 'node:inspector';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { getPriority, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Limits } from '../../runtime/contract/limits.ts';
import { openSessionStore } from '../../runtime/session/session-store.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
/** Harmless to whoever gets it, so that an attack may send it to everyone. */
export const SIGNAL = 'SIGWINCH';
const VARIABLE = 'ESCAPE_CANARY';

/** A server that hears nobody for so long is as good as dead, in ms; a garbage collection takes far less. */
const STANDSTILL_MS = 4_000;

/** Something that must not have happened. */
export type Sighting = string;

/** Guards what an attacker wants, and tells when it was touched. */
export class Canary {
  readonly #directory = mkdtempSync(join(tmpdir(), 'canary-'));
  readonly #dropDirectory = mkdtempSync(join(tmpdir(), 'canary-drop-'));
  readonly #secretFile = join(this.#directory, 'secret.txt');
  /** Each is random and stands in one place only, so that seeing it anywhere tells where it came from. */
  readonly secrets = {
    'the secret file': randomUUID(),
    'the server’s environment': randomUUID(),
    'the server’s memory': randomUUID(),
    'another tenant’s session': randomUUID(),
  };
  readonly #server: Server;
  readonly #workers = new Set<number>();
  readonly #delay = monitorEventLoopDelay({ resolution: 50 });
  #connections = 0;
  readonly #standstillMs: number;
  readonly #priority = getPriority();
  readonly #heard = (): number => (this.#signals += 1);
  #signals = 0;
  #bugs: string[] = [];

  private constructor(standstillMs: number) {
    this.#standstillMs = standstillMs;
    process.on(SIGNAL, this.#heard);
    writeFileSync(this.#secretFile, this.secrets['the secret file']);
    process.env[VARIABLE] = this.secrets['the server’s environment'];
    this.#delay.enable();
    this.#server = createServer((socket) => {
      this.#connections += 1;
      socket.destroy();
    });
  }

  /** @param standstillMs how long the server may hear nobody */
  static async open(standstillMs = STANDSTILL_MS): Promise<Canary> {
    const canary = new Canary(standstillMs);
    await new Promise<void>((resolve) => canary.#server.listen(0, '127.0.0.1', resolve));
    return canary;
  }

  /** Where the sessions of the server under attack are to be kept. */
  get sessionsFile(): string {
    return join(this.#directory, 'sessions.sqlite');
  }

  /** Gives another tenant of that server something to lose. */
  async plantSession(limits: Limits): Promise<void> {
    const store = await openSessionStore(this.sessionsFile, limits, (bug) => this.noteBug(bug));
    const opened = await store.open('another-tenant', 'attack');
    if (!opened.ok) throw new Error(opened.message);
    await opened.session.variables.set('secret', this.secrets['another tenant’s session']);
    await store.close();
  }

  /** Tells an attack where its targets are. */
  aim(code: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return code
      .replaceAll('{{secretFile}}', this.#secretFile)
      .replaceAll('{{dropDirectory}}', this.#dropDirectory)
      .replaceAll('{{port}}', String(port));
  }

  watchWorker(pid: number): void {
    this.#workers.add(pid);
  }

  forgetWorker(pid: number): void {
    this.#workers.delete(pid);
  }

  /** An exception of the server that was nobody's intent. */
  noteBug(bug: unknown): void {
    this.#bugs.push(`a bug of the server: ${bug instanceof Error ? bug.stack : String(bug)}`);
  }

  /**
   * Looks whether anything was touched since the last time.
   * @param cameBack all that an attacker got to see
   */
  async inspect(cameBack: string): Promise<readonly Sighting[]> {
    // A signal is told in the event loop's next turn.
    await nextTurn();
    const bugs = this.#bugs.splice(0);
    const connections = this.#connections;
    this.#connections = 0;
    const signals = this.#signals;
    this.#signals = 0;
    const standstillMs = Math.round(this.#delay.max / 1e6);
    this.#delay.reset();
    return [
      ...bugs,
      ...(standstillMs < this.#standstillMs ? [] : [`the server stand still for ${standstillMs} ms`]),
      ...(signals === 0 ? [] : [`${signals} signals to the server`]),
      ...(getPriority() === this.#priority ? [] : ['the priority of the server changed']),
      ...(inspectorUrl() === undefined ? [] : ['the inspector of the server opened']),
      ...(connections === 0 ? [] : [`${connections} connections`]),
      ...this.#findSecrets(cameBack),
      ...this.#findWrites(),
      ...(await this.#findProcesses()),
    ];
  }

  async close(): Promise<void> {
    this.#delay.disable();
    process.off(SIGNAL, this.#heard);
    await new Promise((resolve) => this.#server.close(resolve));
    delete process.env[VARIABLE];
    for (const directory of [this.#directory, this.#dropDirectory]) rmSync(directory, { recursive: true });
  }

  #findSecrets(cameBack: string): readonly Sighting[] {
    const seen = Object.entries(this.secrets).filter(([, secret]) =>
      spellings(secret).some((spelling) => cameBack.includes(spelling)),
    );
    const paths = cameBack.includes(REPOSITORY) ? ['a path of the server'] : [];
    return [...seen.map(([place]) => `what is in ${place}`), ...paths];
  }

  #findWrites(): readonly Sighting[] {
    const dropped = readdirSync(this.#dropDirectory);
    for (const name of dropped) rmSync(join(this.#dropDirectory, name), { recursive: true });
    const isWhole = read(this.#secretFile) === this.secrets['the secret file'];
    if (!isWhole) writeFileSync(this.#secretFile, this.secrets['the secret file']);
    return [
      ...dropped.map((name) => `the file ${name} written`),
      ...(isWhole ? [] : ['the secret file changed']),
    ];
  }

  async #findProcesses(): Promise<readonly Sighting[]> {
    const children = await Promise.all([...this.#workers].map(readChildren));
    return children.flat().map((pid) => `process ${pid} below a worker`);
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A secret as it is, and as it would look to get past a search for it. */
function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replaceAll('=', ''),
    [...secret].reverse().join(''),
  ];
}

async function readChildren(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter((child) => child !== '');
}
