import type { FromWorker } from '../contract/guest-protocol.ts';
import type { Limits } from '../contract/limits.ts';
import type {
  AnsweredCall,
  AnsweredFrame,
  BeginWait,
  BuiltInCall,
  CallAnswer,
  GuestCall,
  RunRequest,
} from '../contract/sandbox.ts';
import { PastFrames } from './past-frames.ts';

type FramedCall = Extract<FromWorker, { t: 'calls' }>['calls'][number];

/** What the calls of a run need of the run. */
export interface CallsPort {
  /** Hands answers to the worker. */
  readonly send: (frame: AnsweredFrame) => void;
  /** Told how the run differs from what was recorded of it. */
  readonly onDivergence: (difference: string) => void;
  /** Told when `isAtPerson` may have changed. */
  readonly onChange: () => void;
}

/** How long calls that a program did not wait for may still take once it has returned, in ms. */
const LATE_MS = 250;
const SLEEP: BuiltInCall = '@sleep';
const MB = 1024 * 1024;
/** How many of the largest parameters may be in flight at once. */
const LARGEST_IN_FLIGHT = 8;
/** Many answers become several frames: one text of them all could be longer than a string can be. */
const ANSWERS_CHARACTERS = MB;
/** How many calls the bridge is asked in one turn of the event loop: at first, and at most. One may be a megabyte. */
const FIRST_PACE = 1;
const MOST_PACE = 64;
/** A longer turn keeps all timers waiting, the time limits of other runs among them. */
const LONG_TURN_MS = 5;

/** The bytes of parameters that a run may have in flight: what the server holds of one run is bounded. */
export function roomInFlight({ callRequestBytes }: Limits): number {
  return LARGEST_IN_FLIGHT * Math.max(callRequestBytes, MB);
}

/** The calls of one run on their way through the bridge, until the run ends and the bridge is revoked. */
export class CallsInFlight {
  readonly #ask: RunRequest['answer'];
  readonly #note: RunRequest['note'];
  readonly #past: PastFrames;
  readonly #limit: number;
  readonly #room: number;
  readonly #port: CallsPort;
  readonly #bridge = new AbortController();
  /** Names of the calls without an answer, by number. */
  readonly #inFlight = new Map<number, string>();
  /** Those of them that the bridge was not asked yet. */
  #waiting: GuestCall[] = [];
  /** How many calls wait for a person. */
  #atPerson = 0;
  /** How many answers were made and have not left. */
  #unsent = 0;
  #bytes = 0;
  #pace = FIRST_PACE;
  #isPaced = false;
  #answers: AnsweredCall[] = [];
  #leaving: Promise<void> = Promise.resolve();
  /** The guest's time, and when it was that. */
  #clock: { readonly now: number; readonly at: number };
  #last = 0;
  #open = true;
  #whenDone: (() => void) | undefined;

  /** @param limits `calls` is how many may be in flight at once */
  constructor({ answer, note, past = [], now }: RunRequest, limits: Limits, port: CallsPort) {
    this.#ask = answer;
    this.#note = note;
    this.#past = new PastFrames(past);
    this.#clock = { now, at: performance.now() };
    this.#limit = limits.calls;
    this.#room = roomInFlight(limits);
    this.#port = port;
  }

  /** How many there have been. */
  get made(): number {
    return this.#last;
  }

  /** Whether all that the program can wait for is a person. */
  get isAtPerson(): boolean {
    return this.#atPerson > 0 && this.#atPerson === this.#inFlight.size && this.#unsent === 0;
  }

