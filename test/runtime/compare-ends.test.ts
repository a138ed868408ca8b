import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareEnds } from '../../runtime/compare-ends.ts';
import type { RunEnd } from '../../runtime/contract/sandbox.ts';

const RAN = { started: true, droppedLogs: 0, waitedMs: 0, ranMs: 1 };
const linesOf = (texts: readonly string[]) => texts.map((text) => ({ level: 'info' as const, text }));
const returned = (json: string, ...texts: string[]): RunEnd => ({
  ...{ kind: 'returned', json, ...RAN },
  logs: linesOf(texts),
});
const stopped = (...texts: string[]): RunEnd => ({
  ...{ kind: 'stopped', code: 'TIMEOUT', message: 'late', ...RAN },
  logs: linesOf(texts),
});

for (const [what, before, now, difference] of [
  [
    'the first line that says another thing',
    returned('1', 'a', 'b'),
    stopped('x'),
    'log line 1 was a and is now x',
  ],
  [
    'the end for which the log breaks off',
    returned('1', 'a', 'b'),
    stopped('a'),
    'the end was a value and is now TIMEOUT',
  ],
  [
    'a line that is missing',
    returned('1', 'a', 'b'),
    returned('2', 'a'),
    'log line 2 was b and is now not there',
  ],
  ['a line that was not there', returned('1'), returned('1', 'a'), 'log line 1 was not there and is now a'],
  [
    'the place in the value',
    returned('{"a":[1]}'),
    returned('{"a":[2]}'),
    'the value at /a/0 was 1 and is now 2',
  ],
  ['nothing where all is the same', returned('1', 'a'), returned('1', 'a'), undefined],
  ['nothing where both ran out of time, one of them further', stopped('a', 'b'), stopped('a'), undefined],
] as const)
  test(`the first difference is ${what}`, () => {
    assert.equal(compareEnds(before, now, undefined), difference);
  });
