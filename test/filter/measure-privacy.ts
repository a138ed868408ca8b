/**
 * Prints precision and recall of the filter on the labelled set: `node test/filter/measure-privacy.ts`.
 * `--seed <number>` draws another set of the same forms, `--other` takes the lines of another author; `--mistakes` lists what
 * was missed or found wrongly.
 */
import { parseArgs } from 'node:util';
import { generate } from './privacy-set/generate.ts';
import { FILE, OTHER_FILE, readLines } from './privacy-set/line.ts';
import { precisionOf, recallOf, type Score, scoreFilter } from './score.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, other: { type: 'boolean' }, mistakes: { type: 'boolean' } },
});
const lines =
  values.seed === undefined ? readLines(values.other ? OTHER_FILE : FILE) : generate(Number(values.seed));
const { all, byKind, mistakes } = await scoreFilter(lines);

const write = (text: string): void => void process.stdout.write(`${text}\n`);
const print = (name: string, score: Score): void => {
  const share = (value: number): string => value.toFixed(4);
  write(
    `| ${name} | ${score.hits} | ${score.found} | ${score.wrong} | ${share(recallOf(score))} | ${share(precisionOf(score))} |`,
  );
};
write(`${lines.length} lines, ${lines.filter(({ hits }) => hits.length === 0).length} of them without a hit`);
write('| kind | hits | found | wrong | recall | precision |\n|---|---:|---:|---:|---:|---:|');
for (const [kind, score] of byKind) print(kind, score);
print('all', all);
if (values.mistakes) write(mistakes.join('\n'));
