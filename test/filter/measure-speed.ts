/**
 * Prints the processor time that the filter takes for a result of 1 MB, beside writing and reading the same value as
 * JSON: `node test/filter/measure-speed.ts`. Processor time, since others may be busy on the same machine.
 */
import { summarize } from '../../bench/measure.ts';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { markPersonal } from '../../runtime/contract/privacy.ts';
import { cleanValue } from '../../runtime/filter/clean-value.ts';
import { createDraw } from './privacy-set/draw.ts';

const BYTES = 1_000_000;
const RUNS = 30;

/** Rows as a backend answers them; one in `every` names a person by mailbox and phone. */
function makeRows(every: number): JsonValue {
  const draw = createDraw(every);
  const rows: JsonValue[] = [];
  for (let bytes = 0; bytes < BYTES; ) {
    const id = rows.length + 1;
    const person = id % every === 0 ? ` Ask ada${id}@example.com, +44 20 7946 0${draw.digits(3)}.` : '';
    const row = {
      id,
      memory_id: `8fea425d-6481-4ed4-a23d-${draw.text(12, '0123456789abcdef')}`,
      content: `The team met on 2026-03-${draw.number(10, 28)} and decided that service ${id} moves to version 1.${draw.digits(1)}.${draw.digits(2)}; see ticket OPS-${draw.digits(4)}.${person}`,
      created_at: `2026-11-25T21:12:${draw.number(10, 59)}.798Z`,
      importance: draw.number(0, 1_000) / 1_000,
      tags: ['planning', 'service', `release-${draw.digits(2)}`],
    };
    bytes += JSON.stringify(row).length + 1;
    rows.push(row);
  }
  return rows;
}

async function timeOnce(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

async function time(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await timeOnce(work));
  return summarize(times.slice(RUNS / 3)).p50;
}

const write = (text: string): void => void process.stdout.write(`${text}\n`);
/** What is loaded when it is first needed. */
const FIRSTS = {
  'the first text': 'nobody is in it',
  'the first phone number': 'call +44 20 7946 0123',
  'the first national id': 'BSN 111222333',
  'the first one of another country': 'CPF 529.982.247-25',
};
for (const [what, text] of Object.entries(FIRSTS))
  write(`${what}: ${(await timeOnce(() => cleanValue([text], markPersonal))).toFixed(1)} ms`);
write(
  '| value of 1 MB | JSON, ms | secrets alone, ms | with personal data, ms | times JSON |\n|---|---:|---:|---:|---:|',
);
for (const [name, every] of [
  ['nobody in it', 1_000_000],
  ['one row in twenty names a person', 20],
  ['every row names a person', 1],
] as const) {
  const value = makeRows(every);
  const json = await time(() => JSON.parse(JSON.stringify(value)));
  const secrets = await time(() => cleanValue(value, undefined));
  const all = await time(() => cleanValue(value, markPersonal));
  write(
    `| ${name} | ${json.toFixed(1)} | ${secrets.toFixed(1)} | ${all.toFixed(1)} | ${(all / json).toFixed(1)} |`,
  );
}
