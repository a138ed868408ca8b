import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { toToolCall } from '../../runtime/adapter/v1.ts';
import type { BackendAnswer, BackendCall, BackendErrorCode } from '../../runtime/contract/backend.ts';
import type { ParsedCommand } from './command-line.ts';
import { capLines, type LineFeed, readLines } from './line-feed.ts';
import { listServedTools, type ServedTools } from './served-tools.ts';
import { MESSAGE_CHARACTERS, TOOL_RESULT, toAnswer } from './tool-result.ts';

/** How long a backend may take to end after SIGTERM, and the system after SIGKILL. */
const TERMINATE_MS = 2_000;
const KILL_MS = 1_000;
const LAST_WORDS_MS = 500;
const NAME_CHARACTERS = 100;
const LIST_PAUSE_MS = 1_000;

/** What happened to a backend, for the log. */
export type RemoteEvent =
  | { readonly kind: 'connected'; readonly server: string; readonly tools: number }
  | { readonly kind: 'tools_changed'; readonly tools: number }
  /** One line of its stderr. */
  | { readonly kind: 'stderr'; readonly line: string }
  /** Something on its stdout that is no MCP message, or an answer that nobody waits for. */
  | { readonly kind: 'protocol_error'; readonly message: string }
  | { readonly kind: 'lost'; readonly message: string }
  | { readonly kind: 'reconnect_failed'; readonly message: string };

export interface ConnectionOptions {
  readonly command: Extract<ParsedCommand, { ok: true }>;
  /** The product's version, as told to the server. */
  readonly version: string;
  readonly onEvent: (event: RemoteEvent) => void;
  /** How long the start may take, in ms. */
  readonly startTimeoutMs: number;
  /** How long one request may take, in ms. */
  readonly requestTimeoutMs: number;
  /** Aborted when nobody wants the connection any more while it is being opened. */
  readonly signal: AbortSignal;
  /** A longer message ends the connection. */
  readonly maxMessageBytes: number;
}

/**
 * Starts the command and greets it as an MCP server.
 * @throws {Error} when it does not answer as one; the message holds the last lines of its stderr
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { command, args, env } = options.command;
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
    stderr: 'pipe',
    maxBufferSize: options.maxMessageBytes,
  });
  const connection = new Connection(transport, options);
  const giveUp = (): void => void connection.close();
  options.signal.addEventListener('abort', giveUp, { once: true });
  try {
    await connection.start();
  } catch (error) {
    await connection.close();
    throw new Error(describeFailure(command, error, await connection.lastWords()), { cause: error });
  } finally {
    options.signal.removeEventListener('abort', giveUp);
  }
  return connection;
}

/** One process and the conversation with it. Once lost it stays lost. */
export class Connection {
  readonly #transport: StdioClientTransport;
  readonly #options: ConnectionOptions;
  readonly #client: Client;
  readonly #stderr: LineFeed | undefined;
  readonly #inFlight = new Set<AbortController>();
  readonly #ended = Promise.withResolvers<void>();
  #pid: number | null = null;
  #isOpen = false;
  #hasEnded = false;
  #served: ServedTools = new Map();
  #isListing = false;
  #isStale = false;
  #loss: string | undefined;

  constructor(transport: StdioClientTransport, options: ConnectionOptions) {
    const { version, onEvent } = options;
    this.#transport = transport;
    this.#options = options;
    this.#client = new Client({ name: 'athena-code-mode', version });
    if (transport.stderr instanceof Readable) {
      this.#stderr = readLines(transport.stderr, (line) => onEvent({ kind: 'stderr', line }));
    }
    const report = capLines((message) => onEvent({ kind: 'protocol_error', message }));
    this.#client.onerror = (error) => {
      if (this.#loss === undefined) report(error.message);
      // The transport drops its process when a message is too long, and says so after this.
      setImmediate(() => this.#noticeGivenUp(error));
    };
    this.#client.onclose = () => {
      this.#hasEnded = true;
      this.#lose('it ended');
      this.#ended.resolve();
    };
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, () => this.#listAgain());
  }

  /** Connects, and reads the list of tools. */
  async start(): Promise<void> {
    const connecting = this.#client.connect(this.#transport, { timeout: this.#options.startTimeoutMs });
    this.#pid = this.#transport.pid;
    await connecting;
    await this.#list();
    this.#isOpen = true;
    this.#options.onEvent({ kind: 'connected', server: this.server, tools: this.#served.size });
  }

