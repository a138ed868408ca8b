import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckBudget } from '../../runtime/check/check-budget.ts';

function openBudget(): { readonly budget: CheckBudget; pass(ms: number): void } {
  let now = 5_000_000;
  return {
    budget: new CheckBudget(() => now),
    pass: (ms) => {
      now += ms;
    },
  };
}

test('a principal has three seconds of a minute with types, and three more without', () => {
  const { budget } = openBudget();
  const seen = [0, 2_999, 1, 2_999, 1].map((ms) => {
    budget.add('eve', ms);
    return [budget.hasTypes('eve'), budget.restMs('eve') > 0];
  });
  assert.deepEqual(seen, [
    [true, false],
    [true, false],
    [false, false],
    [false, false],
    [false, true],
  ]);
});

test('what one principal uses is not taken from another', () => {
  const { budget } = openBudget();
  budget.add('eve', 60_000);
  assert.equal(budget.hasTypes('ann'), true);
  assert.equal(budget.restMs('ann'), 0);
});

test('the share is whole again when the minute is over', () => {
  const { budget, pass } = openBudget();
  budget.add('eve', 1);
  pass(20_000);
  budget.add('eve', 6_000);
  assert.equal(budget.restMs('eve'), 40_000);
  pass(39_999);
  assert.equal(budget.restMs('eve'), 1);
  pass(1);
  assert.equal(budget.restMs('eve'), 0);
  assert.equal(budget.hasTypes('eve'), true);
  budget.add('eve', 10);
  assert.equal(budget.hasTypes('eve'), true);
});
