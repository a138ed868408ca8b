/** Honest and hostile clients on one engine, for as long as asked. Exits with 1 when anything was not as it must be. */
import { Command, InvalidArgumentError } from 'commander';
import { findFaults } from './find-faults.ts';
import { soak } from './soak.ts';

const command = new Command('soak')
  .option('--minutes <number>', 'how long', readNumber, 10)
  .option('--clients <number>', 'how many at once', readNumber, 100)
  .option('--hostile <number>', 'how many of them are hostile', readNumber, 30)
  .parse();
const { minutes, clients, hostile } = command.opts<Record<'minutes' | 'clients' | 'hostile', number>>();

const report = await soak({
  seconds: minutes * 60,
  clients,
  hostile,
  onProgress: ({ right, wrong, postponed }, { processes, descriptors, rssMb, heapMb }) =>
    void process.stderr.write(
      `${right} right, ${wrong.length} wrong, ${postponed} postponed; ${processes.length} processes, ${descriptors} descriptors, ${rssMb} MB resident, heap ${heapMb} MB\n`,
    ),
});
const { figures, served, before, halfway, end, after } = report;
const rows: readonly (readonly [string, string | number])[] = [
  ['honest clients served', `${served} of ${clients - hostile}`],
  ['right answers', figures.right],
  ['wrong answers', figures.wrong.length],
  ['told to try again, and did', figures.postponed],
  ['hostile runs', [...figures.ends.values()].reduce((sum, times) => sum + times, 0)],
  ...[...figures.ends]
    .toSorted(([, one], [, other]) => other - one)
    .map(([code, times]) => [`  ${code}`, times] as const),
  ['workers killed in mid-run', figures.killed],
  ['processes left', after.processes.length - before.processes.length],
  ['dead ones not yet taken away', after.dead - before.dead],
  ['descriptors before, after', `${before.descriptors}, ${after.descriptors}`],
  ['heap halfway, at the end', `${halfway.heapMb} MB, ${end.heapMb} MB`],
  ['resident halfway, at the end', `${halfway.rssMb} MB, ${end.rssMb} MB`],
];
for (const [name, figure] of rows) process.stdout.write(`${name.padEnd(32)}${figure}\n`);
const faults = findFaults(report, clients - hostile);
for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;

function readNumber(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number greater than 0.');
  return number;
}
