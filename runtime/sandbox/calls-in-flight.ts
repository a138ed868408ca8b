import type { Answer, FromWorker } from '../contract/guest-protocol.ts';
import type { BuiltInCall, CallAnswer, RunRequest } from '../contract/sandbox.ts';

type Call = Extract<FromWorker, { t: 'calls' }>['calls'][number];

/** How long calls that a program did not wait for may still take once it has returned, in ms. */
const LATE_MS = 250;
/**
 * How many calls begin in one turn of the event loop; those that wait for something go on side by side. A
 * thousand at once would all hold their results at the same moment, ten gigabytes of them, and while they are
 * carried out one after another nobody else would be heard, not even the timer that ends the run.
 */
const BEGIN_IN_A_TURN = 8;
/** After a turn whose answers had this many characters together, the next call begins alone. */
const HEAVY_CHARACTERS = 1024 * 1024;
/** Answers leave in frames of about so many characters. All at once may be more than a string can be. */
const FRAME_CHARACTERS = 8 * 1024 * 1024;
const SLEEP: BuiltInCall = '@sleep';

/** The calls of one run on their way through the bridge, until the run ends and the bridge is revoked. */
export class CallsInFlight {
  readonly #ask: RunRequest['answer'];
  readonly #limit: number;
  readonly #send: (answers: readonly Answer[]) => void;
  readonly #bridge = new AbortController();
  readonly #inFlight = new Map<number, { readonly name: string; readonly answered: Promise<void> }>();
  /** Begin the calls that have not begun. */
  readonly #waiting: (() => void)[] = [];
  #begun = 0;
  #charactersInTurn = 0;
  #answers: Answer[] = [];
  #characters = 0;
  #last = 0;
  #open = true;

  /**
   * @param limit how many may be in flight at once
   * @param send hands answers to the worker
   */
  constructor(ask: RunRequest['answer'], limit: number, send: (answers: readonly Answer[]) => void) {
    this.#ask = ask;
    this.#limit = limit;
    this.#send = send;
  }

  /** How many there have been. */
  get made(): number {
    return this.#last;
  }

  /** Takes all calls of a frame. Answers what is wrong with them, if anything is. */
  receive(calls: readonly Call[]): string | undefined {
    for (const { call, name, json } of calls) {
      // An honest guest counts upwards and keeps the limit itself.
      if (call <= this.#last) return `call ${call} after call ${this.#last}`;
      if (this.#inFlight.size >= this.#limit) return `more than ${this.#limit} calls at once`;
      this.#last = call;
      this.#inFlight.set(call, { name, answered: this.#answer(call, name, json) });
    }
    return undefined;
  }

  /** The program has returned: nothing more is sent to it, but calls that it did not wait for may finish. */
  async finish(): Promise<void> {
    this.#open = false;
    const late = [...this.#inFlight.values()].filter(({ name }) => name !== SLEEP);
    if (late.length === 0) return;
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, LATE_MS);
    await Promise.race([Promise.all(late.map(({ answered }) => answered)), patience.promise]);
    clearTimeout(timer);
  }

  /** Tells the bridge that the run has ended. Calls that have not begun never will. */
  revoke(): void {
    this.#open = false;
    this.#waiting.length = 0;
    this.#bridge.abort();
  }

  async #answer(call: number, name: string, json: string): Promise<void> {
    if (name !== SLEEP) await this.#takeTurn();
    const answer = await this.#askSafely(name, json);
    this.#inFlight.delete(call);
    if (!this.#open) return;
    const { ok, ...told } = answer;
    this.#answers.push({ call, ...told });
    const { length } = answer.ok ? answer.json : answer.message;
    this.#characters += length;
    this.#charactersInTurn += length;
    if (this.#characters >= FRAME_CHARACTERS) this.#flush();
    // All answers of one turn of the event loop leave together.
    else if (this.#answers.length === 1) setImmediate(() => this.#flush());
  }

  /** Resolves at once while the turn has room, else in one of the next turns, in order. */
  #takeTurn(): Promise<void> | undefined {
    if (this.#begun === 0) setImmediate(() => this.#nextTurn());
    this.#begun += 1;
    if (this.#begun <= BEGIN_IN_A_TURN && this.#waiting.length === 0) return undefined;
    return new Promise((begin) => this.#waiting.push(begin));
  }

  #nextTurn(): void {
    const next = this.#waiting.splice(0, this.#charactersInTurn < HEAVY_CHARACTERS ? BEGIN_IN_A_TURN : 1);
    this.#charactersInTurn = 0;
    this.#begun = next.length + this.#waiting.length;
    if (this.#begun > 0) setImmediate(() => this.#nextTurn());
    for (const begin of next) begin();
  }

  /** The bridge never rejects; were it to, its words would not reach the guest. */
  async #askSafely(name: string, json: string): Promise<CallAnswer> {
    try {
      return await this.#ask({ name, json }, this.#bridge.signal);
    } catch {
      return { ok: false, code: 'INTERNAL_ERROR', message: 'The call failed inside Athena Code Mode.' };
    }
  }

  #flush(): void {
    if (!this.#open || this.#answers.length === 0) return;
    const answers = this.#answers;
    this.#answers = [];
    this.#characters = 0;
    this.#send(answers);
  }
}
