import type { ErrorCode } from '../../contract/error-codes.ts';
import type { FromWorker, ToWorker } from '../../contract/guest-protocol.ts';
import type { LogLevel } from '../../contract/sandbox.ts';
import type { Powers } from './powers.ts';
import { wrapProgram } from './program-text.ts';
import type { CreateScope, Scope } from './scope.ts';

/** Where programs are evaluated: each in a Compartment of its own. */
export interface Realm {
  readonly createScope: CreateScope;
  readonly evaluate: (source: string, globals: Readonly<Record<string, unknown>>) => unknown;
  readonly locate: (error: unknown) => string;
}

type RunFrame = Extract<ToWorker, { t: 'run' }>;
type AnswersFrame = Extract<ToWorker, { t: 'answers' }>;
type Call = Extract<FromWorker, { t: 'calls' }>['calls'][number];

/** One run inside the worker: its scope, its calls in flight, its log. */
export class Run {
  readonly number: number;
  ended = false;
  readonly #frame: RunFrame;
  readonly #powers: Powers;
  readonly #realm: Realm;
  readonly #scope: Scope;
  readonly #inFlight = new Map<number, (answer: string) => void>();
  #outbox: Call[] = [];
  #outboxBytes = 0;
  #lastCall = 0;
  #operationCalls = 0;
  #logLines = 0;
  #logBytes = 0;
  #droppedLogs = 0;

  constructor(frame: RunFrame, powers: Powers, realm: Realm) {
    this.number = frame.run;
    this.#frame = frame;
    this.#powers = powers;
    this.#realm = realm;
    this.#scope = realm.createScope({
      rootName: powers.rootName,
      operations: frame.operations,
      seed: frame.seed,
      now: frame.now,
      resultBytes: frame.limits.resultBytes,
      call: (name, json) => this.#call(name, json),
      log: (level, text) => this.#log(level, text),
      locate: realm.locate,
      byteLength: powers.byteLength,
    });
  }

  /** Runs the program to its end and reports it. */
  async start(): Promise<void> {
    const source = wrapProgram(this.#frame.source);
    const end = await this.#scope.execute(() => this.#realm.evaluate(source, this.#scope.globals));
    this.flush();
    this.ended = true;
    this.#send({ t: 'done', run: this.number, end: JSON.parse(end), droppedLogs: this.#droppedLogs });
  }

  receive(frame: AnswersFrame): void {
    this.#scope.advance(frame.now);
    for (const answer of frame.answers) {
      const resolve = this.#inFlight.get(answer.call);
      this.#inFlight.delete(answer.call);
      resolve?.('json' in answer ? `+${answer.json}` : refusal(answer.code, answer.message));
    }
  }

  /** Sends the calls made since the last time, in one frame. */
  flush(): void {
    if (this.#outbox.length === 0 || this.ended) return;
    const calls = this.#outbox;
    this.#outbox = [];
    this.#outboxBytes = 0;
    this.#send({ t: 'calls', run: this.number, calls });
  }

  rejected(reason: unknown): void {
    if (!this.ended) this.#scope.rejected(reason);
  }

  #call(name: string, json: string): Promise<string> {
    // Late work of a run that has ended: its call is never answered.
    if (this.ended) return new Promise(() => {});
    const { calls, callRequestBytes } = this.#frame.limits;
    const bytes = this.#powers.byteLength(json);
    if (bytes > callRequestBytes) {
      const message = `${name.replace(/^@/, '')}: the parameters are ${bytes} bytes as JSON, more than limit callRequestBytes (${callRequestBytes}). Send less in one call.`;
      return Promise.resolve(refusal('CALL_TOO_LARGE', message));
    }
    const isOperation = !name.startsWith('@');
    if (this.#inFlight.size >= calls || (isOperation && this.#operationCalls >= calls)) {
      const message = `The run has made ${calls} calls, which is limit calls (${calls}). Ask for more in each call, or split the work over several runs.`;
      return Promise.resolve(refusal('CALL_LIMIT', message));
    }
    if (this.#outboxBytes + bytes > callRequestBytes) this.flush();
    this.#lastCall += 1;
    if (isOperation) this.#operationCalls += 1;
    const call = this.#lastCall;
    this.#outbox.push({ call, name, json });
    this.#outboxBytes += bytes;
    return new Promise((resolve) => {
      this.#inFlight.set(call, resolve);
    });
  }

  #log(level: LogLevel, text: string): void {
    if (this.ended) return;
    const { logLines, logBytes } = this.#frame.limits;
    const bytes = this.#powers.byteLength(text);
    // Once one line was dropped, all later ones are: a log has no holes.
    if (this.#droppedLogs > 0 || this.#logLines >= logLines || this.#logBytes + bytes > logBytes) {
      this.#droppedLogs += 1;
      return;
    }
    this.#logLines += 1;
    this.#logBytes += bytes;
    // At once, so that a run killed in a loop still shows what it said before.
    this.#send({ t: 'logs', run: this.number, lines: [{ level, text }] });
  }

  #send(frame: FromWorker): void {
    this.#powers.send(JSON.stringify(frame));
  }
}

function refusal(code: ErrorCode, message: string): string {
  return `-${JSON.stringify({ code, message })}`;
}
