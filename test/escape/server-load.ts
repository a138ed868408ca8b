const TICK_MS = 50;
const MB = 1024 * 1024;

/**
 * Watches whether this process is still there for others. Time is the main thread's own time on a processor: on a
 * loaded machine a process may wait for seconds, and nobody attacked it.
 */
export class ServerLoad {
  readonly #standstillMs: number;
  readonly #growthMb: number;
  #startMb = residentMb();
  readonly #timer: NodeJS.Timeout;
  #heardAt = busyMs();
  #longestMs = 0;
  #mostMb = 0;

  constructor(standstillMs: number, growthMb: number) {
    this.#standstillMs = standstillMs;
    this.#growthMb = growthMb;
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** What was too much since the last time. */
  take(): readonly string[] {
    this.#tick();
    const longest = Math.round(this.#longestMs);
    const growth = Math.round(this.#mostMb - this.#startMb);
    // What it grew to once is told once: memory is given back late.
    if (growth >= this.#growthMb) this.#startMb = this.#mostMb;
    this.#longestMs = 0;
    this.#mostMb = 0;
    return [
      ...(longest < this.#standstillMs ? [] : [`the server stand still for ${longest} ms`]),
      ...(growth < this.#growthMb ? [] : [`the server grow by ${growth} MB`]),
    ];
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = busyMs();
    this.#longestMs = Math.max(this.#longestMs, now - this.#heardAt);
    this.#heardAt = now;
    this.#mostMb = Math.max(this.#mostMb, residentMb());
  }
}

function busyMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function residentMb(): number {
  return process.memoryUsage.rss() / MB;
}
