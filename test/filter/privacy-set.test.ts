import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PERSONAL_KINDS } from '../../runtime/contract/privacy.ts';
import { NATIONAL_IDS } from '../../runtime/filter/personal/national-ids.ts';
import { generate, SEED } from './privacy-set/generate.ts';
import { FILE, type Line, OTHER_FILE, parseLines, printLines, readLines } from './privacy-set/line.ts';
import { precisionOf, recallOf, scoreFilter } from './score.ts';

const LEAST_RECALL = 0.98;
const LEAST_PRECISION = 0.97;

test('the labelled set is what its generator writes, and reads as what was written', () => {
  const lines = generate(SEED);
  assert.equal(printLines(lines), readFileSync(FILE, 'utf8'));
  assert.deepEqual(parseLines(printLines(lines)), lines);
});

test('the set has a thousand lines and more, of every kind, and as many without a hit', () => {
  const lines = readLines();
  const withHits = lines.filter(({ hits }) => hits.length > 0);
  assert.ok(lines.length >= 1_000, `${lines.length} lines`);
  assert.ok(lines.length - withHits.length >= withHits.length);
  const kinds = new Set(lines.flatMap(({ hits }) => hits.map(({ kind }) => kind)));
  assert.deepEqual([...kinds].toSorted(), [...PERSONAL_KINDS, 'secret'].toSorted());
});

test('national ids of at least ten countries are checked', () => {
  assert.ok(new Set(NATIONAL_IDS.map(({ country }) => country)).size >= 10);
});

const SETS: readonly (readonly [string, () => readonly Line[]])[] = [
  ['the labelled set', () => readLines()],
  ['another set of the same forms', () => generate(20_261_126)],
];

for (const [name, read] of SETS)
  test(`recall and precision keep their floors on ${name}, for every kind`, async () => {
    const { all, byKind, mistakes } = await scoreFilter(read());
    for (const [kind, score] of [...byKind, ['all', all] as const]) {
      assert.ok(recallOf(score) >= LEAST_RECALL, `recall of ${kind}: ${mistakes.join('\n')}`);
      assert.ok(precisionOf(score) >= LEAST_PRECISION, `precision of ${kind}: ${mistakes.join('\n')}`);
    }
  });

test('recall and precision keep their floors on what another author wrote, over all kinds', async () => {
  const { all, mistakes } = await scoreFilter(readLines(OTHER_FILE));
  assert.ok(recallOf(all) >= LEAST_RECALL, mistakes.join('\n'));
  assert.ok(precisionOf(all) >= LEAST_PRECISION, mistakes.join('\n'));
});
