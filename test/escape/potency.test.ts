import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { GROUPS } from './all-groups.ts';
import { Arena } from './arena.ts';
import { becomeOrdinaryUser } from './ordinary-user.ts';

becomeOrdinaryUser();

const SCENARIOS = GROUPS.flatMap(({ scenarios }) => scenarios);
const LOOKS = 100;
const LOOK_MS = 20;

let arena: Arena;
before(async () => {
  const confinement = { permissions: false, operatingSystem: false, processLimits: false };
  arena = await Arena.open('processOnly', { confinement });
});
after(() => arena.close());

/**
 * Attacks that must succeed once nothing stops them: an attack that cannot would prove nothing. At least one for
 * each thing that the canary watches, but for what no program can do to this process at all (its memory is out of
 * reach of other processes by the kernel's own rule) or what would be the end of the test.
 */
for (const [watched, attacks] of Object.entries({
  'files, by what comes back': [
    ['EV-01', /what is in the secret file/],
    ['MO-22', /what is in the secret file/],
    ['PR-01', /what is in the secret file/],
    ['PR-02', /what is in the secret file/],
    ['PR-87', /what is in the secret file/],
  ],
  'another tenant’s data': [['PR-25', /what is in another tenant’s session/]],
  'files changed': [
    ['PR-09', /the secret file changed/],
    ['PR-10', /the secret file changed/],
    ['PR-19', /the secret file changed/],
    ['PR-84', /the secret file changed/],
    ['PR-85', /the secret file changed/],
  ],
  'files made': [
    ['PR-08', /the file written written/],
    ['PR-12', /the file link written/],
    ['PR-14', /the file heap written/],
    ['PR-18', /the file canary-\S+ written/],
    ['PR-26', /the file report\S+ written/],
    ['PR-27', /the file report\S+ written/],
    ['PR-28', /the file report\S+ written/],
    ['PR-81', /the file hard written/],
    ['PR-82', /the file copy written/],
    ['PR-83', /the file made written/],
    ['PR-88', /the file stream written/],
  ],
  connections: [
    ['PR-30', /\d+ connections\n/],
    ['PR-31', /\d+ connections\n/],
    ['PR-79', /\d+ connections\n/],
    ['PR-80', /\d+ connections\n/],
    ['AP-06', /\d+ connections\n/],
  ],
  datagrams: [
    ['PR-32', /datagrams/],
    ['PR-77', /datagrams/],
  ],
  'local sockets': [['PR-39', /connections to the local socket/]],
  'abstract sockets': [['PR-59', /connections to the abstract socket/]],
  'child processes': [
    ['PR-40', /the file child written/],
    ['PR-41', /process \d+ below a worker/],
  ],
  signals: [
    ['PR-50', /signals to the server/],
    ['PR-52', /signals to the server/],
  ],
  'the inspector': [['PR-91', /the inspector of the server changed/]],
  limits: [['PR-99', /the limits of the server changed/]],
  'the priority': [['PR-55', /the priority of the server changed/]],
} as const))
  for (const [id, sighting] of attacks)
    test(`with no layer on, ${id} succeeds and the canary, watching ${watched}, tells`, async () => {
      const scenario = SCENARIOS.find((one) => one.id === id);
      assert.ok(scenario);
      let seen = `${(await arena.attack(scenario)).join('\n')}\n`;
      for (let look = 0; look < LOOKS && !sighting.test(seen); look += 1) {
        await wait(LOOK_MS);
        seen += `${(await arena.lookAgain()).join('\n')}\n`;
      }
      assert.match(seen, sighting);
    });
