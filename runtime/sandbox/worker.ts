import type { FromWorker, ToWorker } from '../contract/guest-protocol.ts';
import type { Limits } from '../contract/limits.ts';
import type { RunEnd, RunRequest } from '../contract/sandbox.ts';
import { ActiveRun } from './active-run.ts';
import type { Confinement } from './confinement.ts';
import type { SandboxEvent } from './event.ts';
import { encodeFrame, FrameDecoder } from './frames.ts';
import { frameCap, readFromWorker } from './from-worker.ts';
import { limitProcess } from './process-limits.ts';
import { findWorkerPid, killWorker, spawnWorker, type WorkerProcess } from './spawn-worker.ts';
import { type Death, describeDeath, stopForDeath, stopForMemory } from './stop.ts';
import { yieldToOthers } from './yield-to-others.ts';

/** What all workers of a sandbox share. */
export interface WorkerKind {
  readonly confinement: Confinement;
  /** The guest, as the frame that a new worker reads first. */
  readonly guest: Buffer;
  /** The names that programs reach operations by. */
  readonly roots: readonly string[];
  readonly limits: Limits;
  readonly onEvent: (event: SandboxEvent) => void;
}

/** What came of a run in one worker. */
export interface WorkerRun {
  readonly end: RunEnd;
  /** The worker was dead already: the run may be tried in another. */
  readonly neverBegun: boolean;
}

const START_MS = 10_000;
/** How long a worker may take to fall silent after a run; one that takes longer still runs what was left behind. */
const QUIET_MS = 250;
const HAUNTED = 'a frame of an earlier run';
const MB = 1024 * 1024;
/** How much of what a worker says beside the protocol is kept, and how much it may say: the guest says nothing there. */
const STDERR_CHARACTERS = 16_384;
const MOST_STDERR_CHARACTERS = MB;

/**
 * One confined process, from its start to its death. It serves one tenant and never passes to another.
 * Whatever it sends is hostile.
 */
export class Worker {
  /** Resolves to undefined once the worker is locked down and limited, or to why it never was. */
  readonly ready: Promise<string | undefined>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  runs = 0;
  readonly #kind: WorkerKind;
  readonly #process: WorkerProcess;
  readonly #decoder: FrameDecoder;
  readonly #startedAt = performance.now();
  readonly #onEnd: (worker: Worker) => void;
  readonly #whenReady = Promise.withResolvers<string | undefined>();
  #pid: number;
  #isReady = false;
  #isEnded = false;
  #isHaunted = false;
  #run: ActiveRun | undefined;
  #quiet = Promise.withResolvers<void>();
  #reason: string | undefined;
  #stderr = '';
  #said = 0;

  /** @param onEnd called once, when the worker can be used no more */
  constructor(kind: WorkerKind, onEnd: (worker: Worker) => void) {
    this.#kind = kind;
    this.#onEnd = onEnd;
    this.#decoder = new FrameDecoder(frameCap(kind.limits));
    this.ready = this.#whenReady.promise;
    this.#process = spawnWorker(kind.confinement, kind.roots);
    this.#pid = this.#process.pid ?? 0;
    this.gone = this.#listen();
    this.#process.stdin.write(kind.guest);
    const timer = setTimeout(() => this.end(`not ready after ${START_MS} ms`), START_MS);
    void this.ready.then(() => clearTimeout(timer));
  }

