import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Check, openCheck } from '../../runtime/check/check.ts';
import type { Deprecation, OperationEntry } from '../../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import { OPERATIONS, TYPINGS } from './fixture.ts';

const DEPRECATED: Readonly<Record<string, Deprecation>> = {
  'memory.recall': { since: '2.0.0', use: 'graph.searchGraph', reason: 'It ranks by age.' },
  'memory.listMemories': {},
};

let check: Check;
before(async () => {
  const operations = OPERATIONS.map((entry): OperationEntry => {
    const deprecated = DEPRECATED[entry.id];
    return deprecated === undefined ? entry : { ...entry, deprecated };
  });
  check = await openCheck({ operations, typings: TYPINGS, rootName: 'athena', limits: DEFAULT_LIMITS });
});
after(() => check.close());

async function deprecationsIn(code: string) {
  const result = await check.check(code);
  assert.ok(result.ok, JSON.stringify(result));
  return result.warnings.filter((warning) => warning.code === 'DEPRECATED_OPERATION');
}

test('a program that names a deprecated operation runs, and is told where, why and what to call', async () => {
  const code = "const found = await athena.memory\n  .recall({ query: 'x' });\nreturn found;";
  assert.deepEqual(await deprecationsIn(code), [
    {
      code: 'DEPRECATED_OPERATION',
      message: '`memory.recall` is deprecated since 2.0.0: It ranks by age.',
      line: 2,
      column: 4,
      snippet: "  .recall({ query: 'x' });",
      suggestion: 'call `graph.searchGraph`',
    },
  ]);
});

for (const [code, places] of [
  ['await athena.memory.recall({ query: "x" }); await athena.memory.recall({ query: "y" });', [[1, 21]]],
  ['const { recall } = athena.memory; return recall({ query: "x" });', [[1, 9]]],
  ['const f = athena.memory["recall"]; return f({ query: "x" });', [[1, 11]]],
  [
    'await athena.memory.listMemories({}); await athena.memory.recall({ query: "x" });',
    [
      [1, 21],
      [1, 59],
    ],
  ],
  ['return athena.memory.remember({ content: "x", memory_type: "fact" });', []],
  // Reached, not named: all of a namespace are, and none of them is meant.
  ['const name = JSON.parse("1"); return (athena.memory as any)[name]({});', []],
] as const) {
  test(`${code} is warned at ${JSON.stringify(places)}`, async () => {
    const warnings = await deprecationsIn(code);
    assert.deepEqual(
      warnings.map(({ line, column }) => [line, column]),
      places,
    );
  });
}

test('a deprecation that names nothing has no suggestion', async () => {
  const [warning] = await deprecationsIn('return athena.memory.listMemories({});');
  assert.equal(warning?.message, '`memory.listMemories` is deprecated.');
  assert.equal(warning?.suggestion, undefined);
});
