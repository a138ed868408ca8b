import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { Engine } from '../../runtime/engine.ts';
import { type OpenedEngine, openEngineIn } from '../open-engine.ts';
import { HOSTILE_PROGRAMS } from './hostile-programs.ts';
import { type Holding, takeHolding } from './watch-process.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly clients: number;
  /** How many of them are hostile. */
  readonly hostile: number;
  /** Told every few seconds how it goes. */
  readonly onProgress: (figures: SoakFigures, holding: Holding) => void;
}

export interface SoakFigures {
  /** Right answers to honest clients, and whatever else they got. */
  right: number;
  /** Times that an honest client was told to try again later, and did. */
  postponed: number;
  readonly wrong: string[];
  /** How hostile runs ended, by code. */
  readonly ends: Map<string, number>;
  /** Workers killed from outside in the middle of hostile runs. */
  killed: number;
}

export interface SoakReport {
  readonly figures: SoakFigures;
  /** Honest clients that got at least one right answer and never a wrong one. */
  readonly served: number;
  readonly before: Holding;
  readonly halfway: Holding;
  readonly end: Holding;
  /** With everything closed. */
  readonly after: Holding;
}

const HOSTILE_MS = 1_500;
const HONEST_MS = 30_000;
const REPORT_EVERY_MS = 10_000;
const AGAIN: ReadonlySet<string> = new Set(['QUEUE_FULL', 'RATE_LIMITED', 'SANDBOX_UNAVAILABLE']);
const AGAIN_MS = 200;
/** Of a hundred hostile runs, so many are cancelled in the middle, and so many lose their worker. */
const CANCELLED = 20;
const KILLED = 10;

/** One engine, honest and hostile clients at once, each of them a principal of its own. */
export async function soak({ seconds, clients, hostile, onProgress }: SoakOptions): Promise<SoakReport> {
  const directory = mkdtempSync(join(tmpdir(), 'athena-soak-'));
  const figures: SoakFigures = { right: 0, postponed: 0, wrong: [], ends: new Map(), killed: 0 };
  const workers = new Map<string, number>();
  const raise = (error: unknown): void => void figures.wrong.push(`a bug: ${String(error)}`);
  const open = (): Promise<OpenedEngine> =>
    openEngineIn(directory, DEFAULT_LIMITS, raise, (event) => {
      if (event.kind === 'worker-bound') workers.set(event.principal, event.pid);
    });
  // The first engine of a process starts what stays for all others, such as the bundler of a checkout.
  await (await open()).close();
  const before = takeHolding();
  const { engine, close } = await open();
  const until = performance.now() + seconds * 1_000;
  const served = new Set<string>();
  const names = Array.from({ length: clients }, (_, client) => `client-${client}`);
  const all = names.map((name, client) =>
    client < hostile
      ? attack(engine, name, until, figures, workers)
      : ask(engine, name, until, figures, served),
  );
  const holdings: Holding[] = [];
  const timer = setInterval(() => {
    holdings.push(takeHolding());
    onProgress(figures, holdings.at(-1) ?? before);
  }, REPORT_EVERY_MS);
  await Promise.all(all);
  clearInterval(timer);
  const end = takeHolding();
  await close();
  rmSync(directory, { recursive: true });
  const halfway = holdings[holdings.length >> 1] ?? end;
  // A process that was killed takes the system a moment.
  for (let look = 0; look < 50 && takeHolding().processes.length > before.processes.length; look += 1)
    await wait(100);
  return { figures, served: served.size, before, halfway, end, after: takeHolding() };
}

/** An honest client: one program after the other, its answers known. */
async function ask(
  engine: Engine,
  name: string,
  until: number,
  figures: SoakFigures,
  served: Set<string>,
): Promise<void> {
  const caller = { principal: name, signal: new AbortController().signal };
  for (let round = 0; performance.now() < until; ) {
    const code = `
const mine: string = '${name} round ${round}';
await session.set('mine', mine);
const { memory_id } = await athena.memory.remember({ content: '${name} was here', memory_type: 'fact' });
const sizes = await Promise.all([1, 2, 3].map((k) => athena.memory.recall({ query: '${name}', k })));
console.log(mine);
return { mine: await session.get('mine'), isStored: memory_id > 0, found: sizes.length };`;
    const outcome = await engine.execute({ code, session: 'main', timeoutMs: HONEST_MS }, caller);
    if (AGAIN.has(endOf(outcome))) {
      figures.postponed += 1;
      await wait(AGAIN_MS);
      continue;
    }
    const expected = { mine: `${name} round ${round}`, isStored: true, found: 3 };
    const isRight = outcome.kind === 'finished' && isDeepStrictEqual(outcome.value, expected);
    if (isRight) {
      figures.right += 1;
      served.add(name);
    } else figures.wrong.push(`${name}: ${JSON.stringify(outcome).slice(0, 500)}`);
    round += 1;
  }
}

/** A hostile client: bombs, cancellations, and workers that die under it. */
async function attack(
  engine: Engine,
  name: string,
  until: number,
  figures: SoakFigures,
  workers: ReadonlyMap<string, number>,
): Promise<void> {
  for (let round = Number(name.replace(/\D/g, '')); performance.now() < until; round += 1) {
    const client = new AbortController();
    const caller = { principal: name, signal: client.signal };
    const code = `${HOSTILE_PROGRAMS[round % HOSTILE_PROGRAMS.length] ?? ''}\n// ${round}`;
    const lot = (round * 37) % 100;
    const disturb = setTimeout(() => {
      if (lot < CANCELLED) client.abort();
      else if (lot < CANCELLED + KILLED) kill(workers.get(name), figures);
    }, 300);
    const outcome = await engine.execute({ code, session: 'main', timeoutMs: HOSTILE_MS }, caller);
    clearTimeout(disturb);
    const end = endOf(outcome);
    figures.ends.set(end, (figures.ends.get(end) ?? 0) + 1);
    if (AGAIN.has(end)) await wait(AGAIN_MS);
  }
}

function kill(pid: number | undefined, figures: SoakFigures): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
    figures.killed += 1;
  } catch {
    // It has ended by itself.
  }
}

function endOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'refused':
      return outcome.failures[0]?.code ?? outcome.kind;
    case 'failed':
      return outcome.failure.code;
    case 'finished':
    case 'planned':
      return outcome.kind;
    default:
      return outcome satisfies never;
  }
}