  get pid(): number {
    return this.#pid;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /**
   * Runs a program. Only for a worker that is ready and free. Resolves once the worker is free again or has
   * ended; never rejects.
   * @param areThereOthers whether other tenants have workers now
   */
  async run(request: RunRequest, waitedMs: number, areThereOthers: () => boolean): Promise<WorkerRun> {
    this.runs += 1;
    this.#quiet = Promise.withResolvers();
    const run = new ActiveRun(this.runs, request, waitedMs, this.#kind.limits, {
      send: (frame) => this.#send(frame),
      kill: (reason) => this.end(reason),
    });
    this.#run = run;
    if (this.#isEnded) run.stop(stopForDeath({ code: null, signal: null, stderr: '' }, this.#kind.limits));
    else run.start();
    const endWatch = yieldToOthers(this.#pid, areThereOthers);
    const end = await run.end;
    const gaveWay = endWatch();
    const timer = setTimeout(() => this.end('work left behind by its run'), QUIET_MS);
    await this.#quiet.promise;
    clearTimeout(timer);
    if (this.#isHaunted) this.end(HAUNTED);
    if (gaveWay) this.end('its priority was lowered');
    this.#run = undefined;
    return { end, neverBegun: run.neverBegun };
  }

  /** Kills the process. */
  end(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#reason = reason;
    killWorker(this.#process, this.#isReady ? this.#pid : undefined);
    this.#process.stdin.destroy();
    this.#whenReady.resolve(reason);
    this.#quiet.resolve();
    this.#onEnd(this);
  }

  #listen(): Promise<void> {
    const gone = Promise.withResolvers<void>();
    const child = this.#process;
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS);
      this.#said += text.length;
      if (this.#said > MOST_STDERR_CHARACTERS && !this.#isEnded) this.#violate('a flood on standard error');
    });
    // A process that cannot be started is closed as well.
    child.on('error', (error) => {
      this.#stderr += error.message;
    });
    // `close` rather than `exit`: what the worker sent before it died still counts.
    child.on('close', (code, signal) => {
      this.#die({ code, signal, stderr: this.#stderr });
      gone.resolve();
    });
    return gone.promise;
  }

  #die(death: Death): void {
    this.end(describeDeath(death));
    this.#run?.stop(stopForDeath(death, this.#kind.limits));
    const { pid, runs } = this;
    this.#kind.onEvent({ kind: 'worker-ended', pid, runs, reason: this.#reason ?? '', stderr: this.#stderr });
  }

  #receive(chunk: Buffer): void {
    if (this.#isEnded) return;
    const { frames, violation } = this.#decoder.push(chunk);
    for (const bytes of frames) {
      if (this.#isEnded) return;
      const frame = readFromWorker(bytes);
      const wrong = frame === undefined ? 'bytes that are no frame' : this.#receiveFrame(frame);
      if (wrong !== undefined) this.#violate(wrong);
    }
    if (violation !== undefined) this.#violate(violation);
  }

  /** Answers what is wrong with the frame, if anything is. */
  #receiveFrame(frame: FromWorker): string | undefined {
    const run = this.#run;
    if (frame.t === 'ready') {
      if (!this.#isReady) void this.#becomeReady();
      else if (run?.isOver !== true) return 'ready while it is not';
      else this.#quiet.resolve();
      return undefined;
    }
    if (frame.run === this.runs && run !== undefined) return run.receive(frame);
    if (frame.run > this.runs) return `a frame of run ${frame.run} in run ${this.runs}`;
    // An earlier run still lives. The run that is here now may finish; there will be no other after it.
    this.#isHaunted = true;
    if (run === undefined) this.end(HAUNTED);
    return undefined;
  }

  /** No honest guest does this, so the worker is in the hands of its program. */
  #violate(what: string): void {
    const message = `The worker sent something that it must not send (${what}) and was killed.`;
    this.#run?.stop({ code: 'PROTOCOL_VIOLATION', message });
    this.end(`PROTOCOL_VIOLATION: ${what}`);
  }

  async #becomeReady(): Promise<void> {
    this.#isReady = true;
    const { confinement, limits, onEvent } = this.#kind;
    this.#pid = findWorkerPid(this.#process);
    const failure = await limitProcess(confinement, this.#pid, limits);
    if (failure !== undefined) return this.end(failure);
    if (this.#isEnded) return;
    onEvent({ kind: 'worker-ready', pid: this.#pid, startMs: performance.now() - this.#startedAt });
    this.#whenReady.resolve(undefined);
  }

  #send(frame: ToWorker): void {
    if (this.#isEnded) return;
    this.#process.stdin.write(encodeFrame(JSON.stringify(frame)));
    const { heapMb, externalMb } = this.#kind.limits;
    // It does not read, and could not hold, what waits for it.
    if (this.#process.stdin.writableLength > (heapMb + externalMb) * MB) {
      this.#run?.stop(stopForMemory(this.#kind.limits));
    }
  }
}
