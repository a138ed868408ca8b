import type { FromWorker, ToWorker } from '../../contract/guest-protocol.ts';

type Call = Extract<FromWorker, { t: 'calls' }>['calls'][number];
type OutboxLimits = Extract<ToWorker, { t: 'run' }>['limits'];

/** What a call needs in a frame beside its parameters and its name. */
const CALL_BYTES = 64;

/** A call and what it costs: most of its frame. */
interface Posted {
  readonly call: Call;
  readonly bytes: number;
}

/** The calls of one run that were not sent yet. No more leave than may be in flight at once; the rest waits here. */
export class Outbox {
  readonly #most: number;
  readonly #room: number;
  readonly #inFlight = new Map<number, number>();
  #inFlightBytes = 0;
  #posted: Posted[] = [];
  #postedBytes = 0;

  constructor({ callRequestBytes, bytesInFlight }: OutboxLimits) {
    this.#most = callRequestBytes;
    this.#room = bytesInFlight;
  }

  /** Whether there is enough for a frame. */
  get isFull(): boolean {
    return this.#postedBytes >= this.#most;
  }

  /** @param bytes of the call's parameters */
  put(call: Call, bytes: number): void {
    const cost = bytes + call.name.length + CALL_BYTES;
    this.#posted.push({ call, bytes: cost });
    this.#postedBytes += cost;
  }

  answered(call: number): void {
    this.#inFlightBytes -= this.#inFlight.get(call) ?? 0;
    this.#inFlight.delete(call);
  }

  /** Takes out the calls that may leave now, a list for each frame. */
  take(): readonly (readonly Call[])[] {
    const frames: Call[][] = [];
    let frame: Call[] = [];
    let frameBytes = 0;
    let taken = 0;
    for (const { call, bytes } of this.#posted) {
      if (this.#inFlightBytes > 0 && this.#inFlightBytes + bytes > this.#room) break;
      if (frame.length === 0 || frameBytes + bytes > this.#most) {
        frame = [];
        frameBytes = 0;
        frames.push(frame);
      }
      frame.push(call);
      frameBytes += bytes;
      this.#inFlight.set(call.call, bytes);
      this.#inFlightBytes += bytes;
      this.#postedBytes -= bytes;
      taken += 1;
    }
    if (taken > 0) this.#posted = this.#posted.slice(taken);
    return frames;
  }
}
