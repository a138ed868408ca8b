import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GROUPS } from './all-groups.ts';
import { Arena } from './arena.ts';
import { becomeOrdinaryUser } from './ordinary-user.ts';

becomeOrdinaryUser();

const SCENARIOS = GROUPS.flatMap(({ scenarios }) => scenarios);
let arena: Arena;
before(async () => {
  arena = await Arena.open('processOnly', {
    permissions: false,
    operatingSystem: false,
    processLimits: false,
  });
});
after(() => arena.close());

/** Attacks that must succeed once nothing stops them: an attack that cannot would prove nothing. */
for (const [id, sighting] of [
  ['EV-01', /what is in the secret file/],
  ['MO-22', /what is in the secret file/],
  ['PR-01', /what is in the secret file/],
  ['PR-02', /what is in the secret file/],
  ['PR-09', /the secret file changed/],
  ['PR-10', /the secret file changed/],
  ['PR-08', /the file written written/],
  ['PR-12', /the file link written/],
  ['PR-14', /the file heap written/],
  ['PR-30', /connections/],
  ['PR-31', /connections/],
  ['AP-06', /connections/],
  ['PR-40', /the file child written/],
  ['PR-41', /process \d+ below a worker/],
  ['PR-50', /signals to the server/],
] as const) {
  test(`with no layer on, ${id} succeeds and the canary tells`, async () => {
    const scenario = SCENARIOS.find((one) => one.id === id);
    assert.ok(scenario);
    assert.match((await arena.attack(scenario)).join('\n'), sighting);
  });
}
