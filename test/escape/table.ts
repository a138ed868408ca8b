import { GROUPS } from './all-groups.ts';
import { Arena } from './arena.ts';
import { becomeOrdinaryUser } from './ordinary-user.ts';
import { CONFIGURATIONS, type Configuration, type Scenario, STRIDE, type Stride } from './scenario.ts';

becomeOrdinaryUser();

/** Prints how many attacks each configuration held, by STRIDE class. Exits with 1 when one did not. */
const SCENARIOS = GROUPS.flatMap(({ scenarios }) => scenarios).filter(
  ({ id }) => process.argv.length < 3 || process.argv.slice(2).some((part) => id.startsWith(part)),
);

async function findFailures(configuration: Configuration): Promise<ReadonlySet<Scenario>> {
  const arena = await Arena.open(configuration);
  const failed = new Set<Scenario>();
  for (const scenario of SCENARIOS) {
    const reason = arena.whyNot(scenario);
    if (reason !== undefined) {
      process.stderr.write(`${scenario.id} is not tried: ${reason}\n`);
      continue;
    }
    const wrong = await arena.attack(scenario);
    if (wrong.length === 0) continue;
    failed.add(scenario);
    process.stderr.write(
      `${scenario.id} ${scenario.technique} [${configuration}]\n  ${wrong.join('\n  ')}\n`,
    );
  }
  await arena.close();
  return failed;
}

const failures = await Promise.all(CONFIGURATIONS.map(findFailures));

function row(name: string, scenarios: readonly Scenario[]): string {
  const held = failures.map(
    (failed) => `${scenarios.filter((one) => !failed.has(one)).length} / ${scenarios.length}`,
  );
  return `| ${[name, ...held].join(' | ')} |`;
}

const classes = Object.keys(STRIDE) as Stride[];
const lines = [
  `| | ${CONFIGURATIONS.join(' | ')} |`,
  `|---|${CONFIGURATIONS.map(() => '---:|').join('')}`,
  ...classes.map((stride) =>
    row(
      STRIDE[stride],
      SCENARIOS.filter((one) => one.stride === stride),
    ),
  ),
  row('All', SCENARIOS),
];
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = failures.some((failed) => failed.size > 0) ? 1 : 0;
