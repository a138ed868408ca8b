import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { LIMITS } from '../../runtime/contract/limits.ts';

test('the page on limits has every limit, with the values in force', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/limits.md'), 'utf8');
  const number = (value: number): string => value.toLocaleString('en-US');
  const rows = Object.entries(LIMITS).map(
    ([name, { value, min, max, unit, what }]) =>
      `| \`${name}\` | ${number(value)} | ${number(min)} to ${number(max)} | ${unit} | ${what} |`,
  );
  assert.deepEqual(
    page.split('\n').filter((line) => line.startsWith('| `')),
    rows,
  );
});
