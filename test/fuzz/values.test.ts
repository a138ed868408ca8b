import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../runtime/contract/json.ts';
import { becomeOrdinaryUser } from '../escape/ordinary-user.ts';
import { fuzzValues } from './values.ts';

becomeOrdinaryUser();

const SEED = 20_264;

test('hostile values leave a program as JSON makes of them once, on every way, and harm nobody', async () => {
  const { done, tally, findings } = await fuzzValues({ seed: SEED, count: 600 });
  assert.deepEqual(findings, []);
  assert.equal(done, 600);
  for (const end of [
    'result finished',
    'argument finished',
    'variable finished',
    'exception PROGRAM_ERROR',
  ]) {
    assert.ok((tally[end] ?? 0) > 50, JSON.stringify(tally));
  }
});

test('a backend that receives something else than JSON makes of the value is found', async () => {
  const hear = (params: JsonObject): JsonObject => JSON.parse(JSON.stringify(params).replaceAll('null', '0'));
  const { findings } = await fuzzValues({ seed: SEED, count: 300, hear, enough: 1, shrinkTries: 0 });
  assert.match(findings.flatMap(({ what }) => what).join('\n'), /reached the backend, not/);
});
