import type { Answer, FromWorker } from '../contract/guest-protocol.ts';
import type { BuiltInCall, CallAnswer, RunRequest } from '../contract/sandbox.ts';

type Call = Extract<FromWorker, { t: 'calls' }>['calls'][number];

/** How long calls that a program did not wait for may still take once it has returned, in ms. */
const LATE_MS = 250;
const SLEEP: BuiltInCall = '@sleep';

/** The calls of one run on their way through the bridge, until the run ends and the bridge is revoked. */
export class CallsInFlight {
  readonly #ask: RunRequest['answer'];
  readonly #limit: number;
  readonly #send: (answers: readonly Answer[]) => void;
  readonly #bridge = new AbortController();
  readonly #inFlight = new Map<number, { readonly name: string; readonly answered: Promise<void> }>();
  #answers: Answer[] = [];
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

  /** Starts all calls of a frame at once. Answers what is wrong with them, if anything is. */
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

  /** Tells the bridge that the run has ended. */
  revoke(): void {
    this.#open = false;
    this.#bridge.abort();
  }

  async #answer(call: number, name: string, json: string): Promise<void> {
    const answer = await this.#askSafely(name, json);
    this.#inFlight.delete(call);
    if (!this.#open) return;
    const { ok, ...told } = answer;
    this.#answers.push({ call, ...told });
    // All answers of one turn of the event loop leave together.
    if (this.#answers.length === 1) setImmediate(() => this.#flush());
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
    if (!this.#open) return;
    const answers = this.#answers;
    this.#answers = [];
    this.#send(answers);
  }
}
