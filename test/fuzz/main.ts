import { Command, InvalidArgumentError } from 'commander';
import { becomeOrdinaryUser } from '../escape/ordinary-user.ts';
import { randomSeed } from './chance.ts';
import type { Finding, FuzzReport } from './fuzzer.ts';
import { PARTS, type Part } from './parts.ts';

/** Fuzzes by hand: prints progress, figures and findings. Exits with 1 when there is a finding. */
interface Flags {
  readonly seed: number;
  readonly count?: number;
  readonly seconds?: number;
  readonly only?: Range;
}

interface Range {
  readonly first: number;
  readonly count: number;
}

/** One part's figures. */
interface Row {
  readonly part: Part;
  readonly report: FuzzReport;
  readonly seconds: number;
}

const IN_A_PIPE_EVERY_MS = 10_000;
const ON_A_TERMINAL_EVERY_MS = 250;

const command = new Command('fuzz')
  .argument(
    '[what...]',
    `a group or a part of: ${PARTS.map(({ name }) => name).join(', ')}; all when left out`,
  )
  .option(
    '--seed <number>',
    'decides every input; chosen and printed when left out',
    readNumber,
    randomSeed(),
  )
  .option('--count <number>', 'inputs of each part', readNumber)
  .option('--seconds <number>', 'time of all parts together, in place of a count', readNumber)
  .option('--only <index>', 'one input, or several: 12-15', readRange)
  .parse();

becomeOrdinaryUser();
const flags: Flags = command.opts();
const rows: Row[] = [];
print(`seed ${flags.seed}`);
for (const part of choose(command.args)) rows.push(await run(part));
for (const { report } of rows) for (const finding of report.findings) print(describe(finding));
print(table(rows));
process.exitCode = rows.some(({ report }) => report.findings.length > 0) ? 1 : 0;

function choose(names: readonly string[]): readonly Part[] {
  const unknown = names.find((name) => !PARTS.some((part) => isMeant(part, name)));
  if (unknown !== undefined) command.error(`There is nothing to fuzz named ${unknown}.`);
  return names.length === 0 ? PARTS : PARTS.filter((part) => names.some((name) => isMeant(part, name)));
}

function isMeant({ name: own }: Part, name: string): boolean {
  return own === name || own.startsWith(`${name}:`);
}

async function run(part: Part): Promise<Row> {
  const { seed, seconds, only } = flags;
  const shares = choose(command.args).reduce((sum, { share }) => sum + share, 0);
  const count = only?.count ?? flags.count ?? (seconds === undefined ? part.count : Infinity);
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1_000;
  const { onProgress, end } = watch(part, elapsed);
  const report = await part.fuzz({
    seed,
    first: only?.first ?? 0,
    count,
    onProgress,
    ...(seconds !== undefined && { signal: AbortSignal.timeout((seconds * 1_000 * part.share) / shares) }),
  });
  end(report);
  return { part, report, seconds: elapsed() };
}

/** One line that changes on a terminal, now and then a line in a pipe. */
function watch(part: Part, elapsed: () => number) {
  const { isTTY } = process.stderr;
  let toldAt = 0;
  const tell = ({ done, findings }: FuzzReport): void => {
    const line = `${part.name} ${done} tried, ${findings.length} findings, ${elapsed().toFixed(0)} s`;
    process.stderr.write(isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
  };
  return {
    onProgress: (report: FuzzReport): void => {
      const now = performance.now();
      if (now - toldAt < (isTTY ? ON_A_TERMINAL_EVERY_MS : IN_A_PIPE_EVERY_MS)) return;
      toldAt = now;
      tell(report);
    },
    end: (report: FuzzReport): void => {
      tell(report);
      if (isTTY) process.stderr.write('\n');
    },
  };
}

function describe({ what, input, repeat }: Finding): string {
  return `\nFOUND ${what.join('\n      ')}\n${input}\nto repeat: npm run fuzz -- ${repeat}\n`;
}

function table(all: readonly Row[]): string {
  const lines = all.flatMap(({ part, report: { done, tally, findings }, seconds }) => [
    [part.name, done, seconds.toFixed(0), (done / seconds).toFixed(0), findings.length],
    ...Object.entries(tally)
      .toSorted(([, one], [, other]) => other - one)
      .map(([end, times]) => [`  ${end}`, times, '', '', '']),
  ]);
  const rows = [['', 'inputs', 'seconds', 'a second', 'findings'], ...lines];
  return rows
    .map(
      ([name, ...figures]) =>
        `${String(name).padEnd(60)}${figures.map((figure) => String(figure).padStart(10)).join('')}`,
    )
    .join('\n');
}

function readNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.');
  return number;
}

function readRange(text: string): Range {
  const [first, last = first] = text.split('-').map(readNumber);
  if (first === undefined || last === undefined || last < first)
    throw new InvalidArgumentError('It must be 12 or 12-15.');
  return { first, count: last - first + 1 };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
