import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type Progress, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { toToolCall } from '../../runtime/adapter/v1.ts';
import type { BackendAnswer, BackendCall, BackendErrorCode } from '../../runtime/contract/backend.ts';
import { messageOf as networkMessageOf } from '../http/describe-loss.ts';
import type { Channel } from './channel.ts';
import { capLines } from './line-feed.ts';
import { listServedTools, type ServedTools } from './served-tools.ts';
import { MESSAGE_CHARACTERS, TOOL_RESULT, toAnswer } from './tool-result.ts';

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
  readonly openChannel: () => Channel;
  /** The product's version, as told to the server. */
  readonly version: string;
  readonly onEvent: (event: RemoteEvent) => void;
  /** How long the start may take, in ms. */
  readonly startTimeoutMs: number;
  /** How long one request may take, in ms. */
  readonly requestTimeoutMs: number;
  /** Aborted when nobody wants the connection any more while it is being opened. */
  readonly signal: AbortSignal;
}

/**
 * Opens a channel to a server and greets it as an MCP server.
 * @throws {Error} when it does not answer as one; the message says why
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const channel = options.openChannel();
  const connection = new Connection(channel, options);
  const giveUp = (): void => void connection.close();
  options.signal.addEventListener('abort', giveUp, { once: true });
  try {
    await connection.start();
  } catch (error) {
    await connection.close();
    throw new Error(await channel.describeFailure(messageOf(error), error), { cause: error });
  } finally {
    options.signal.removeEventListener('abort', giveUp);
  }
  return connection;
}

/** One conversation with a server. Once lost it stays lost. */
export class Connection {
  readonly #channel: Channel;
  readonly #options: ConnectionOptions;
  readonly #client: Client;
  readonly #inFlight = new Set<AbortController>();
  #isOpen = false;
  #served: ServedTools = new Map();
  #isListing = false;
  #isStale = false;
  #isRetired = false;
  #loss: string | undefined;

  constructor(channel: Channel, options: ConnectionOptions) {
    const { version, onEvent } = options;
    this.#channel = channel;
    this.#options = options;
    this.#client = new Client({ name: 'athena-code-mode', version });
    const report = capLines((message) => onEvent({ kind: 'protocol_error', message }));
    this.#client.onerror = (error) => {
      if (this.#loss === undefined) report(error.message);
      // A channel that gives its server up does so after this.
      setImmediate(() => this.#noticeGivenUp(error));
    };
    this.#client.onclose = () => {
      channel.noteEnd();
      this.#lose('it ended');
    };
    channel.onLost = (cause) => this.#lose(cause);
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, () => this.#listAgain());
  }

  /** Connects, and reads the list of tools. */
  async start(): Promise<void> {
    const connecting = this.#client.connect(this.#channel.transport, {
      timeout: this.#options.startTimeoutMs,
    });
    this.#channel.noteStart();
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

  /**
   * Makes one call. Aborting its signal tells the server.
   * @returns `untaken` when the connection turned out to be lost before the server took the call
   */
  async call(call: BackendCall): Promise<BackendAnswer | 'untaken'> {
    if (call.signal.aborted) return failed('OPERATION_FAILED', 'the call was cancelled');
    const { name, arguments: args } = toToolCall(call, call.params);
    // The client never lets go of a signal and would send a cancellation for an answered call.
    const stop = new AbortController();
    const onAbort = (): void => stop.abort('the call was cancelled');
    call.signal.addEventListener('abort', onAbort, { once: true });
    this.#inFlight.add(stop);
    try {
      const request = { method: 'tools/call', params: { name, arguments: { ...args } } } as const;
      // The time that a request may take does not begin anew with each report.
      const options = {
        signal: stop.signal,
        timeout: this.#options.requestTimeoutMs,
        ...(call.onProgress && { onprogress: relay(call.onProgress) }),
      };
      const result = await this.#channel.send(
        () => this.#client.request(request, TOOL_RESULT, options),
        stop.signal,
      );
      return toAnswer(result);
    } catch (error) {
      if (this.#loss !== undefined && stop.signal.aborted)
        return failed('BACKEND_LOST', `the backend was lost while the call was in flight: ${this.#loss}`);
      if (!this.#channel.isUntaken(error)) return failed('OPERATION_FAILED', messageOf(error));
      // What else is in flight will be told the same, or has been taken.
      this.#noteLoss(messageOf(error));
      return 'untaken';
    } finally {
      this.#inFlight.delete(stop);
      call.signal.removeEventListener('abort', onAbort);
      if (this.#isRetired) this.retire();
    }
  }

  /** Closes it once nothing is in flight: another has taken its place. */
  retire(): void {
    this.#isRetired = true;
    if (this.#inFlight.size === 0) void this.close();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#lose('it was closed');
    await this.#channel.end(() => this.#client.close());
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

  /** Calls in flight are answered at once. */
  #lose(cause: string): void {
    this.#noteLoss(cause);
    for (const stop of this.#inFlight) stop.abort(cause);
  }

  /** The first cause stays. */
  #noteLoss(cause: string): void {
    if (this.#loss !== undefined) return;
    this.#loss = cause;
    if (this.#isOpen) this.#options.onEvent({ kind: 'lost', message: cause });
  }

  #noticeGivenUp(error: Error): void {
    if (this.#loss !== undefined || !this.#channel.hasGivenUp()) return;
    this.#lose(error.message);
    void this.close();
  }
}

/** The client puts a prefix before every message of a server, and `fetch` says only that it failed. */
function messageOf(error: unknown): string {
  if (error instanceof StreamableHTTPError) {
    const said = error.message.replace(/^Streamable HTTP error: (?:Error POSTing to endpoint: )?/, '');
    return `it answered HTTP ${error.code}: ${said}`.slice(0, MESSAGE_CHARACTERS);
  }
  if (error instanceof TypeError && error.cause !== undefined) return networkMessageOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^(?:MCP error -?\d+: )+/, '').slice(0, MESSAGE_CHARACTERS);
}

/** Outside of `call`: the client may hold on to it long after, and must not hold the parameters with it. */
function relay(tell: NonNullable<BackendCall['onProgress']>): (progress: Progress) => void {
  return ({ progress, total, message }) =>
    tell({ progress, total, message: message?.slice(0, MESSAGE_CHARACTERS) });
}

function failed(code: BackendErrorCode, message: string): BackendAnswer {
  return { ok: false, code, message };
}
