import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isUnreached, messageOf } from '../http/describe-loss.ts';
import { isWithin, shownAddress } from '../http/within.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const EVENTS = /^text\/event-stream\b/i;

export interface FetchBounds {
  /** Nothing but this address and what is below it is contacted. */
  readonly url: URL;
  /** A longer message, once unpacked, is read no further. */
  readonly maxMessageBytes: number;
  /** The signal of the call that a request is made for. */
  readonly signalOfCall: () => AbortSignal | undefined;
  /** Told when a request, or the answer to one, broke off. */
  readonly onBroken: (cause: string) => void;
}

/** Node's `fetch` for the SDK's transport, which bounds neither where it goes nor what it reads. */
export function createBoundedFetch(bounds: FetchBounds): FetchLike {
  return async (input, init) => {
    const url = new URL(input);
    if (!isWithin(url, bounds.url))
      throw new Error(`it redirects to ${shownAddress(url)}, which is not below its address`);
    const signals = [init?.signal, bounds.signalOfCall()].filter((one) => one instanceof AbortSignal);
    const signal = AbortSignal.any(signals);
    // What the server sends by itself is no answer that anybody waits for.
    const isCall = init?.method === 'POST';
    const noteBreak = (error: unknown): void => {
      if (isCall && !isUnreached(error)) bounds.onBroken(messageOf(error));
    };
    const response = await fetch(url, { ...init, redirect: 'manual', signal }).catch((error: unknown) => {
      if (!signal.aborted) noteBreak(error);
      throw error;
    });
    const { body, status, statusText, headers } = response;
    if (body === null) return response;
    const isEvents = EVENTS.test(headers.get('content-type') ?? '');
    const capped = ReadableStream.from(
      capMessages(body, bounds.maxMessageBytes, isEvents, signal, noteBreak),
    );
    return new Response(capped, { status, statusText, headers });
  };
}

/** Of a stream of events each may have the size, of any other body the whole. */
async function* capMessages(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  isEvents: boolean,
  signal: AbortSignal,
  onBreak: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  let isLineEmpty = true;
  try {
    for await (const piece of body) {
      for (const byte of piece) {
        size++;
        if (byte === LINE_FEED) {
          // An empty line ends an event.
          if (isEvents && isLineEmpty) size = 0;
          isLineEmpty = true;
        } else if (byte !== CARRIAGE_RETURN) isLineEmpty = false;
      }
      if (size > maxBytes) throw new Error(`it sent a message of more than ${maxBytes} bytes`);
      yield piece;
    }
  } catch (error) {
    // Nobody waits for the rest.
    if (signal.aborted) return;
    onBreak(error);
    throw error;
  }
}
