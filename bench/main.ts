/**
 * Measures the product against its budgets, in one run, beside a baseline of the same machine: what an MCP
 * `ping` costs over the same connection.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { DEFAULT_LIMITS } from '../runtime/contract/limits.ts';
import budgets from './budgets.json' with { type: 'json' };
import { measureKillTimes } from './kill-times.ts';
import { measure, type Series } from './measure.ts';
import { BOMBS, measureNeighbours, type Neighbours } from './neighbours.ts';
import { openEngineIn } from './open-engine.ts';
import { measureSession } from './session-times.ts';

const WARM_UP = 50;
const RUNS = 300;
const NO_RATE_LIMIT = 1_000_000;

const trivial = (run: number): string => `const answer: number = ${run};\nreturn answer;`;
const raise = (error: unknown): never => {
  throw error;
};

interface EngineFigures {
  readonly fresh: Series;
  readonly seen: Series;
  readonly besideRuns: Neighbours;
  readonly besideChecks: Neighbours;
}

async function measureEngine(directory: string): Promise<EngineFigures> {
  const unlimited = await openEngineIn(
    directory,
    { ...DEFAULT_LIMITS, executionsPerMinute: NO_RATE_LIMIT },
    raise,
  );
  const signal = new AbortController().signal;
  const run = async (code: string): Promise<void> => {
    const outcome = await unlimited.engine.execute(
      { code, session: 'bench' },
      { principal: 'bench', signal },
    );
    if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  };
  const fresh = await measure(WARM_UP, RUNS, (number) => run(trivial(number)));
  const seen = await measure(WARM_UP, RUNS, () => run(trivial(0)));
  await unlimited.close();
  const limited = await openEngineIn(directory, DEFAULT_LIMITS, raise);
  const besideRuns = await measureNeighbours(limited.engine, BOMBS.run);
  const besideChecks = await measureNeighbours(limited.engine, BOMBS.check);
  await limited.close();
  return { fresh, seen, besideRuns, besideChecks };
}

async function measureStdio(directory: string): Promise<{ readonly ping: Series; readonly fresh: Series }> {
  const main = new URL('../dist/runtime/main.js', import.meta.url).pathname;
  const flags = [
    '--data-dir',
    directory,
    '--limit',
    `executionsPerMinute=${NO_RATE_LIMIT}`,
    '--log-level',
    'error',
  ];
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main, ...flags] }));
  const ping = await measure(WARM_UP, RUNS, async () => void (await client.ping()));
  const fresh = await measure(WARM_UP, RUNS, async (number) => {
    const reply = await client.callTool({ name: 'execute', arguments: { code: trivial(number) } });
    if (reply.isError === true) throw new Error(JSON.stringify(reply.content));
  });
  await client.close();
  return { ping, fresh };
}

/** A line of the table; true when the budget is kept. */
function report(
  budget: { readonly what: string; readonly p50: number },
  series: Series,
  ping: Series,
): boolean {
  const kept = series.p50 <= budget.p50;
  const figures = [series.p50, series.p95, series.p50 / ping.p50].map((figure) =>
    figure.toFixed(2).padStart(7),
  );
  const verdict = kept ? 'kept' : 'MISSED';
  process.stdout.write(`${budget.what.padEnd(64)} ${figures.join(' ')}  ≤ ${budget.p50} ${verdict}\n`);
  return kept;
}

/** The same for a run beside a hostile client, as a multiple of one that has the machine to itself. */
function reportNeighbours(
  budget: { readonly what: string; readonly p50: number },
  { alone, beside }: Neighbours,
): boolean {
  const ratio = { p50: beside.p50 / alone.p50, p95: beside.p95 / alone.p95 };
  const kept = ratio.p50 <= budget.p50;
  const figures = [ratio.p50, ratio.p95].map((figure) => figure.toFixed(2).padStart(7));
  const verdict = kept ? 'kept' : 'MISSED';
  process.stdout.write(
    `${budget.what.padEnd(64)} ${figures.join(' ')}          ≤ ${budget.p50} ${verdict} (alone ${alone.p50.toFixed(2)} and ${alone.p95.toFixed(2)} ms)\n`,
  );
  return kept;
}

const directory = mkdtempSync(join(tmpdir(), 'athena-bench-'));
try {
  process.stdout.write(
    `${RUNS} runs each, after ${WARM_UP} to warm up; times in ms, and as multiples of an MCP ping\n`,
  );
  process.stdout.write(
    `${''.padEnd(64)} ${['p50', 'p95', '× ping'].map((name) => name.padStart(7)).join(' ')}\n`,
  );
  const engine = await measureEngine(directory);
  const stdio = await measureStdio(directory);
  const session = await measureSession(directory, raise);
  const kept = [
    report(budgets.engineNew, engine.fresh, stdio.ping),
    report(budgets.engineSeen, engine.seen, stdio.ping),
    report(budgets.stdioNew, stdio.fresh, stdio.ping),
    report(budgets.sessionRead, session.read, stdio.ping),
    report(budgets.sessionWrite, session.write, stdio.ping),
    reportNeighbours(budgets.besideRuns, engine.besideRuns),
    reportNeighbours(budgets.besideChecks, engine.besideChecks),
  ];
  process.stdout.write(
    `MCP ping over stdio: p50 ${stdio.ping.p50.toFixed(2)}, p95 ${stdio.ping.p95.toFixed(2)}\n`,
  );
  kept.push(await measureKillTimes());
  if (kept.includes(false)) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
