import { parseArgs } from 'node:util';
import { GROUPS } from './all-groups.ts';
import { Arena } from './arena.ts';
import { becomeOrdinaryUser } from './ordinary-user.ts';
import { CONFIGURATIONS, type Configuration, type Scenario, STRIDE, type Stride } from './scenario.ts';

const USAGE = `Runs the attacks on the sandbox, and prints how many of them each configuration held.

  npm run escape                  all of them
  npm run escape -- PR DS-4       those whose ids begin with PR or DS-4
  npm run escape -- --help        this

The table goes to standard output; what was not held goes to standard error, with the reason. Exits with 1 when
an attack was not held, and with 2 when it was called in a way it does not know.
`;
const NAMES: Readonly<Record<Configuration, string>> = {
  all: 'all layers',
  checkOff: 'check off',
  processOnly: 'check and SES off',
};
const CLASSES = Object.keys(STRIDE) as Stride[];
/** Nobody wants to be told of what takes less, in ms; and how often a log without a terminal is told. */
const SILENT_MS = 1_000;
const REPORT_EVERY_MS = 10_000;

interface Tally {
  readonly failed: Set<Scenario>;
  readonly untried: Map<Scenario, string>;
}

/** Tells on standard error how far it is: on one line of a terminal, else every ten seconds. */
class Progress {
  readonly #total: number;
  readonly #startedAt = performance.now();
  readonly #isTerminal = process.stderr.isTTY;
  /** Servers open before the first attack is made. */
  readonly #opening = setTimeout(() => this.#write('opening three servers'), SILENT_MS);
  #done = 0;
  #toldAt = 0;

  constructor(total: number) {
    this.#total = total;
  }

  step(): void {
    clearTimeout(this.#opening);
    this.#done += 1;
    const now = performance.now();
    if (now - this.#startedAt < SILENT_MS) return;
    if (!this.#isTerminal && now - this.#toldAt < REPORT_EVERY_MS) return;
    this.#toldAt = now;
    this.#write(`${this.#done} of ${this.#total} attacks made`);
  }

  /** Says something that stays. */
  say(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  clear(): void {
    if (this.#isTerminal) process.stderr.write('\r\u001b[K');
  }

  #write(text: string): void {
    process.stderr.write(this.#isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
  }
}

/** The attacks that the command line asks for; undefined when there is nothing more to do. */
function chooseScenarios(): readonly Scenario[] | undefined {
  const all = GROUPS.flatMap(({ scenarios }) => scenarios);
  try {
    const { values, positionals } = parseArgs({
      options: { help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return undefined;
    }
    const unknown = positionals.filter((prefix) => !all.some(({ id }) => id.startsWith(prefix)));
    if (unknown.length > 0) {
      const kinds = [...new Set(all.map(({ id }) => id.slice(0, 2)))];
      throw new Error(
        `No attack has an id that begins with ${unknown.join(' or ')}; they begin with ${kinds.join(', ')}.`,
      );
    }
    return all.filter(
      ({ id }) => positionals.length === 0 || positionals.some((prefix) => id.startsWith(prefix)),
    );
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\nSee npm run escape -- --help\n`,
    );
    process.exitCode = 2;
    return undefined;
  }
}

async function attackAll(
  configuration: Configuration,
  scenarios: readonly Scenario[],
  progress: Progress,
): Promise<Tally> {
  const arena = await Arena.open(configuration);
  const tally: Tally = { failed: new Set(), untried: new Map() };
  for (const scenario of scenarios) {
    const reason = arena.whyNot(scenario);
    if (reason === undefined) {
      const wrong = await arena.attack(scenario);
      if (wrong.length > 0) {
        tally.failed.add(scenario);
        progress.say(
          `${scenario.id} ${scenario.technique} [${NAMES[configuration]}]\n  ${wrong.join('\n  ')}`,
        );
      }
    } else tally.untried.set(scenario, reason);
    progress.step();
  }
  await arena.close();
  return tally;
}

/** Held and tried, by class and configuration. */
function createRows(scenarios: readonly Scenario[], tallies: readonly Tally[]): readonly string[][] {
  const row = (name: string, some: readonly Scenario[]): string[] => [
    name,
    ...tallies.map(({ failed, untried }) => {
      const tried = some.filter((one) => !untried.has(one));
      return `${tried.filter((one) => !failed.has(one)).length} / ${tried.length}`;
    }),
  ];
  return [
    ['', ...CONFIGURATIONS.map((configuration) => NAMES[configuration])],
    ...CLASSES.map((stride) => ({ stride, some: scenarios.filter((one) => one.stride === stride) }))
      .filter(({ some }) => some.length > 0)
      .map(({ stride, some }) => row(STRIDE[stride], some)),
    row('All', scenarios),
  ];
}

/** Columns for the eye on a terminal; elsewhere Markdown. */
function printTable(rows: readonly string[][], isTerminal: boolean): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  );
  if (isTerminal) return lines.map((cells) => cells.join('   ')).join('\n');
  const [head = [], ...body] = lines.map((cells) => `| ${cells.join(' | ')} |`);
  return [
    head,
    `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`,
    ...body,
  ].join('\n');
}

async function main(): Promise<void> {
  const scenarios = chooseScenarios();
  if (scenarios === undefined) return;
  becomeOrdinaryUser();
  const progress = new Progress(scenarios.length * CONFIGURATIONS.length);
  const tallies = await Promise.all(
    CONFIGURATIONS.map((configuration) => attackAll(configuration, scenarios, progress)),
  );
  progress.clear();
  process.stdout.write(`${printTable(createRows(scenarios, tallies), process.stdout.isTTY)}\n`);
  const untried = new Map(tallies.flatMap((tally) => [...tally.untried]));
  for (const [{ id }, reason] of untried) progress.say(`${id} was not tried: ${reason}`);
  process.exitCode = tallies.some(({ failed }) => failed.size > 0) ? 1 : 0;
}

await main();
