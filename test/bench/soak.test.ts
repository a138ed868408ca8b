import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFaults } from '../../bench/soak/find-faults.ts';
import { soak } from '../../bench/soak/soak.ts';

test('beside hostile clients every honest one gets right answers, and nothing is left behind', async () => {
  const [clients, hostile] = [20, 6];
  const report = await soak({ seconds: 5, clients, hostile, onProgress: () => undefined });
  assert.deepEqual(findFaults(report, clients - hostile), []);
  const runs = [...report.figures.ends.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(runs >= hostile, 'every hostile client ran something to its end');
});

test('a soak finds what it looks for', () => {
  const holding = { processes: [], dead: 0, descriptors: 20, rssMb: 100, heapMb: 50 };
  const figures = { right: 1, postponed: 0, wrong: ['client-1: x'], ends: new Map(), killed: 0 };
  const after = { ...holding, processes: ['7 S sleep'], descriptors: 21 };
  const report = {
    figures,
    served: 1,
    before: holding,
    halfway: holding,
    end: { ...holding, heapMb: 90 },
    after,
  };
  assert.deepEqual(findFaults(report, 2), [
    'client-1: x',
    '1 of 2 honest clients were served',
    'processes left: 7 S sleep',
    '1 descriptors left',
    'the heap grew from 50 to 90 MB',
  ]);
});
