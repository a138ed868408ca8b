import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Limits } from '../../runtime/contract/limits.ts';
import { openSessionStore } from '../../runtime/session/session-store.ts';
import { beginIn } from '../session/begin.ts';
import { GuardedFiles } from './guarded-files.ts';
import { Listeners } from './listeners.ts';
import { ServerLoad } from './server-load.ts';
import { findChanges, PLANTED, readState, type ServerState } from './server-state.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
/** Harmless to whoever gets them, so that an attack may send them to everyone. The first is the attacks' own. */
export const SIGNALS = ['SIGWINCH', 'SIGURG', 'SIGCONT', 'SIGIO'] as const;
export const [SIGNAL] = SIGNALS;
/** Several servers share a thread in the tests, and reading the largest frame takes it seconds on a slow machine. */
const STANDSTILL_MS = 6_000;
/** Shorter ones might come back by chance. */
const SHORTEST_TEXT = 16;

/** Something that must not have happened. */
export type Sighting = string;

export interface CanaryOptions {
  /** How long the server may work without hearing anybody, in ms of processor time: a loaded machine is no attack. */
  readonly standstillMs?: number;
  /** By how much the server may grow, in MB. */
  readonly growthMb?: number;
}

/** Guards what an attacker wants, and tells when it was touched. */
export class Canary {
  readonly #directory = mkdtempSync(join(tmpdir(), 'canary-'));
  readonly #name = `canary-${randomUUID()}`;
  readonly #variable = `${PLANTED}_${randomUUID()}`;
  /** Each stands in one place only, so that seeing it anywhere tells where it came from. */
  readonly secrets = {
    'the secret file': randomUUID(),
    'the server’s environment': randomUUID(),
    'the environment that the server was started with': findStartText(),
    'the server’s memory': randomUUID(),
    'another tenant’s session': randomUUID(),
  };
  readonly #files = new GuardedFiles(
    join(this.#directory, 'secret.txt'),
    mkdtempSync(join(tmpdir(), 'canary-drop-')),
    this.secrets['the secret file'],
    this.#name,
  );
  readonly #listeners: Listeners;
  readonly #load: ServerLoad;
  readonly #workers = new Set<number>();
  readonly #ended = new Set<number>();
  readonly #heard = (): number => (this.#signals += 1);
  #state: ServerState;
  #signals = 0;
  #bugs: string[] = [];

  private constructor(listeners: Listeners, load: ServerLoad) {
    this.#listeners = listeners;
    this.#load = load;
    for (const signal of SIGNALS) process.on(signal, this.#heard);
    process.env[this.#variable] = this.secrets['the server’s environment'];
    // What weakens the lockdown of whoever inherits it.
    process.env.LOCKDOWN_ERROR_TAMING = 'unsafe';
    this.#state = readState();
  }

  static async open({ standstillMs = STANDSTILL_MS, growthMb = 1_500 }: CanaryOptions = {}): Promise<Canary> {
    const name = `canary-${randomUUID()}`;
    const listeners = await Listeners.open(join(tmpdir(), `${name}.socket`), name);
    return new Canary(listeners, new ServerLoad(standstillMs, growthMb));
  }

  /** Whether this machine tells that a file was read. */
  get tellsReads(): boolean {
    return this.#files.tellsReads;
  }

  /** Where the sessions of the server under attack are to be kept. */
  get sessionsFile(): string {
    return join(this.#directory, 'sessions.sqlite');
  }

  /** Gives another tenant of that server something to lose. */
  async plantSession(limits: Limits): Promise<void> {
    const store = await openSessionStore(this.sessionsFile, limits, (bug) => this.noteBug(bug));
    const { variables } = await beginIn(store, 'attack', 'another-tenant');
    await variables.set('secret', this.secrets['another tenant’s session']);
    await store.close();
  }

  /** Tells an attack where its targets are. */
  aim(code: string): string {
    const { secretFile, dropDirectory } = this.#files;
    const targets: Readonly<Record<string, string>> = {
      secretFile,
      dropDirectory,
      sessionsFile: this.sessionsFile,
      port: String(this.#listeners.port),
      udpPort: String(this.#listeners.udpPort),
      socketFile: this.#listeners.file,
      socketName: this.#listeners.abstractName,
      name: this.#name,
    };
    return code.replaceAll(/\{\{(\w+)\}\}/g, (whole, target) => targets[target] ?? whole);
  }

  watchWorker(pid: number): void {
    this.#workers.add(pid);
    this.#ended.delete(pid);
  }

  forgetWorker(pid: number): void {
    this.#workers.delete(pid);
    this.#ended.add(pid);
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
    const signals = this.#signals;
    this.#signals = 0;
    const state = readState();
    const changes = findChanges(this.#state, state);
    this.#state = state;
    return [
      ...this.#bugs.splice(0),
      ...this.#load.take(),
      ...(signals === 0 ? [] : [`${signals} signals to the server`]),
      ...changes,
      ...this.#listeners.take(),
      ...this.#findSecrets(cameBack),
      ...this.#files.take(),
      ...(await this.#findProcesses()),
      ...this.#findSurvivors(),
    ];
  }

  async close(): Promise<void> {
    this.#load.close();
    for (const signal of SIGNALS) process.off(signal, this.#heard);
    await this.#listeners.close();
    delete process.env[this.#variable];
    for (const directory of [this.#directory, this.#files.dropDirectory])
      rmSync(directory, { recursive: true });
  }

  #findSecrets(cameBack: string): readonly Sighting[] {
    const seen = Object.entries(this.secrets).filter(
      ([, secret]) => secret !== '' && spellings(secret).some((spelling) => cameBack.includes(spelling)),
    );
    const paths = cameBack.includes(REPOSITORY) ? ['a path of the server'] : [];
    return [...seen.map(([place]) => `what is in ${place}`), ...paths];
  }

  async #findProcesses(): Promise<readonly Sighting[]> {
    const children = await Promise.all([...this.#workers].map(readChildren));
    return children.flat().map((pid) => `process ${pid} below a worker`);
  }

  /** Workers that the server took for dead. */
  #findSurvivors(): readonly Sighting[] {
    const alive = [...this.#ended].filter(isWorker);
    this.#ended.clear();
    return alive.map((pid) => `worker ${pid} alive after its end`);
  }
}

/** A text out of the environment that the process was started with, which `/proc` shows to whoever may look. */
function findStartText(): string {
  const texts = Object.values(process.env).map((text) => text ?? '');
  const [longest = ''] = texts.toSorted((a, b) => b.length - a.length);
  return longest.length < SHORTEST_TEXT ? '' : longest;
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

/** Another process may have got the number meanwhile. */
function isWorker(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, 'utf8').startsWith(`${process.execPath}\0`);
}
