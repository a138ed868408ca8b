import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shareMinutes } from '../../../backend/embedded/tasks/share-minutes.ts';
import { splitSteps } from '../../../backend/embedded/tasks/split-steps.ts';

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ['Fix the parser', 'none', []],
  ['', 'none', []],
  ['Compare the old parser and the new parser', 'none', []],
  ['Write tests and docs', 'none', []],
  [
    'Plan: 1. read the file 2. map the fields 3. store them',
    'numbering',
    ['Read the file', 'Map the fields', 'Store them'],
  ],
  ['Step 1: tag it. Step 2: publish it.', 'numbering', ['Tag it', 'Publish it']],
  ['Upgrade from 2. something to version 3. today', 'none', []],
  ['Do this:\n- read\n- write', 'lines', ['Read', 'Write']],
  ['read the file\n\nwrite the file', 'lines', ['Read the file', 'Write the file']],
  ['Read the file. Then map it. Finally, store it.', 'sentences', ['Read the file', 'Map it', 'Store it']],
  ['Read the file, then map it and then store it', 'connectives', ['Read the file', 'Map it', 'Store it']],
  ['Export the users and import them again', 'connectives', ['Export the users', 'Import them again']],
  ['Use v1.2 of e.g. the parser', 'none', []],
];

for (const [text, by, steps] of CASES)
  test(`“${text.replaceAll('\n', '⏎')}” is split by ${by}`, () => {
    assert.deepEqual(splitSteps(text), { by, steps });
  });

test('no text yields exactly one step, and no step is empty', () => {
  const text = fc.array(
    fc.constantFrom('then', 'and', '1.', '2.', 'Do', 'it', '.', ',', '\n', '- ', ' ', 'x;'),
  );
  fc.assert(
    fc.property(text, (words) => {
      const { steps } = splitSteps(words.join(' '));
      assert.notEqual(steps.length, 1);
      assert.ok(steps.every((step) => step.trim() !== ''));
    }),
  );
});

test('shares of minutes add up to the total', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.nat(100_000), weights, (total, each) => {
      const shares = shareMinutes(total, each);
      assert.equal(
        shares.reduce((a, b) => a + b, 0),
        total,
      );
      assert.ok(shares.every((share) => share >= 0));
    }),
  );
});
