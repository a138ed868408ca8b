import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { becomeOrdinaryUser } from '../escape/ordinary-user.ts';
import type { Configuration } from '../escape/scenario.ts';
import { createChance } from './chance.ts';
import { createGrammar, writePiece } from './grammar.ts';
import { PROGRAM_DEPTH, PROGRAM_GRAMMARS } from './program-grammar.ts';
import { fuzzPrograms } from './programs.ts';
import { shrinkPiece } from './shrink.ts';

becomeOrdinaryUser();

const SEED = 20_261;
/**
 * `npm run fuzz` tries far more. The check takes most of the time, and each server has one; a worker of the last kind serves
 * few programs before it is a ruin.
 */
const COUNTS: readonly (readonly [Configuration, count: number, seed: number])[] = [
  ['all', 240, SEED],
  ['all', 240, SEED + 100],
  ['checkOff', 480, SEED],
  ['processOnly', 48, SEED],
];
/** How many of a hundred programs must come to a result: those that end before they do anything prove nothing. */
const FINISHED: Readonly<Record<Configuration, number>> = { all: 15, checkOff: 30, processOnly: 20 };

describe('programs', { concurrency: true }, () => {
  for (const [configuration, count, seed] of COUNTS) {
    test(`no canary fires over ${count} programs made to break out of seed ${seed} [${configuration}]`, async () => {
      const { done, tally, findings } = await fuzzPrograms({ seed, count, configuration });
      assert.deepEqual(findings, []);
      assert.equal(done, count);
      assert.ok((tally.finished ?? 0) > (count * FINISHED[configuration]) / 100, JSON.stringify(tally));
    });
  }
});

test('a seed and an index make the same program again, and no other index does', () => {
  const write = (seed: number, index: number): string =>
    writePiece(PROGRAM_GRAMMARS.bold.generate('program', createChance(seed, index), PROGRAM_DEPTH));
  assert.equal(write(1, 7), write(1, 7));
  const texts = Array.from({ length: 500 }, (_, index) => write(1, index));
  assert.ok(new Set(texts).size > 450);
  assert.ok(texts.every((text) => !/[«»§]/.test(text)));
});

test('a grammar that never ends, or lacks a symbol or a spelling, is refused', () => {
  assert.throws(() => createGrammar({ a: ['«a»'] }), /never ends/);
  assert.throws(() => createGrammar({ a: ['x', '«b»'] }), /«b»/);
  assert.throws(() => createGrammar({ a: ['x', '«a:backwards»'] }), /spelling/);
});

test('a finding is made as small as what it shows allows', async () => {
  const grammar = createGrammar({
    list: ['«item»', [5, '«item», «list»']],
    item: ['x', '(«item»)', 'evil'],
  });
  const pieces = Array.from({ length: 50 }, (_, index) =>
    grammar.generate('list', createChance(3, index), 8),
  );
  const piece = pieces.find((one) => /^[^e]+, evil$/.test(writePiece(one)));
  assert.ok(piece);
  const shows = async (one: typeof piece): Promise<boolean> => writePiece(one).includes('evil');
  assert.equal(writePiece(await shrinkPiece(piece, grammar, shows, 100)), 'evil');
});
