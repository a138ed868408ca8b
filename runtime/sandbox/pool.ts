import type { RunEnd, RunRequest, Tenant } from '../contract/sandbox.ts';
import { CANCELLED, CLOSING, neverStarted, type Stop, stopForQueue } from './stop.ts';
import { Worker, type WorkerKind } from './worker.ts';

interface Waiting {
  readonly tenant: string;
  readonly serve: (place: Worker | Stop) => void;
}

/** How long after a tenant took a place a spare is started, in ms: not in the way of the run that took it. */
const REFILL_MS = 30;

/**
 * The workers: at most `limits.workers` processes, each of one tenant from its first run to its death, and
 * one spare that is nobody's yet. Runs that find no place wait in order.
 */
export class Pool {
  readonly #kind: WorkerKind;
  readonly #workers = new Set<Worker>();
  /** Tenants' workers with nothing to do, the longest idle first, and the timers that end them. */
  readonly #free = new Map<Worker, NodeJS.Timeout>();
  /** Workers that were killed and whose processes may still be there. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #tenants = new WeakMap<Worker, string>();
  readonly #queue: Waiting[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #spare: Worker | undefined;
  #refill: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(kind: WorkerKind) {
    this.#kind = kind;
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
    for (const waiting of this.#queue.splice(0)) waiting.serve(CLOSING);
    await Promise.all(this.#running);
    for (const worker of [...this.#workers]) worker.end('closing');
    await Promise.all(this.#leaving);
  }

  async #runInPlace(request: RunRequest): Promise<RunEnd> {
    const since = performance.now();
    const waitedMs = (): number => performance.now() - since;
    const place = await this.#findPlace(request);
    if (!(place instanceof Worker)) return neverStarted(place, waitedMs());
    const failure = await place.ready;
    if (failure !== undefined) {
      this.#serve();
      const message = `No worker could be started: ${failure}.`;
      return neverStarted({ code: 'SANDBOX_UNAVAILABLE', message }, waitedMs());
    }
    const { principal, session } = request.tenant;
    if (place.runs === 0) this.#kind.onEvent({ kind: 'worker-bound', pid: place.pid, principal, session });
    const end = await place.run(request, waitedMs());
    this.#release(place);
    return end;
  }

  async #findPlace({ tenant, signal }: RunRequest): Promise<Worker | Stop> {
    if (this.#isClosing) return CLOSING;
    if (signal.aborted) return CANCELLED;
    const key = keyOf(tenant);
    const worker = this.#queue.length === 0 ? this.#take(key) : undefined;
    if (worker !== undefined) return worker;
    if (this.#queue.length >= this.#kind.limits.queue) return stopForQueue(this.#queue.length);
    return await this.#wait(key, signal);
  }

  async #wait(tenant: string, signal: AbortSignal): Promise<Worker | Stop> {
    const { promise, resolve } = Promise.withResolvers<Worker | Stop>();
    const waiting: Waiting = { tenant, serve: resolve };
    this.#queue.push(waiting);
    const cancel = (): void => {
      const at = this.#queue.indexOf(waiting);
      if (at === -1) return;
      this.#queue.splice(at, 1);
      resolve(CANCELLED);
    };
    signal.addEventListener('abort', cancel);
    return await promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  /** A worker for a tenant: its own, else the spare, else a new one, if need be in another's place. */
  #take(tenant: string): Worker | undefined {
    const own = this.#free.keys().find((worker) => this.#tenants.get(worker) === tenant);
    if (own !== undefined) return this.#unfree(own);
    const worker = this.#takeSpare() ?? this.#create() ?? this.#evict();
    if (worker === undefined) return undefined;
    this.#tenants.set(worker, tenant);
    clearTimeout(this.#refill);
    this.#refill = setTimeout(() => this.#prepareSpare(), REFILL_MS).unref();
    return worker;
  }

  #takeSpare(): Worker | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare;
  }

  #prepareSpare(): void {
    if (!this.#isClosing) this.#spare ??= this.#create();
  }

  #create(): Worker | undefined {
    if (this.#workers.size >= this.#kind.limits.workers) return undefined;
    const worker = new Worker(this.#kind, (ended) => this.#forget(ended));
    this.#workers.add(worker);
    return worker;
  }

  #evict(): Worker | undefined {
    const [longestIdle] = this.#free.keys();
    longestIdle?.end('place needed by another tenant');
    return this.#create();
  }

  #release(worker: Worker): void {
    const { workerRuns, workerIdleMs } = this.#kind.limits;
    if (!worker.isEnded) {
      if (worker.runs >= workerRuns || this.#isClosing) worker.end('recycled');
      else this.#free.set(worker, setTimeout(() => worker.end('idle'), workerIdleMs).unref());
    }
    this.#serve();
  }

  #serve(): void {
    for (;;) {
      const [first] = this.#queue;
      const worker = first === undefined ? undefined : this.#take(first.tenant);
      if (first === undefined || worker === undefined) return;
      this.#queue.shift();
      first.serve(worker);
    }
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
    if (this.#spare === worker) this.#spare = undefined;
  }
}

function keyOf({ principal, session }: Tenant): string {
  return JSON.stringify([principal, session]);
}
