import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { GROUPS } from './all-groups.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(resolve(ROOT, 'docs/threat-model.md'), 'utf8');
const SCENARIOS = GROUPS.flatMap(({ scenarios }) => scenarios);
const IDS: ReadonlySet<string> = new Set(SCENARIOS.map(({ id }) => id));

interface Row {
  readonly stride: string;
  readonly ids: readonly string[];
}

/** `TA-01 to TA-03, TA-05`: the ids of a range that exist. */
function readIds(cell: string): readonly string[] {
  return cell.split(', ').flatMap((part) => {
    const [first = '', last = first] = part.trim().split(' to ');
    assert.ok(IDS.has(first) && IDS.has(last), `${part} names no scenario`);
    return [...IDS].filter((id) => id.slice(0, 2) === first.slice(0, 2) && id >= first && id <= last);
  });
}

const ROWS: readonly Row[] = PAGE.split('\n')
  .filter((line) => /^\| [STRIDE] \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, stride = '', , ids = '']) => ({ stride, ids: readIds(ids) }));

test('every attack stands in one row of the threat model, under its own class', () => {
  for (const { id, stride } of SCENARIOS) {
    const rows = ROWS.filter(({ ids }) => ids.includes(id));
    assert.equal(rows.length, 1, `${id} stands in ${rows.length} rows`);
    assert.equal(rows[0]?.stride, stride, `${id} stands under another class`);
  }
});

test('every file that the threat model names exists', () => {
  for (const [, file = ''] of PAGE.matchAll(/`((?:runtime|test)\/[\w./-]+)`/g)) {
    assert.ok(existsSync(resolve(ROOT, file)), `${file} is named and not there`);
  }
});

test('the threat model says how many attacks there are', () => {
  assert.ok(PAGE.includes(`: ${SCENARIOS.length} of them`), `there are ${SCENARIOS.length}`);
});
