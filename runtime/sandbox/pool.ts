import { setTimeout as wait } from 'node:timers/promises';
import type { RunEnd, RunRequest, Tenant } from '../contract/sandbox.ts';
import { FairQueue } from './fair-queue.ts';
import { StartPause } from './start-pause.ts';
import { CANCELLED, CLOSING, neverStarted, type Stop, stopForNoWorker, stopForQueue } from './stop.ts';
import { Worker, type WorkerKind } from './worker.ts';

interface Waiting {
  readonly tenant: Tenant;
  /** Ends the wait: with a place, or with why there is none. */
  readonly settle: (refusal: Stop | undefined) => void;
}

/** How long after a tenant took a place a spare is started, in ms: not in the way of the run that took it. */
const REFILL_MS = 30;
/** In how many workers a run is tried that did not start in the ones before. */
const ATTEMPTS = 3;
/** How long a run waits until workers can be started again, in ms; if it takes longer, it is refused. */
const PATIENCE_MS = 500;

/**
 * The workers: at most `limits.workers` processes, each of one tenant from its first run to its death, and
 * one spare that is nobody's yet. A run first gets a place, then a worker for it.
 */
export class Pool {
  readonly #kind: WorkerKind;
  readonly #workers = new Set<Worker>();
  /** Tenants' workers with nothing to do, the longest idle first, and the timers that end them. */
  readonly #free = new Map<Worker, NodeJS.Timeout>();
  /** Workers that were killed and whose processes may still be there. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #tenants = new WeakMap<Worker, string>();
  readonly #places: FairQueue<Waiting>;
  readonly #running = new Set<Promise<unknown>>();
  readonly #pause = new StartPause();
  #spare: Worker | undefined;
  #refill: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(kind: WorkerKind) {
    this.#kind = kind;
    this.#places = new FairQueue(kind.limits.workers, kind.limits.queue);
    this.#prepareSpare();
  }

  /** Never rejects: every way to end is a `RunEnd`. */
  async run(request: RunRequest): Promise<RunEnd> {
    const run = this.#runInPlace(request);
    this.#running.add(run);
    return await run.finally(() => this.#running.delete(run));
  }

  /** Refuses new runs, lets running ones finish, then ends every worker. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#refill);
    for (const waiting of this.#places.clear()) waiting.settle(CLOSING);
    await Promise.all(this.#running);
    for (const worker of [...this.#workers]) worker.end('closing');
    await Promise.all(this.#leaving);
  }

  async #runInPlace(request: RunRequest): Promise<RunEnd> {
    const since = performance.now();
    const waitedMs = (): number => performance.now() - since;
    const refusal = await this.#findPlace(request);
    if (refusal !== undefined) return neverStarted(refusal, waitedMs());
    try {
      return await this.#runInWorker(request, waitedMs);
    } finally {
      this.#places.release(request.tenant);
      this.#serve();
    }
  }

  /** Resolves to why there is no place, if there is none. */
  async #findPlace({ tenant, signal }: RunRequest): Promise<Stop | undefined> {
    if (this.#isClosing) return CLOSING;
    if (signal.aborted) return CANCELLED;
    const { promise, resolve } = Promise.withResolvers<Stop | undefined>();
    const waiting: Waiting = { tenant, settle: resolve };
    this.#places.join(waiting);
    this.#serve();
    this.#places.overflow()?.settle(stopForQueue(this.#kind.limits));
    const cancel = (): void => {
      if (this.#places.leave(waiting)) resolve(CANCELLED);
    };
    signal.addEventListener('abort', cancel);
    return await promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  #serve(): void {
    for (let next = this.#places.next(); next !== undefined; next = this.#places.next()) {
      next.settle(undefined);
    }
  }

  /** A run that a worker has not begun is begun in another. */
  async #runInWorker(request: RunRequest, waitedMs: () => number): Promise<RunEnd> {
    const key = keyOf(request.tenant);
    const isOfOther = (worker: Worker): boolean => (this.#tenants.get(worker) ?? key) !== key;
    const areThereOthers = (): boolean => this.#workers.values().some(isOfOther);
    for (let attempt = 1; ; attempt += 1) {
      const worker = await this.#findWorker(key);
      const failure = await worker?.ready;
      if (worker !== undefined && failure === undefined) {
        this.#announce(worker, request.tenant);
        const { end, neverBegun } = await worker.run(request, waitedMs(), areThereOthers);
        this.#release(worker);
        if (!neverBegun || attempt === ATTEMPTS) return end;
      } else if (attempt === ATTEMPTS || this.#pause.leftMs > PATIENCE_MS) {
        return neverStarted(stopForNoWorker(this.#pause.reason), waitedMs());
      }
    }
  }

  #announce({ runs, pid }: Worker, { principal, session }: Tenant): void {
    if (runs === 0) this.#kind.onEvent({ kind: 'worker-bound', pid, principal, session });
  }

  /** A worker for a tenant that has a place; undefined while none can be started. */
  async #findWorker(key: string): Promise<Worker | undefined> {
    const isOwn = (worker: Worker): boolean => this.#tenants.get(worker) === key;
    const own = this.#free.keys().find(isOwn);
    if (own !== undefined) return this.#unfree(own);
    const worker = this.#takeSpare() ?? (await this.#start());
    if (worker !== undefined) this.#tenants.set(worker, key);
    this.#refillLater(REFILL_MS);
    return worker;
  }

  #takeSpare(): Worker | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare;
  }

  async #start(): Promise<Worker | undefined> {
    const { leftMs } = this.#pause;
    if (leftMs > PATIENCE_MS) return undefined;
    if (leftMs > 0) await wait(leftMs);
    // There may be a spare by now.
    return this.#takeSpare() ?? this.#create();
  }

