import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CheckBudget } from './check-budget.ts';
import type {
  CheckOptions,
  CheckTask,
  FromCheckWorker,
  ToCheckWorker,
  TypesState,
  Verdict,
} from './check-protocol.ts';
import { nestedTooDeep } from './nesting.ts';
import { createDiagnostic, createPlaces, type Finding } from './places.ts';
import type { TypeChecker } from './type-checker.ts';

interface Job {
  readonly task: CheckTask;
  readonly withTypes: boolean;
  /** Whose time it takes; left out: nobody's. */
  readonly principal: string | undefined;
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
/** How long the type checker may take to open anew. */
const MEND_MS = 10_000;
/** How long it may take in all, should it do nothing at all. */
const MOST_MS = 20_000;
const LOOK_EVERY_MS = 50;
/** How long it may take to end by itself. */
const END_MS = 1_000;
/** Compiling collects its garbage rarely and may not take the machine's memory. */
const COMPILER_ENVIRONMENT = { GOGC: '400', GOMEMLIMIT: '1GiB' };
const TOO_SLOW = nestedTooDeep(0, `The code could not be parsed within ${CHECK_MS} ms.`);
const CLOSING: Finding = { code: 'SANDBOX_UNAVAILABLE', start: 0, message: 'The server is shutting down.' };
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
  readonly #budget = new CheckBudget();
  #worker: Worker;
  #ready = Promise.withResolvers<void>();
  #types: TypesState = { kind: 'javascript', pid: undefined };
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Who has kept the thread busy, and since when: until it can check again. */
  #use: { readonly principal: string | undefined; readonly since: number } | undefined;
  #rest: NodeJS.Timeout | undefined;
  /** Whether the thread has come up. */
  #isUp = false;
  /** Whether its type checker is being opened anew. */
  #isMending = false;
  /** Once no more programs are checked: how those end that are asked for all the same. */
  #ended: ((job: Job) => void) | undefined;

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

  /** @param principal whose program it is: each has its share of the thread's time */
  check(task: CheckTask, principal?: string): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      const job = { task, withTypes: true, principal, resolve, reject };
      if (this.#ended !== undefined) return this.#ended(job);
      this.#queue.push(job);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#end((job) => job.resolve(refuse(job, CLOSING)));
    const worker = this.#worker;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    this.#endCompiler();
    worker.postMessage('end' satisfies ToCheckWorker);
    await Promise.race([ended, delay(END_MS, undefined, { ref: false })]);
    await this.#stop();
  }

  #start(): Worker {
    const file = `./check-worker${extname(import.meta.url)}`;
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: this.#options,
      env: COMPILER_ENVIRONMENT,
      // Node would look through the nine megabytes of the TypeScript compiler for a module's syntax.
      execArgv: ['--no-experimental-detect-module'],
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB, maxYoungGenerationSizeMb: MOST_YOUNG_HEAP_MB },
    });
    worker.on('message', (message: FromCheckWorker) => this.#receive(message));
    worker.on('error', (error) => this.#fail(worker, error));
    return worker;
  }

  #next(): void {
    const isFree = this.#isUp && !this.#isMending && this.#current === undefined;
    if (!isFree || this.#ended !== undefined) return;
    const job = this.#take();
    if (job === undefined) return;
    const { task, principal } = job;
    const withTypes = job.withTypes && (principal === undefined || this.#budget.hasTypes(principal));
    this.#current = { ...job, withTypes };
    this.#use = { principal, since: performance.now() };
    this.#worker.postMessage({ task, withTypes } satisfies ToCheckWorker);
    this.#timer = setTimeout(() => this.#endTypes(), CHECK_MS);
  }

  /** The first job of the principal that has used the least, if it has time left: nobody waits behind another's bombs. */
  #take(): Job | undefined {
    clearTimeout(this.#rest);
    const ask = (count: (principal: string) => number): readonly number[] =>
      this.#queue.map(({ principal }) => (principal === undefined ? 0 : count(principal)));
    const uses = ask((principal) => this.#budget.usedMs(principal));
    const rests = ask((principal) => this.#budget.restMs(principal));
    const at = uses.indexOf(Math.min(...uses));
    if (rests[at] === 0) return this.#queue.splice(at, 1)[0];
    if (rests.length > 0) this.#rest = setTimeout(() => this.#next(), Math.min(...rests));
    return undefined;
  }

  #receive(message: FromCheckWorker): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = undefined;
    this.#isUp = true;
    this.#isMending = message.t === 'verdict' && !message.isReady;
    if (this.#isMending) this.#timer = setTimeout(() => this.#replace(), MEND_MS);
    else this.#settleUse();
    if (message.t === 'failed') job?.reject(new Error(message.message));
    else {
      this.#types = { kind: message.kind, pid: message.pid };
      if (message.t === 'verdict') job?.resolve(message.verdict);
      else this.#ready.resolve();
    }
    this.#next();
  }

  #settleUse(): void {
    const { principal, since } = this.#use ?? {};
    this.#use = undefined;
    if (principal !== undefined && since !== undefined)
      this.#budget.add(principal, performance.now() - since);
  }

  /** Ends the type checker's process: its client in the thread sees the end, and answers without types. */
  #endTypes(): void {
    const { pid } = this.#types;
    if (pid !== undefined && this.#current?.withTypes === true) endProcess(pid);
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

  /** The thread itself is stuck, or died. Types are left out next time; when it is stuck again, the text is at fault. */
  #replace(): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = undefined;
    this.#isUp = false;
    this.#isMending = false;
    void this.#stop();
    this.#worker = this.#start();
    if (job === undefined) return;
    if (job.withTypes) this.#queue.unshift({ ...job, withTypes: false });
    else job.resolve(refuse(job, TOO_SLOW));
  }

  #fail(worker: Worker, error: unknown): void {
    if (worker !== this.#worker || this.#ended !== undefined) return;
    if (this.#isUp) this.#replace();
    else {
      // A thread that dies before it is ready would die again.
      const reason = error instanceof Error ? error : new Error(String(error));
      this.#end((job) => job.reject(reason));
      this.#ready.reject(reason);
    }
  }

  #end(endJob: (job: Job) => void): void {
    this.#ended = endJob;
    clearTimeout(this.#rest);
    const jobs = [...(this.#current ? [this.#current] : []), ...this.#queue.splice(0)];
    this.#current = undefined;
    for (const job of jobs) endJob(job);
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    worker.removeAllListeners('message');
    this.#endCompiler();
    await worker.terminate();
  }

  #endCompiler(): void {
    const { pid } = this.#types;
    if (pid !== undefined) endProcess(pid);
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

function refuse({ task }: Job, finding: Finding): Verdict {
  const errors = [createDiagnostic(createPlaces(task.code), finding)];
  return { result: { ok: false, errors, warnings: [] }, typesChecked: false };
}
