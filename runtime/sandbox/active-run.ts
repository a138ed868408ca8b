import type { Answer, FromWorker, LogLimit, ToWorker } from '../contract/guest-protocol.ts';
import type { Limits } from '../contract/limits.ts';
import {
  type AnsweredCall,
  type LogLine,
  type RunEnd,
  type RunRequest,
  SERVER_ENDS,
} from '../contract/sandbox.ts';
import { CallsInFlight, roomInFlight } from './calls-in-flight.ts';
import { placeError } from './position.ts';
import { RestWatch } from './rest-watch.ts';
import { RunClock } from './run-clock.ts';
import { CANCELLED, CLOSING, explainThrown, type Stop, stopForDivergence, stopForTime } from './stop.ts';

/** How a run ended, without its log and what it took. */
type Ending =
  | Pick<Extract<RunEnd, { kind: 'returned' }>, 'kind' | 'json'>
  | Pick<Extract<RunEnd, { kind: 'threw' }>, 'kind' | 'error'>
  | ({ readonly kind: 'stopped' } & Stop);

type RunFrame = Exclude<FromWorker, { t: 'ready' }>;
type DoneFrame = Extract<FromWorker, { t: 'done' }>;

/** What a run needs of the worker that holds it. */
export interface RunPort {
  readonly send: (frame: ToWorker) => void;
  /** Kills the worker: the only way to stop a program. */
  readonly kill: (reason: string) => void;
}

/** A worker that dies so soon after it was handed a run, in ms, without a word of it, was dead already. */
const DEAD_MS = 1_000;

/** One run, seen from the parent: answers its calls, keeps its log, and has exactly one end. */
export class ActiveRun {
  readonly #whenEnded = Promise.withResolvers<RunEnd>();
  readonly end: Promise<RunEnd> = this.#whenEnded.promise;
  readonly #number: number;
  readonly #request: RunRequest;
  readonly #limits: Limits;
  readonly #port: RunPort;
  readonly #waitedMs: number;
  readonly #startedAt = performance.now();
  readonly #clock: RunClock;
  readonly #rest: RestWatch;
  readonly #calls: CallsInFlight;
  readonly #logs: LogLine[] = [];
  readonly #cancel = (): void => this.stop(this.#request.signal.reason === SERVER_ENDS ? CLOSING : CANCELLED);
  #logBytes = 0;
  #logLimit: LogLimit | undefined;
  #droppedLogs = 0;
  #started = false;
  #wasHeard = false;
  #neverBegun = false;
  #ending: Ending | undefined;

