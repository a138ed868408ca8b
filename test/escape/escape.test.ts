import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { GROUPS } from './all-groups.ts';
import { Arena } from './arena.ts';
import { becomeOrdinaryUser } from './ordinary-user.ts';
import { CONFIGURATIONS, type Configuration } from './scenario.ts';

becomeOrdinaryUser();

const SCENARIOS = GROUPS.flatMap(({ scenarios }) => scenarios);
/** How many servers share the attacks of a configuration. Where a start realm is a ruin now and then, they take longest. */
const SERVERS: Readonly<Record<Configuration, number>> = { all: 1, checkOff: 1, processOnly: 2 };

test('every scenario has an id and a technique of its own', () => {
  assert.equal(new Set(SCENARIOS.map(({ id }) => id)).size, SCENARIOS.length);
  assert.equal(new Set(SCENARIOS.map(({ technique }) => technique)).size, SCENARIOS.length);
});

describe('attacks', { concurrency: true }, () => {
  for (const configuration of CONFIGURATIONS) {
    for (let server = 0; server < SERVERS[configuration]; server++) {
      describe(configuration, { concurrency: 1 }, () => {
        let arena: Arena;
        before(async () => {
          arena = await Arena.open(configuration);
        });
        after(() => arena.close());
        for (const scenario of SCENARIOS.filter((_, number) => number % SERVERS[configuration] === server)) {
          test(`${scenario.id} ${scenario.technique}`, async (context) => {
            const reason = arena.whyNot(scenario);
            if (reason !== undefined) return context.skip(reason);
            assert.deepEqual(await arena.attack(scenario), []);
          });
        }
      });
    }
  }
});
