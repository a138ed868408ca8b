import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startBareServer } from './bare-server.ts';
import { MAIN, openTemporaryDirectory } from './open-client.ts';

const directory = openTemporaryDirectory();
after(() => directory.dispose());

const PRELOAD = resolve(import.meta.dirname, 'fixtures/set-clock.ts');
const DAY_MS = 24 * 3_600_000;
const PER_MINUTE = 8;

for (const [jump, days] of Object.entries({
  'a year ahead': 365,
  'a year back': -365,
  'two days ahead': 2,
})) {
  test(`a clock that is set ${jump} under a server changes no limit and loses no session`, async (t) => {
    const data = join(directory.path, `${days}`);
    const clock = join(directory.path, `${days}.txt`);
    writeFileSync(clock, '0');
    const server = await startBareServer(
      data,
      ['--limit', `executionsPerMinute=${PER_MINUTE}`],
      ['env', `SET_CLOCK=${clock}`, `NODE_OPTIONS=--import=${PRELOAD}`],
    );
    t.after(() => server.child.kill('SIGKILL'));
    const daysOff = async (): Promise<number> => {
      const { value } = await server.execute('return Date.now();');
      return Math.round((Number(value) - Date.now()) / DAY_MS);
    };
    await server.execute("await session.set('kept', 'before');", { session: 'idle' });
    assert.ok((await daysOff()) === 0);

    const finishing = server.execute("await sleep(2_000); return 'finished';", { session: 'finishing' });
    const endless = server.execute('while (true) {}', { session: 'endless', timeoutMs: 2_000 });
    await wait(1_000);
    writeFileSync(clock, String(days * DAY_MS));
    assert.equal(await daysOff(), days, 'programs see the clock as it is now');
    assert.equal((await finishing).value, 'finished');
    assert.equal((await endless).error?.code, 'TIMEOUT');

    // A new session is what makes the server look for those that nobody used any more.
    for (const session of ['new', 'newer']) await server.execute('return 1;', { session });
    const kept = await server.execute("return await session.get('kept');", { session: 'idle' });
    assert.equal(kept.value, 'before');

    const { error } = await server.execute('return 1;');
    assert.equal(error?.code, 'RATE_LIMITED');
    const seconds = Number(/again in (\d+) s/.exec(error?.message ?? '')?.[1]);
    assert.ok(seconds > 0 && seconds <= 60, error?.message);

    server.child.stdin?.end();
    assert.deepEqual(await server.ended, { code: 0, signal: null });
    const verify = [MAIN, 'audit', 'verify', '--data-dir', data];
    assert.match(execFileSync(process.execPath, verify, { encoding: 'utf8' }), /entries/);
  });
}
