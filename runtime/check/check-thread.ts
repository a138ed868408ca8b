import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { CheckOptions, FromCheckWorker, ToCheckWorker, TypesState, Verdict } from './check-protocol.ts';
import { nestedTooDeep } from './nesting.ts';
import { createDiagnostic, createPlaces } from './places.ts';
import type { TypeChecker } from './type-checker.ts';

interface Job {
  readonly code: string;
  readonly withTypes: boolean;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: Error) => void;
}

/** How long one check may take. A program takes 1 to 3 ms; only one made to be slow comes near. */
const CHECK_MS = 1_000;
/**
 * How long the thread may work on after that. Its processor time counts: on a busy machine it waits more than
 * it works, and to start the type checker anew takes a while too.
 */
const GRACE_MS = 500;
/** How long it may take in all, should it do nothing at all. */
const MOST_MS = 20_000;
const LOOK_EVERY_MS = 50;
/** Compiling collects its garbage rarely and may not take the machine's memory. */
const COMPILER_ENVIRONMENT = { GOGC: '400', GOMEMLIMIT: '1GiB' };
const MOST_HEAP_MB = 1_024;
/** Small: what one check leaves behind is garbage, and a large young heap would only be kept waiting. */
const MOST_YOUNG_HEAP_MB = 8;

/**
 * The thread that checks programs, one at a time, under a time limit: neither a type that never ends nor a
 * text that the parser chews on for minutes holds the server up.
 */
export class CheckThread {
  readonly #options: CheckOptions;
  readonly #queue: Job[] = [];
  #worker: Worker;
  #ready = Promise.withResolvers<void>();
  #types: TypesState = { kind: 'javascript', pid: undefined };
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #idle = false;
  /** Why no more programs are checked. */
  #ended: Error | undefined;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#worker = this.#start();
  }

  /** Resolves when the first program can be checked; rejects when the thread cannot start. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get typeChecker(): TypeChecker['kind'] {
    return this.#types.kind;
  }

  check(code: string): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#queue.push({ code, withTypes: true, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#end(new Error('The check was closed.'));
    await this.#stop();
  }

  #start(): Worker {
    const file = `./check-worker${extname(import.meta.url)}`;
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: this.#options,
      env: COMPILER_ENVIRONMENT,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB, maxYoungGenerationSizeMb: MOST_YOUNG_HEAP_MB },
    });
    worker.on('message', (message: FromCheckWorker) => this.#receive(message));
    worker.on('error', (error) => this.#fail(worker, error));
    return worker;
  }

  #next(): void {
    if (!this.#idle || this.#current !== undefined || this.#ended !== undefined) return;
    this.#current = this.#queue.shift();
    if (this.#current === undefined) return;
    const { code, withTypes } = this.#current;
    this.#worker.postMessage({ code, withTypes } satisfies ToCheckWorker);
    this.#timer = setTimeout(() => this.#endTypes(), CHECK_MS);
  }

  #receive(message: FromCheckWorker): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = undefined;
    this.#idle = true;
    if (message.t === 'failed') job?.reject(new Error(message.message));
    else {
      this.#types = { kind: message.kind, pid: message.pid };
      if (message.t === 'verdict') job?.resolve(message.verdict);
      else this.#ready.resolve();
    }
    this.#next();
  }

  /** Ends the type checker's process: its client in the thread sees the end, and answers without types. */
  #endTypes(): void {
    const { pid } = this.#types;
    if (pid !== undefined) endProcess(pid);
    void this.#replaceWhenStuck(this.#worker, this.#current);
  }

  async #replaceWhenStuck(worker: Worker, job: Job | undefined): Promise<void> {
    const started = performance.now();
    const before = await workedMs(worker);
    while (this.#worker === worker && this.#current === job) {
      const isStuck = (await workedMs(worker)) - before > GRACE_MS || performance.now() - started > MOST_MS;
      if (isStuck && this.#current === job) this.#replace();
      else await delay(LOOK_EVERY_MS, undefined, { ref: false });
    }
  }

  /** The thread itself is stuck, or died. In-thread types are left out next time; else the text is at fault. */
  #replace(): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = undefined;
    this.#idle = false;
    void this.#stop();
    this.#worker = this.#start();
    if (job === undefined) return;
    if (job.withTypes && this.#types.kind === 'javascript') this.#queue.unshift({ ...job, withTypes: false });
    else job.resolve(tooSlow(job.code));
  }

  #fail(worker: Worker, error: unknown): void {
    if (worker !== this.#worker || this.#ended !== undefined) return;
    if (this.#idle) this.#replace();
    else {
      // A thread that dies before it is ready would die again.
      const reason = error instanceof Error ? error : new Error(String(error));
      this.#end(reason);
      this.#ready.reject(reason);
    }
  }

  #end(reason: Error): void {
    this.#ended = reason;
    for (const job of [...(this.#current ? [this.#current] : []), ...this.#queue.splice(0)])
      job.reject(reason);
    this.#current = undefined;
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    const { pid } = this.#types;
    const worker = this.#worker;
    worker.removeAllListeners('message');
    if (pid !== undefined) endProcess(pid);
    await worker.terminate();
  }
}

/** The processor time that the thread has taken so far; none when it has ended. */
async function workedMs(worker: Worker): Promise<number> {
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1_000;
  } catch {
    return 0;
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function tooSlow(code: string): Verdict {
  const finding = nestedTooDeep(0, `The code could not be parsed within ${CHECK_MS} ms.`);
  const errors = [createDiagnostic(createPlaces(code), finding)];
  return { result: { ok: false, errors, warnings: [] }, typesChecked: false };
}
