/**
 * Measures how exactly a run is stopped at its time limit, and how soon its process is gone, beside baselines of
 * the same run: a plain timer, and a plain process that is killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '../runtime/contract/limits.ts';
import type { Sandbox } from '../runtime/contract/sandbox.ts';
import { openSandbox, type SandboxEvent } from '../runtime/sandbox/sandbox.ts';
import budgets from './budgets.json' with { type: 'json' };
import { type Series, summarize } from './measure.ts';

const RUNS = 20;
const TIMEOUT_MS = 200;
/** Time to fill the memory first. */
const FILL_MS = 2_000;
/** Long enough for a spare worker to be ready, so that a start does not disturb what is measured. */
const PAUSE_MS = 250;
const MB = 1_000_000;

interface Endless {
  readonly what: string;
  readonly source: string;
  readonly timeoutMs: number;
}

const HEAP = `const arrays = []; for (let i = 0; i < 75; i++) arrays.push(new Array(${MB / 8}).fill(i));`;
const BUFFERS = `const buffers = []; for (let i = 0; i < 60; i++) buffers.push(new Uint8Array(${MB}).fill(1));`;

const ENDLESS: readonly Endless[] = [
  { what: 'a loop', source: 'for (;;);', timeoutMs: TIMEOUT_MS },
  { what: 'microtasks', source: 'for (;;) await null;', timeoutMs: TIMEOUT_MS },
  {
    what: 'an async generator',
    source: 'for await (const _ of (async function* () { for (;;) yield 1; })());',
    timeoutMs: TIMEOUT_MS,
  },
  { what: 'a regular expression', source: "/(a+)+$/.test('a'.repeat(50) + 'b');", timeoutMs: TIMEOUT_MS },
  { what: 'a promise never resolved', source: 'await new Promise(() => {});', timeoutMs: TIMEOUT_MS },
  { what: '75 MB of arrays and a loop', source: `${HEAP} for (;;);`, timeoutMs: FILL_MS },
  { what: '60 MB of buffers and a loop', source: `${BUFFERS} for (;;);`, timeoutMs: FILL_MS },
];

interface KillTimes {
  readonly late: Series;
  readonly seen: Series;
}

/** Prints a table. True when both budgets are kept by every run. */
export async function measureKillTimes(): Promise<boolean> {
  const gone = new Map<number, number>();
  let bound = 0;
  const onEvent = (event: SandboxEvent): void => {
    if (event.kind === 'worker-bound') bound = event.pid;
    if (event.kind === 'worker-ended') gone.set(event.pid, performance.now());
  };
  const sandbox = await openSandbox({ roots: ['athena'], limits: DEFAULT_LIMITS, onEvent });
  const timer = await measureTimer();
  const kill = await measureKill('for (;;);');
  const largeKill = await measureKill(`${HEAP} ${BUFFERS} for (;;);`);
  printHead();
  print('a plain timer', timer, undefined);
  print('a plain process in a loop', undefined, kill);
  print('a plain process of 135 MB in a loop', undefined, largeKill);
  const all: KillTimes[] = [];
  for (const endless of ENDLESS) {
    const times = await measureEndless(sandbox, endless, async (end) => {
      while (!gone.has(bound)) await wait(1);
      return (gone.get(bound) ?? end) - end;
    });
    print(endless.what, times.late, times.seen);
    all.push(times);
  }
  await sandbox.close();
  const late = report(
    budgets.timeoutAccuracy,
    all.map((times) => times.late),
    timer.max,
  );
  const seen = report(
    budgets.killSeen,
    all.map((times) => times.seen),
    largeKill.max,
  );
  return late && seen;
}

/** @param untilGone resolves to how long after `end` the process was gone, in ms */
async function measureEndless(
  sandbox: Sandbox,
  { source, timeoutMs }: Endless,
  untilGone: (end: number) => Promise<number>,
): Promise<KillTimes> {
  const late: number[] = [];
  const seen: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await wait(PAUSE_MS);
    const end = await sandbox.run({
      tenant: { principal: 'bench', session: 'bench' },
      program: { source, insertions: [], hash: '', effects: [], openNamespaces: [] },
      operations: [],
      timeoutMs,
      seed: '0'.repeat(32),
      now: 0,
      answer: async () => ({ ok: true, json: 'null' }),
      signal: new AbortController().signal,
    });
    if (end.kind !== 'stopped' || end.code !== 'TIMEOUT') throw new Error(JSON.stringify(end));
    // A run ends in the turn in which its worker is killed.
    seen.push(await untilGone(performance.now()));
    late.push(end.ranMs - timeoutMs);
  }
  return { late: summarize(late), seen: summarize(seen) };
}

async function measureTimer(): Promise<Series> {
  const late: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS));
    late.push(performance.now() - start - TIMEOUT_MS);
  }
  return summarize(late);
}

async function measureKill(script: string): Promise<Series> {
  const seen: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const said = script.replace('for (;;);', "require('node:fs').writeSync(1, 'x'); for (;;);");
    const child = spawn(process.execPath, ['-e', said], { stdio: ['ignore', 'pipe', 'ignore'] });
    await Promise.race([once(child.stdout, 'data'), once(child, 'close').then(fail)]);
    child.stdout.resume();
    const start = performance.now();
    child.kill('SIGKILL');
    await once(child, 'close');
    seen.push(performance.now() - start);
  }
  return summarize(seen);
}

function fail(): never {
  throw new Error('the process ended before it was killed');
}

function printHead(): void {
  process.stdout.write(`\nStopped at the time limit, and gone after the kill: ${RUNS} runs each, in ms\n`);
  process.stdout.write(`${''.padEnd(40)} ${'late: p50     p95     max'} ${'gone: p50     p95     max'}\n`);
}

function print(what: string, late: Series | undefined, seen: Series | undefined): void {
  const figures = [late, seen].flatMap((series) =>
    [series?.p50, series?.p95, series?.max].map((figure) => (figure?.toFixed(2) ?? '').padStart(8)),
  );
  process.stdout.write(`${what.padEnd(40)} ${figures.join(' ')}\n`);
}

/** @param baseline the largest time of the baseline */
function report(
  budget: { readonly what: string; readonly max: number },
  all: readonly Series[],
  baseline: number,
): boolean {
  const max = Math.max(...all.map((series) => series.max));
  const kept = max <= budget.max;
  const ratio = `${(max / baseline).toFixed(1)} × baseline`;
  const verdict = kept ? 'kept' : 'MISSED';
  process.stdout.write(
    `${budget.what.padEnd(64)} ${max.toFixed(2)} (${ratio})  ≤ ${budget.max} ${verdict}\n`,
  );
  return kept;
}
