import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Channel } from './channel.ts';
import type { ParsedCommand } from './command-line.ts';
import { type LineFeed, readLines } from './line-feed.ts';

/** How long a backend may take to end after SIGTERM, and the system after SIGKILL. */
const TERMINATE_MS = 2_000;
const KILL_MS = 1_000;
const LAST_WORDS_MS = 500;

type Command = Extract<ParsedCommand, { ok: true }>;

/** A process of the server's own, spoken to over its standard input and output. */
export class StdioChannel implements Channel {
  readonly transport: StdioClientTransport;
  onLost: Channel['onLost'] = () => undefined;
  readonly #command: string;
  readonly #stderr: LineFeed | undefined;
  readonly #ended = Promise.withResolvers<void>();
  #hasEnded = false;
  #pid: number | null = null;

  /**
   * @param maxMessageBytes a longer message ends the connection
   * @param onStderr takes each line of its stderr
   */
  constructor({ command, args, env }: Command, maxMessageBytes: number, onStderr: (line: string) => void) {
    this.#command = command;
    this.transport = new StdioClientTransport({
      command,
      args: [...args],
      env: { ...getDefaultEnvironment(), ...env },
      stderr: 'pipe',
      maxBufferSize: maxMessageBytes,
    });
    const { stderr } = this.transport;
    if (stderr instanceof Readable) this.#stderr = readLines(stderr, onStderr);
  }

  noteStart(): void {
    this.#pid = this.transport.pid;
  }

  noteEnd(): void {
    this.#hasEnded = true;
    this.#ended.resolve();
  }

  /** The transport drops its process when a message is too long. */
  hasGivenUp(): boolean {
    return this.#pid !== null && this.transport.pid === null;
  }

  send<Result>(request: () => Promise<Result>): Promise<Result> {
    return request();
  }

  isUntaken(): boolean {
    return false;
  }

  /** Ends the process: its stdin and SIGTERM, after two seconds SIGKILL. */
  async end(closeClient: () => Promise<void>): Promise<void> {
    void closeClient().catch(() => undefined);
    if (this.#pid === null || this.#hasEnded) return;
    kill(this.#pid, 'SIGTERM');
    if (await this.#hasEndedWithin(TERMINATE_MS)) return;
    kill(this.#pid, 'SIGKILL');
    await this.#hasEndedWithin(KILL_MS);
  }

  /** With the last lines of its stderr, once it has ended. */
  async describeFailure(why: string, error: unknown): Promise<string> {
    await Promise.race([this.#stderr?.ended, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    const lines = this.#stderr?.tail() ?? [];
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const cause = code === 'ENOENT' ? 'there is no such program' : why;
    const words = lines.length === 0 ? '' : `\nThe last lines of its stderr:\n${lines.join('\n')}`;
    return `the backend command ${JSON.stringify(this.#command)} did not start as an MCP server: ${cause}${words}`;
  }

  #hasEndedWithin(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms, false);
      void this.#ended.promise.then(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
