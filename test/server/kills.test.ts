import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openTemporaryDirectory } from './open-client.ts';
import { assertOnce, attempt, findInterrupted, openDoomed, TWENTY_CALLS } from './twenty-calls.ts';

/** Each starts a dozen servers, one after another: on a loaded machine that takes more than other tests may. */
const PATIENT = { timeout: 600_000 };

/** Runs the twenty calls in one server after another, each killed as it is told. */
async function runThroughKills(t: TestContext, killAt: (start: number) => string) {
  const { path: directory, dispose } = openTemporaryDirectory();
  t.after(dispose);
  let resume: string | undefined;
  for (let kills = 0; ; kills++) {
    assert.ok(kills < 50, 'the run does not get on');
    const what = resume === undefined ? { code: TWENTY_CALLS, session: 'killed' } : { resume };
    const tried = await attempt(openDoomed(directory, killAt(kills)), { ...what, timeoutMs: 30_000 });
    if (tried !== 'killed') {
      assert.ok(tried.reply.ok, JSON.stringify(tried.reply));
      assertOnce(directory, tried.reply);
      return { kills };
    }
    resume ??= await findInterrupted(directory);
  }
}

for (const [which, first] of [
  ['odd', 1],
  ['even', 2],
] as const)
  test(
    `a run of twenty calls whose server is killed at each of the ${which} ones, once it was carried out, has each effect once`,
    PATIENT,
    async (t) => {
      const { kills } = await runThroughKills(t, (start) => `before-frame:${start === 0 ? first : 3}`);
      assert.equal(kills, 10);
    },
  );

test(
  'wherever a server is killed, between any two statements, the run goes on and has each effect once',
  PATIENT,
  async (t) => {
    const { kills } = await runThroughKills(
      t,
      (start) => `before-statement:${[1, 2, 31, 44, 58, 73, 89, 106][start % 8]}`,
    );
    assert.ok(kills > 3);
  },
);
