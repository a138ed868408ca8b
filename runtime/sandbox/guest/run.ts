import type { FromWorker, LogLimit, ToWorker } from '../../contract/guest-protocol.ts';
import type { CallRefusal, LogLevel } from '../../contract/sandbox.ts';
import { Outbox } from './outbox.ts';
import type { Powers } from './powers.ts';
import { wrapProgram, wrapSkill } from './program-text.ts';
import type { CreateScope, Scope } from './scope.ts';

/** Evaluates texts, all in one Compartment. */
export type Evaluate = (source: string) => unknown;

/** Where programs are evaluated: each in a Compartment of its own. */
export interface Realm {
  readonly createScope: CreateScope;
  readonly open: (globals: Readonly<Record<string, unknown>>) => Evaluate;
  readonly locate: (error: unknown) => string;
}

type RunFrame = Extract<ToWorker, { t: 'run' }>;
type LaterFrame = Extract<ToWorker, { t: 'answers' | 'rest' }>;

/** One run inside the worker: its scope, its calls in flight, its log. */
export class Run {
  readonly number: number;
  ended = false;
  readonly #frame: RunFrame;
  readonly #powers: Powers;
  readonly #realm: Realm;
  readonly #scope: Scope;
  #evaluate: Evaluate | undefined;
  readonly #inFlight = new Map<number, (answer: string) => void>();
  readonly #outbox: Outbox;
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
    this.#outbox = new Outbox(frame.limits);
    this.#scope = realm.createScope({
      roots: powers.roots,
      operations: frame.operations,
      skills: frame.skills.map(({ name }) => name),
      loadSkill: (name) => this.#loadSkill(name),
      seed: frame.seed,
      now: frame.now,
      resultBytes: frame.limits.resultBytes,
      jsonDepth: frame.limits.jsonDepth,
      call: (name, json) => this.#call(name, json),
      log: (level, text) => this.#log(level, text),
      locate: realm.locate,
      byteLength: powers.byteLength,
    });
  }

  /** Runs the program to its end and reports it. */
  async start(): Promise<void> {
    const source = wrapProgram(this.#frame.source);
    const end = await this.#scope.execute(() => {
      this.#evaluate = this.#realm.open(this.#scope.globals);
      return this.#evaluate(source);
    });
    this.flush();
    this.ended = true;
    this.#send({ t: 'done', run: this.number, end: JSON.parse(end), droppedLogs: this.#droppedLogs });
  }

  receive(frame: LaterFrame): void {
    if (frame.t === 'rest') {
      // A frame is read once all work of the turn before is done, and its calls have left.
      if (!this.ended) this.#send(frame);
      return;
    }
    this.#scope.advance(frame.now);
    for (const { call, ...answer } of frame.answers) {
      const resolve = this.#inFlight.get(call);
      this.#inFlight.delete(call);
      this.#outbox.answered(call);
      resolve?.('json' in answer ? `+${answer.json}` : refusal(answer));
    }
  }

  /** Sends the calls made since the last time. */
  flush(): void {
    if (this.ended) return;
    for (const calls of this.#outbox.take()) this.#send({ t: 'calls', run: this.number, calls });
  }

  rejected(reason: unknown): void {
    if (!this.ended) this.#scope.rejected(reason);
  }

  /** In the program's own Compartment: a skill has its powers and no others. */
  #loadSkill(wanted: string): unknown {
    const skill = this.#frame.skills.find(({ name }) => name === wanted);
    return skill && this.#evaluate?.(wrapSkill(skill.name, skill.source));
  }

  #call(name: string, json: string): Promise<string> {
    // Late work of a run that has ended: its call is never answered.
    if (this.ended) return new Promise(() => {});
    const { calls, callRequestBytes } = this.#frame.limits;
    const bytes = this.#powers.byteLength(json);
    if (bytes > callRequestBytes) {
      const message = `${name.replace(/^@/, '')}: the parameters are ${bytes} bytes as JSON, more than limit callRequestBytes (${callRequestBytes}). Send less in one call.`;
      const limit = { name: 'callRequestBytes', value: callRequestBytes } as const;
      return Promise.resolve(refusal({ code: 'CALL_TOO_LARGE', message, limit }));
    }
    const isOperation = !name.startsWith('@');
    const isSpent = isOperation && this.#operationCalls >= calls;
    if (isSpent || this.#inFlight.size >= calls) {
      const message = isSpent
        ? `The run has made ${calls} calls, which is limit calls (${calls}). Ask for more in each call, or split the work over several runs.`
        : `The run waits for ${calls} calls at once, which is limit calls (${calls}). Await some of them before making more.`;
      const limit = { name: 'calls', value: calls } as const;
      return Promise.resolve(refusal({ code: 'CALL_LIMIT', message, limit }));
    }
    this.#lastCall += 1;
    if (isOperation) this.#operationCalls += 1;
    const call = this.#lastCall;
    this.#outbox.put({ call, name, json }, bytes);
    if (this.#outbox.isFull) this.flush();
    return new Promise((resolve) => {
      this.#inFlight.set(call, resolve);
    });
  }

  #log(level: LogLevel, text: string): void {
    if (this.ended) return;
    const bytes = this.#powers.byteLength(text);
    const cut = this.#droppedLogs > 0 ? undefined : this.#logLimitHitBy(bytes);
    // Told at once, since a run that is killed has no end to tell it in.
    if (cut !== undefined) this.#send({ t: 'logs', run: this.number, lines: [], cut });
    // Once one line was dropped, all later ones are: a log has no holes.
    if (cut !== undefined || this.#droppedLogs > 0) {
      this.#droppedLogs += 1;
      return;
    }
    this.#logLines += 1;
    this.#logBytes += bytes;
    // At once, so that a run killed in a loop still shows what it said before.
    this.#send({ t: 'logs', run: this.number, lines: [{ level, text }] });
  }

  #logLimitHitBy(bytes: number): LogLimit | undefined {
    const { logLines, logBytes } = this.#frame.limits;
    if (this.#logLines >= logLines) return 'logLines';
    return this.#logBytes + bytes > logBytes ? 'logBytes' : undefined;
  }

  #send(frame: FromWorker): void {
    this.#powers.send(JSON.stringify(frame));
  }
}

function refusal(told: CallRefusal): string {
  return `-${JSON.stringify(told)}`;
}