  /** Name and version that the server gave itself: one short line, since messages and the log name it. */
  get server(): string {
    const { name = 'unnamed', version = '' } = this.#client.getServerVersion() ?? {};
    return `${name} ${version}`
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
      .slice(0, NAME_CHARACTERS)
      .trim();
  }

  get served(): ServedTools {
    return this.#served;
  }

  get isLost(): boolean {
    return this.#loss !== undefined;
  }

  /** Makes one call. Aborting its signal tells the server. */
  async call(call: BackendCall): Promise<BackendAnswer> {
    if (call.signal.aborted) return failed('OPERATION_FAILED', 'the call was cancelled');
    const { name, arguments: args } = toToolCall(call, call.params);
    // The client never lets go of a signal and would send a cancellation for an answered call.
    const stop = new AbortController();
    const onAbort = (): void => stop.abort('the call was cancelled');
    call.signal.addEventListener('abort', onAbort, { once: true });
    this.#inFlight.add(stop);
    try {
      const result = await this.#client.request(
        { method: 'tools/call', params: { name, arguments: { ...args } } },
        TOOL_RESULT,
        { signal: stop.signal, timeout: this.#options.requestTimeoutMs },
      );
      return toAnswer(result);
    } catch (error) {
      return this.#loss === undefined
        ? failed('OPERATION_FAILED', messageOf(error))
        : failed('BACKEND_LOST', `the backend was lost while the call was in flight: ${this.#loss}`);
    } finally {
      this.#inFlight.delete(stop);
      call.signal.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the process: its stdin and SIGTERM, after two seconds SIGKILL. */
  async close(): Promise<void> {
    this.#isOpen = false;
    this.#lose('it was closed');
    void this.#client.close().catch(() => undefined);
    if (this.#pid === null || this.#hasEnded) return;
    kill(this.#pid, 'SIGTERM');
    if (await this.#hasEndedWithin(TERMINATE_MS)) return;
    kill(this.#pid, 'SIGKILL');
    await this.#hasEndedWithin(KILL_MS);
  }

  /** The last lines of its stderr, once it has ended. */
  async lastWords(): Promise<readonly string[]> {
    await Promise.race([this.#stderr?.ended, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    return this.#stderr?.tail() ?? [];
  }

  async #list(): Promise<void> {
    this.#served = await listServedTools(this.#client, this.#options.startTimeoutMs);
  }

  /** However often the server says that its tools have changed, it is asked once a second. */
  async #listAgain(): Promise<void> {
    this.#isStale = true;
    if (this.#isListing) return;
    this.#isListing = true;
    try {
      while (this.#isStale && this.#loss === undefined) {
        this.#isStale = false;
        await this.#list();
        this.#options.onEvent({ kind: 'tools_changed', tools: this.#served.size });
        await delay(LIST_PAUSE_MS, undefined, { ref: false });
      }
    } finally {
      this.#isListing = false;
    }
  }

  /** The first cause stays. Calls in flight are answered at once. */
  #lose(cause: string): void {
    if (this.#loss !== undefined) return;
    this.#loss = cause;
    for (const stop of this.#inFlight) stop.abort(cause);
    if (this.#isOpen) this.#options.onEvent({ kind: 'lost', message: cause });
  }

  #noticeGivenUp(error: Error): void {
    if (this.#pid === null || this.#transport.pid !== null || this.#loss !== undefined) return;
    this.#lose(error.message);
    void this.close();
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

function describeFailure(command: string, error: unknown, lastWords: readonly string[]): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why = code === 'ENOENT' ? 'there is no such program' : messageOf(error);
  const words = lastWords.length === 0 ? '' : `\nThe last lines of its stderr:\n${lastWords.join('\n')}`;
  return `the backend command ${JSON.stringify(command)} did not start as an MCP server: ${why}${words}`;
}

/** The client puts a prefix before every message of a server. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^(?:MCP error -?\d+: )+/, '').slice(0, MESSAGE_CHARACTERS);
}

function failed(code: BackendErrorCode, message: string): BackendAnswer {
  return { ok: false, code, message };
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