  #hasRoom(): boolean {
    return this.#workers.size < this.#kind.limits.workers;
  }

  #create(): Worker | undefined {
    // There is a place for it, so if there is no room, a worker is idle.
    const [longestIdle] = this.#free.keys();
    if (!this.#hasRoom()) longestIdle?.end('place needed by another tenant');
    const startedAt = performance.now();
    try {
      const worker = new Worker(this.#kind, (ended) => this.#forget(ended));
      this.#workers.add(worker);
      void worker.ready.then((failure) => {
        if (failure === undefined) this.#pause.worked();
        else this.#pause.failed(failure, startedAt);
      });
      return worker;
    } catch (error) {
      this.#pause.failed(error instanceof Error ? error.message : String(error), startedAt);
      return undefined;
    }
  }

  #refillLater(ms: number): void {
    clearTimeout(this.#refill);
    if (!this.#isClosing) this.#refill = setTimeout(() => this.#prepareSpare(), ms).unref();
  }

  #prepareSpare(): void {
    if (this.#pause.leftMs === 0 && this.#hasRoom()) this.#spare ??= this.#create();
    if (this.#pause.leftMs > 0) this.#refillLater(this.#pause.leftMs);
  }

  #release(worker: Worker): void {
    const { workerRuns, workerIdleMs } = this.#kind.limits;
    if (worker.isEnded) return;
    if (worker.runs >= workerRuns || this.#isClosing) worker.end('recycled');
    else this.#free.set(worker, setTimeout(() => worker.end('idle'), workerIdleMs).unref());
  }

  #unfree(worker: Worker): Worker {
    clearTimeout(this.#free.get(worker));
    this.#free.delete(worker);
    return worker;
  }

  #forget(worker: Worker): void {
    this.#leaving.add(worker.gone);
    void worker.gone.then(() => this.#leaving.delete(worker.gone));
    this.#unfree(worker);
    this.#workers.delete(worker);
    if (this.#spare !== worker) return;
    this.#spare = undefined;
    this.#refillLater(REFILL_MS);
  }
}

function keyOf({ principal, session }: Tenant): string {
  return JSON.stringify([principal, session]);
}