  /** Takes the calls of a frame. Answers what is wrong with them, if anything is. */
  receive(calls: readonly FramedCall[]): string | undefined {
    for (const { call: number, name, json } of calls) {
      // An honest guest counts upwards and keeps the limits itself.
      if (number <= this.#last) return `call ${number} after call ${this.#last}`;
      if (this.#inFlight.size >= this.#limit) return `more than ${this.#limit} calls at once`;
      this.#bytes += Buffer.byteLength(json);
      if (this.#bytes > this.#room) return `more than ${this.#room} bytes of parameters at once`;
      this.#last = number;
      this.#inFlight.set(number, name);
      const call = { number, name, json };
      const difference = this.#past.compare(call);
      if (difference !== undefined) this.#port.onDivergence(difference);
      if (!this.#past.has(call)) this.#waiting.push(call);
    }
    this.#relive();
    this.#port.onChange();
    this.#beginSleeps();
    if (!this.#isPaced) this.#askSome();
    return undefined;
  }

  /** How a run that ends now differs from what was recorded of it: by a call that it has not made. */
  missing(): string | undefined {
    return this.#past.missing();
  }

  /** The program has returned: nothing more is sent to it, but calls that it did not wait for may finish. */
  async finish(): Promise<void> {
    this.#open = false;
    if (!this.#isBusy()) return;
    const patience = Promise.withResolvers<void>();
    this.#whenDone = patience.resolve;
    const timer = setTimeout(patience.resolve, LATE_MS);
    await patience.promise;
    clearTimeout(timer);
  }

  /** Tells the bridge that the run has ended. Resolves once what was answered is written down. */
  async revoke(): Promise<void> {
    this.#open = false;
    this.#waiting = [];
    this.#bridge.abort();
    await this.#leaving;
  }

  /** All in one turn: begun one after another, a short one could outlast a longer one that was asked for before it. */
  #beginSleeps(): void {
    if (!this.#past.isOver) return;
    const sleeps = this.#waiting.filter(({ name }) => name === SLEEP);
    this.#waiting = this.#waiting.filter(({ name }) => name !== SLEEP);
    for (const call of sleeps) void this.#answer(call);
  }

  /**
   * Asks the bridge a few of the calls, and the next few in the next turn of the event loop: fewer when a turn
   * took long. A backend that answers at once would else keep the loop until it has answered them all.
   */
  #askSome(): void {
    // What is asked anew must not overtake what was answered before.
    if (this.#waiting.length === 0 || !this.#past.isOver) return;
    this.#isPaced = true;
    const start = performance.now();
    for (const call of this.#waiting.splice(0, this.#pace)) void this.#answer(call);
    setImmediate(() => {
      const isLong = performance.now() - start > LONG_TURN_MS;
      this.#pace = isLong ? Math.max(1, this.#pace >> 1) : Math.min(MOST_PACE, this.#pace * 2);
      this.#isPaced = false;
      this.#askSome();
    });
  }

  #isBusy(): boolean {
    return this.#inFlight.values().some((name) => name !== SLEEP);
  }

  async #answer(call: GuestCall): Promise<void> {
    const answer = await this.#askSafely(call);
    this.#done(call);
    if (this.#whenDone !== undefined && !this.#isBusy()) this.#whenDone();
    if (!this.#open) return;
    this.#unsent += 1;
    this.#answers.push({ ...call, answer });
    // The answers of one turn of the event loop leave together.
    if (this.#answers.length === 1) setImmediate(() => this.#flush());
  }

  #done({ number, json }: GuestCall): void {
    this.#inFlight.delete(number);
    this.#bytes -= Buffer.byteLength(json);
  }

  /** Answers as before what was answered before, frame by frame. */
  #relive(): void {
    for (let frame = this.#past.take(); frame !== undefined; frame = this.#past.take()) {
      this.#clock = { now: frame.now, at: performance.now() };
      for (const call of frame.calls) this.#done(call);
      this.#sendIfOpen(frame);
    }
  }

  /** The bridge never rejects; were it to, its words would not reach the guest. */
  async #askSafely(call: GuestCall): Promise<CallAnswer> {
    try {
      return await this.#ask(call, this.#bridge.signal, this.#beginWait);
    } catch {
      return { ok: false, code: 'INTERNAL_ERROR', message: 'The call failed inside Athena Code Mode.' };
    }
  }

  readonly #beginWait: BeginWait = () => {
    this.#atPerson += 1;
    this.#port.onChange();
    return () => {
      this.#atPerson -= 1;
      this.#port.onChange();
    };
  };

  #flush(): void {
    const answers = this.#answers;
    this.#answers = [];
    let calls: AnsweredCall[] = [];
    let characters = 0;
    for (const call of answers) {
      calls.push(call);
      characters += call.answer.ok ? call.answer.json.length : 0;
      if (characters < ANSWERS_CHARACTERS) continue;
      this.#leave(calls);
      calls = [];
      characters = 0;
    }
    if (calls.length > 0) this.#leave(calls);
  }

  /** One frame after the other, each once it is written down. */
  #leave(calls: readonly AnsweredCall[]): void {
    this.#leaving = this.#leaving.then(async () => {
      const frame = { now: Math.round(this.#clock.now + performance.now() - this.#clock.at), calls };
      if (this.#open) await this.#note?.(frame);
      this.#sendIfOpen(frame);
      this.#unsent -= calls.length;
      this.#port.onChange();
    });
  }

  /** A run may end by what it is sent, when the worker reads none of it. */
  #sendIfOpen(frame: AnsweredFrame): void {
    if (this.#open) this.#port.send(frame);
  }
}
