import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeError } from '../../runtime/sandbox/position.ts';
import { programOf } from './harness.ts';

const at = (line: number, column: number) => ({ name: 'E', message: 'm', line, column });

test('a column after insertions goes back to the agent’s own', () => {
  // The agent wrote `abcdef`; `XX` went in before c, `YYY` before e.
  const program = programOf('abXXcdYYYef', [
    { line: 1, column: 5, length: 3 },
    { line: 1, column: 3, length: 2 },
  ]);
  const columns = [...program.source].map((_, index) => placeError(at(1, index + 1), program).column);
  assert.deepEqual(columns, [1, 2, 3, 3, 3, 4, 5, 5, 5, 5, 6]);
});

test('insertions of other lines move nothing', () => {
  const program = programOf('one\ntwo', [{ line: 1, column: 1, length: 2 }]);
  assert.equal(placeError(at(2, 3), program).column, 3);
});

test('a place that is not in the program is left out', () => {
  const program = programOf('one\ntwo');
  for (const [line, column] of [
    [0, 1],
    [3, 1],
    [1, 0],
    [1, 99],
  ] as const) {
    assert.deepEqual(placeError(at(line, column), program), { name: 'E', message: 'm' });
  }
});
