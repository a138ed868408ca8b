import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { isUnreached } from '../http/describe-loss.ts';
import { shownAddress } from '../http/within.ts';
import { createBoundedFetch } from './bounded-fetch.ts';
import type { Channel } from './channel.ts';

/** How long a server may take to end its session. */
const GOODBYE_MS = 2_000;
/** A server that does not know its session any more says 404, and some say 400. */
const SESSION_GONE = [400, 404];

/** An address that is spoken to over streamable HTTP. */
export class HttpChannel implements Channel {
  readonly transport: StreamableHTTPClientTransport;
  onLost: Channel['onLost'] = () => undefined;
  readonly #url: URL;
  // The SDK passes a call's signal to no request of its own.
  readonly #signalOfCall = new AsyncLocalStorage<AbortSignal>();

  /**
   * @param headers sent with every request
   * @param maxMessageBytes a longer message ends the connection
   */
  constructor(url: URL, headers: Readonly<Record<string, string>>, maxMessageBytes: number) {
    this.#url = url;
    this.transport = new StreamableHTTPClientTransport(url, {
      requestInit: { headers: { ...headers } },
      fetch: createBoundedFetch({
        url,
        maxMessageBytes,
        signalOfCall: () => this.#signalOfCall.getStore(),
        onBroken: (cause) => this.onLost(cause),
      }),
    });
  }

  noteStart(): void {}

  noteEnd(): void {}

  hasGivenUp(): boolean {
    return false;
  }

  send<Result>(request: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    return this.#signalOfCall.run(signal, request);
  }

  isUntaken(error: unknown): boolean {
    const isGone =
      error instanceof StreamableHTTPError && SESSION_GONE.includes(error.code ?? 0) && this.#hasSession();
    return isGone || isUnreached(error);
  }

  async end(closeClient: () => Promise<void>): Promise<void> {
    const goodbye = this.transport.terminateSession().catch(() => undefined);
    await Promise.race([goodbye, delay(GOODBYE_MS, undefined, { ref: false })]);
    await closeClient().catch(() => undefined);
  }

  async describeFailure(why: string): Promise<string> {
    return `the backend at ${shownAddress(this.#url)} did not answer as an MCP server over streamable HTTP: ${why}`;
  }

  #hasSession(): boolean {
    return this.transport.sessionId !== undefined;
  }
}
