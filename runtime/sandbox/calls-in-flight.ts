import type { Answer, FromWorker } from '../contract/guest-protocol.ts';
import type { Limits } from '../contract/limits.ts';
import type { BeginWait, BuiltInCall, CallAnswer, RunRequest } from '../contract/sandbox.ts';

type Call = Extract<FromWorker, { t: 'calls' }>['calls'][number];

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
  readonly #limit: number;
  readonly #room: number;
  readonly #send: (answers: readonly Answer[]) => void;
  readonly #onChange: () => void;
  readonly #bridge = new AbortController();
  /** Names of the calls without an answer, by number. */
  readonly #inFlight = new Map<number, string>();
  /** Those of them that the bridge was not asked yet. */
  #waiting: Call[] = [];
  /** How many calls wait for a person. */
  #atPerson = 0;
  #bytes = 0;
  #pace = FIRST_PACE;
  #isPaced = false;
  #answers: Answer[] = [];
  #last = 0;
  #open = true;
  #whenDone: (() => void) | undefined;

  /**
   * @param limits `calls` is how many may be in flight at once
   * @param send hands answers to the worker
   * @param onChange told when `isAtPerson` may have changed
   */
  constructor(
    ask: RunRequest['answer'],
    limits: Limits,
    send: (answers: readonly Answer[]) => void,
    onChange: () => void,
  ) {
    this.#ask = ask;
    this.#limit = limits.calls;
    this.#room = roomInFlight(limits);
    this.#send = send;
    this.#onChange = onChange;
  }

  /** How many there have been. */
  get made(): number {
    return this.#last;
  }

  /** Whether all that the program can wait for is a person. */
  get isAtPerson(): boolean {
    return this.#atPerson > 0 && this.#atPerson === this.#inFlight.size && this.#answers.length === 0;
  }

  /** Takes the calls of a frame. Answers what is wrong with them, if anything is. */
  receive(calls: readonly Call[]): string | undefined {
    for (const call of calls) {
      // An honest guest counts upwards and keeps the limits itself.
      if (call.call <= this.#last) return `call ${call.call} after call ${this.#last}`;
      if (this.#inFlight.size >= this.#limit) return `more than ${this.#limit} calls at once`;
      this.#bytes += Buffer.byteLength(call.json);
      if (this.#bytes > this.#room) return `more than ${this.#room} bytes of parameters at once`;
      this.#last = call.call;
      this.#inFlight.set(call.call, call.name);
      this.#waiting.push(call);
    }
    this.#onChange();
    if (!this.#isPaced) this.#askSome();
    return undefined;
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

  /** Tells the bridge that the run has ended. */
  revoke(): void {
    this.#open = false;
    this.#waiting = [];
    this.#bridge.abort();
  }

  /**
   * Asks the bridge a few of the calls, and the next few in the next turn of the event loop: fewer when a turn
   * took long. A backend that answers at once would else keep the loop until it has answered them all.
   */
  #askSome(): void {
    if (this.#waiting.length === 0) return;
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

  async #answer({ call, name, json }: Call): Promise<void> {
    const { ok, ...told } = await this.#askSafely(name, json);
    this.#inFlight.delete(call);
    this.#bytes -= Buffer.byteLength(json);
    if (this.#whenDone !== undefined && !this.#isBusy()) this.#whenDone();
    if (!this.#open) return;
    this.#answers.push({ call, ...told } as Answer);
    // The answers of one turn of the event loop leave together.
    if (this.#answers.length === 1) setImmediate(() => this.#flush());
  }

  /** The bridge never rejects; were it to, its words would not reach the guest. */
  async #askSafely(name: string, json: string): Promise<CallAnswer> {
    try {
      return await this.#ask({ name, json }, this.#bridge.signal, this.#beginWait);
    } catch {
      return { ok: false, code: 'INTERNAL_ERROR', message: 'The call failed inside Athena Code Mode.' };
    }
  }

  readonly #beginWait: BeginWait = () => {
    this.#atPerson += 1;
    this.#onChange();
    return () => {
      this.#atPerson -= 1;
      this.#onChange();
    };
  };

  #flush(): void {
    const answers = this.#answers;
    this.#answers = [];
    let frame: Answer[] = [];
    let characters = 0;
    for (const answer of answers) {
      frame.push(answer);
      characters += 'json' in answer ? answer.json.length : 0;
      if (characters < ANSWERS_CHARACTERS) continue;
      this.#sendIfOpen(frame);
      frame = [];
      characters = 0;
    }
    this.#sendIfOpen(frame);
    this.#onChange();
  }

  /** A run may end by what it is sent, when the worker reads none of it. */
  #sendIfOpen(frame: readonly Answer[]): void {
    if (this.#open && frame.length > 0) this.#send(frame);
  }
}
