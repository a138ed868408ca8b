import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomeOrdinaryUser } from '../escape/ordinary-user.ts';
import { fuzzPrograms } from './programs.ts';

becomeOrdinaryUser();

/** A fuzzer whose programs could not break out of anything would prove nothing. */
test('with no layer on, the canary fires within a hundred programs, and the finding says how to repeat it', async () => {
  const { done, findings } = await fuzzPrograms({
    seed: 20_265,
    count: 96,
    configuration: 'processOnly',
    confinement: { permissions: false, operatingSystem: false, processLimits: false },
    enough: 1,
    shrinkTries: 12,
  });
  const [first] = findings;
  assert.ok(first, `no canary fired over ${done} programs`);
  assert.match(
    first.what.join('\n'),
    /the canary saw (?:what is in|\d+ connections|the file|the secret file)/,
  );
  assert.match(first.input, /secretFile|dropDirectory|port|env|binding|memory/);
  assert.equal(first.repeat, `programs:processOnly --seed 20265 --only ${first.index}`);
});
