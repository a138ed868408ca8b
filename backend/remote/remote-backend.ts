import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Backend, BackendAnswer, BackendCall, WireOperation } from '../../runtime/contract/backend.ts';
import type { Channel } from './channel.ts';
import { parseCommand } from './command-line.ts';
import { type Connection, type ConnectionOptions, openConnection, type RemoteEvent } from './connection.ts';
import { HttpChannel } from './http-channel.ts';
import { isServed } from './served-tools.ts';
import { StdioChannel } from './stdio-channel.ts';

export type { RemoteEvent } from './connection.ts';

const START_TIMEOUT_MS = 30_000;
/** The bridge stops a call long before: this only frees what a silent server would hold for ever. */
const REQUEST_TIMEOUT_MS = 600_000;
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** How long to wait before each attempt to reconnect. */
const RECONNECT_AFTER_MS = [0, 250, 1_000];
/** How long a backend that could not be reached is left alone. */
const LEFT_ALONE_MS = 1_000;

interface SharedOptions {
  /** The product's version, as told to the server. */
  readonly version: string;
  readonly onEvent: (event: RemoteEvent) => void;
  /** How long the server may take to start, in ms; 30 s by default, time enough to download a package. */
  readonly startTimeoutMs?: number;
  /** How long one request may take, in ms; 10 minutes by default. */
  readonly requestTimeoutMs?: number;
  /** A message beyond this ends the connection; 32 MB by default. */
  readonly maxMessageBytes?: number;
}

export interface RemoteBackendOptions extends SharedOptions {
  /** One command line: `npx some-server --root '/my files'`. */
  readonly command: string;
}

export interface RemoteAddressOptions extends SharedOptions {
  /** Where the server speaks streamable HTTP. Nothing but this address and what is below it is ever contacted. */
  readonly url: URL;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Any MCP server as a backend, over stdio or streamable HTTP. A command is split like a shell would, but no shell
 * runs: nothing is expanded. The server sees HOME, LOGNAME, PATH, SHELL, TERM and USER (on Windows their counterparts)
 * of this process and nothing else of its environment; what more it needs goes before the command: `TOKEN=abc npx …`.
 * @throws {Error} when there is no MCP server to be had there; the message says why
 */
export async function openRemoteBackend(
  options: RemoteBackendOptions | RemoteAddressOptions,
): Promise<Backend> {
  const stopping = new AbortController();
  const connectionOptions: ConnectionOptions = {
    openChannel: channelOf(options),
    version: options.version,
    onEvent: options.onEvent,
    startTimeoutMs: options.startTimeoutMs ?? START_TIMEOUT_MS,
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    signal: stopping.signal,
  };
  const way = 'command' in options ? 'stdio' : 'HTTP';
  return new RemoteBackend(await openConnection(connectionOptions), way, connectionOptions, stopping);
}

function channelOf(options: RemoteBackendOptions | RemoteAddressOptions): () => Channel {
  const { onEvent, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
  if (!('command' in options)) {
    const { url, headers } = options;
    return () => new HttpChannel(url, headers, maxMessageBytes);
  }
  const command = parseCommand(options.command);
  if (!command.ok) throw new Error(`the backend command cannot be read: ${command.message}`);
  return () => new StdioChannel(command, maxMessageBytes, (line) => onEvent({ kind: 'stderr', line }));
}

type Reached =
  | { readonly ok: true; readonly connection: Connection }
  | { readonly ok: false; readonly message: string };

/** Keeps one connection, and makes a new one when a call finds it lost. */
class RemoteBackend implements Backend {
  readonly name: string;
  readonly #options: ConnectionOptions;
  #connection: Connection;
  #reconnecting: Promise<Reached> | undefined;
  readonly #stopping: AbortController;

  constructor(connection: Connection, way: string, options: ConnectionOptions, stopping: AbortController) {
    this.name = `${connection.server} (MCP over ${way})`;
    this.#connection = connection;
    this.#options = options;
    this.#stopping = stopping;
  }

  serves(operation: WireOperation): boolean {
    return isServed(operation, this.#connection.served);
  }

  async call(call: BackendCall): Promise<BackendAnswer> {
    const answer = await this.#callOnce(call);
    // A server that was started anew, say, does not know the session any more, and took nothing.
    const second = answer === 'untaken' ? await this.#callOnce(call) : answer;
    if (second !== 'untaken') return second;
    return { ok: false, code: 'BACKEND_UNAVAILABLE', message: `${this.name} does not take the call` };
  }

  async #callOnce(call: BackendCall): Promise<BackendAnswer | 'untaken'> {
    const reached = await this.#reach(call.signal);
    if (!reached.ok) return { ok: false, code: 'BACKEND_UNAVAILABLE', message: reached.message };
    if (!isServed(call, reached.connection.served)) {
      const wanted = call.operation === null ? call.tool : `${call.tool} ${call.operation}`;
      return { ok: false, code: 'OPERATION_NOT_SERVED', message: `${this.name} does not have ${wanted}` };
    }
    return await reached.connection.call(call);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#reconnecting;
    await this.#connection.close();
  }

  async #reach(signal: AbortSignal): Promise<Reached> {
    if (this.#stopping.signal.aborted) return { ok: false, message: `${this.name} is closed` };
    if (!this.#connection.isLost) return { ok: true, connection: this.#connection };
    this.#reconnecting ??= this.#reconnect();
    if (signal.aborted) return CANCELLED;
    // A call that is cancelled does not wait; the others go on to share the attempt.
    const settled = new AbortController();
    const cancelled = once(signal, 'abort', { signal: settled.signal }).then(
      () => CANCELLED,
      () => CANCELLED,
    );
    const reached = await Promise.race([this.#reconnecting, cancelled]);
    settled.abort();
    return reached;
  }

  async #reconnect(): Promise<Reached> {
    let message = '';
    for (const wait of RECONNECT_AFTER_MS) {
      await delay(wait);
      if (this.#stopping.signal.aborted) break;
      try {
        const lost = this.#connection;
        this.#connection = await openConnection(this.#options);
        lost.retire();
        this.#reconnecting = undefined;
        return { ok: true, connection: this.#connection };
      } catch (error) {
        message = error instanceof Error ? error.message : String(error);
        this.#options.onEvent({ kind: 'reconnect_failed', message });
      }
    }
    setTimeout(() => {
      this.#reconnecting = undefined;
    }, LEFT_ALONE_MS).unref();
    return { ok: false, message: `${this.name} cannot be reached: ${message || 'it was closed'}` };
  }
}

const CANCELLED: Reached = { ok: false, message: 'the call was cancelled' };
