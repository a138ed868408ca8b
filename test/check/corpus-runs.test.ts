import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { ErrorCode } from '../../runtime/contract/error-codes.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { TestEngine } from '../open-test-engine.ts';
import { openAthenaEngine } from './athena-engine.ts';
import { PROGRAMS } from './corpus-programs.ts';

/** What the programs find: memories, events, tasks, goals, a graph and procedures. */
const SEED = readFileSync(new URL('./corpus-seed.ts.txt', import.meta.url), 'utf8');
const SESSIONS = 4;

/** Programs that end with an error, by right. All others finish. */
const THROWS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  'errors/rethrow-with-context': ['OPERATION_FAILED', 'files a memory under a node that is not there'],
  'errors/unhandled-on-purpose': ['PROGRAM_ERROR', 'throws an error of its own'],
  ...Object.fromEntries(
    [
      'errors/operation-not-served',
      'unserved/automation-rules',
      'unserved/critical-path-gantt',
      'unserved/decompose-then-create-tasks',
      'unserved/estimates-with-uncertainty',
      'unserved/graph-communities',
      'unserved/hooks-audit',
      'unserved/repository-analysis-to-memory',
      'unserved/resilience-drill',
      'unserved/roi-of-tasks',
      'unserved/safety-gate-before-change',
      'unserved/security-scan-of-a-snippet',
      'unserved/skills-health-trend',
      'unserved/spatial-neighbourhood',
      'unserved/strategy-orchestration',
    ].map((name) => [name, ['OPERATION_NOT_SERVED', 'calls what the embedded Athena does not carry out']]),
  ),
};

let engine: TestEngine;
before(async () => {
  engine = await openAthenaEngine();
  assert.equal(codeOf(await engine.run(SEED)), undefined);
});
after(() => engine.close());

function codeOf(outcome: Outcome): ErrorCode | undefined {
  if (outcome.kind === 'refused') return outcome.failures[0]?.code;
  return outcome.kind === 'failed' ? outcome.failure.code : undefined;
}

// One after another: each finds what those before it have stored.
for (const [number, { name, code }] of PROGRAMS.entries()) {
  const [expected, why] = THROWS[name] ?? [];
  test(`${name} ${expected === undefined ? 'runs to its end' : `ends with ${expected}: it ${why}`}`, async () => {
    const outcome = await engine.run(code, `corpus-${number % SESSIONS}`);
    assert.equal(codeOf(outcome), expected, JSON.stringify(outcome));
    const mismatches = outcome.warnings.filter((warning) => warning.code === 'RESULT_MISMATCH');
    assert.deepEqual(mismatches, []);
  });
}

test('what ends with an error stands in the corpus', () => {
  const names = new Set(PROGRAMS.map(({ name }) => name));
  assert.deepEqual(
    Object.keys(THROWS).filter((name) => !names.has(name)),
    [],
  );
});