  constructor(number: number, request: RunRequest, waitedMs: number, limits: Limits, port: RunPort) {
    this.#number = number;
    this.#request = request;
    this.#waitedMs = waitedMs;
    this.#limits = limits;
    this.#port = port;
    this.#clock = new RunClock(request.timeoutMs, () => this.stop(stopForTime(request.timeoutMs)));
    this.#rest = new RestWatch(
      (question) => port.send({ t: 'rest', run: number, question }),
      (isAtRest) => (isAtRest ? this.#clock.pause() : this.#clock.resume()),
    );
    this.#calls = new CallsInFlight(request, limits, {
      send: ({ now, calls }) =>
        port.send({ t: 'answers', run: number, now, answers: calls.map(writeAnswer) }),
      onDivergence: (difference) => this.stop(stopForDivergence(difference)),
      onChange: () => this.#lookForRest(),
    });
  }

  get isOver(): boolean {
    return this.#ending !== undefined;
  }

  /** Whether the worker died before it began with this run: nothing has come of it, so it may run elsewhere. */
  get neverBegun(): boolean {
    return this.#neverBegun;
  }

  /** Sends the program to the worker; from now on its time counts. */
  start(): void {
    const { signal, program, operations, seed, now } = this.#request;
    if (signal.aborted) {
      this.stop(CANCELLED);
      return;
    }
    signal.addEventListener('abort', this.#cancel);
    this.#clock.start();
    this.#started = true;
    const { calls, callRequestBytes, resultBytes, jsonDepth, logLines, logBytes } = this.#limits;
    const bytesInFlight = roomInFlight(this.#limits);
    const limits = { calls, callRequestBytes, bytesInFlight, resultBytes, jsonDepth, logLines, logBytes };
    const { source, skills = [] } = program;
    const texts = skills.map((skill) => ({ name: skill.name, source: skill.source }));
    this.#port.send({ t: 'run', run: this.#number, source, skills: texts, operations, seed, now, limits });
  }

  /** Takes a frame of this run. Answers what is wrong with it, if anything is. */
  receive(frame: RunFrame): string | undefined {
    if (this.#ending !== undefined) return 'a frame after the end of the run';
    this.#wasHeard = true;
    switch (frame.t) {
      case 'calls':
        return this.#calls.receive(frame.calls);
      case 'rest':
        return this.#rest.receive(frame.question);
      case 'logs':
        if (this.#logLimit !== undefined) return 'a log line after the log was cut';
        this.#logLimit = frame.cut;
        return this.#keepLines(frame.lines);
      case 'done':
        void this.#finish(frame);
        return undefined;
      default:
        return frame satisfies never;
    }
  }

  /** Ends the run from outside, and its worker. The first cause wins: nothing happens when the run is over. */
  stop(stop: Stop): void {
    if (this.#ending !== undefined) return;
    const isAtOnce = performance.now() - this.#startedAt < DEAD_MS;
    this.#neverBegun = stop.code === 'WORKER_LOST' && !this.#wasHeard && isAtOnce;
    const ending = this.#conclude({ kind: 'stopped', ...stop });
    this.#port.kill(stop.code);
    this.#settle(ending);
  }

  /** Time stands still while the program can do nothing before a person has decided. */
  #lookForRest(): void {
    if (this.#ending !== undefined) return;
    if (this.#calls.isAtPerson) this.#rest.begin();
    else this.#rest.end();
  }

  async #finish(frame: DoneFrame): Promise<void> {
    const missing = this.#calls.missing();
    if (missing !== undefined) {
      this.stop(stopForDivergence(missing));
      return;
    }
    const ending = this.#conclude(this.#endingOf(frame));
    this.#droppedLogs = frame.droppedLogs;
    await this.#calls.finish();
    this.#settle(ending);
  }

  #conclude(ending: Ending): Ending {
    this.#ending = ending;
    this.#rest.end();
    this.#clock.stop();
    this.#request.signal.removeEventListener('abort', this.#cancel);
    return ending;
  }

  #settle(ending: Ending): void {
    const end = this.#describeEnd(ending);
    void this.#calls.revoke().then(() => this.#whenEnded.resolve(end));
  }

  #describeEnd(ending: Ending): RunEnd {
    return {
      ...ending,
      started: this.#started && !this.#isUnread(ending),
      logs: this.#logs,
      ...(this.#logLimit !== undefined && {
        logLimit: { name: this.#logLimit, value: this.#limits[this.#logLimit] },
      }),
      droppedLogs: this.#droppedLogs,
      waitedMs: this.#waitedMs + this.#clock.stoodMs,
      ranMs: performance.now() - this.#startedAt - this.#clock.stoodMs,
    };
  }

  #endingOf({ end }: DoneFrame): Ending {
    if ('error' in end) {
      const error = explainThrown(end.error, this.#limits);
      return { kind: 'threw', error: placeError(error, this.#request.program) };
    }
    if ('refused' in end) {
      const { refused: code, ...told } = end;
      return { kind: 'stopped', code, ...told };
    }
    return { kind: 'returned', json: end.json };
  }

  /** Whether the program could not even be evaluated. One that has called or said something was. */
  #isUnread(ending: Ending): boolean {
    const unreadable = ending.kind === 'threw' && ending.error.code === 'SYNTAX_ERROR';
    return unreadable && this.#calls.made === 0 && this.#logs.length === 0;
  }

  /** Answers what is wrong: an honest guest keeps the limits of the log itself. */
  #keepLines(lines: readonly LogLine[]): string | undefined {
    for (const line of lines) {
      this.#logBytes += Buffer.byteLength(line.text);
      if (this.#logs.length >= this.#limits.logLines) return `more than ${this.#limits.logLines} log lines`;
      if (this.#logBytes > this.#limits.logBytes) return `more than ${this.#limits.logBytes} bytes of log`;
      this.#logs.push(line);
    }
    return undefined;
  }
}

function writeAnswer({ number: call, answer }: AnsweredCall): Answer {
  if (answer.ok) return { call, json: answer.json };
  const { ok: _, ...refusal } = answer;
  return { call, ...refusal };
}
