import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

/** The way to one server: a process that is started for it, or an address. */
export interface Channel {
  readonly transport: Transport;
  /** Notes what the transport has started, right after it has. */
  noteStart(): void;
  /** Notes that the transport is closed. */
  noteEnd(): void;
  /** Is told when the server is lost before the transport closes. */
  onLost: (cause: string) => void;
  /** Whether the transport has dropped its server, of which it says nothing. */
  hasGivenUp(): boolean;
  /** Sends a request such that the signal also frees what the request holds. */
  send<Result>(request: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /** Whether an error says that a request was not even taken: it can be made again over a new connection. */
  isUntaken(error: unknown): boolean;
  /** Says goodbye, and ends what was started. */
  end(closeClient: () => Promise<void>): Promise<void>;
  /** Why there is no connection, for the person who wanted one. */
  describeFailure(why: string, error: unknown): Promise<string>;
}
