import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import type { Reply } from '../../runtime/reply.ts';
import { until } from '../await-state.ts';
import { type BareServer, startBareServer } from './bare-server.ts';
import { openTemporaryDirectory } from './open-client.ts';

const LINUX =
  process.platform === 'linux' ? false : 'limits of a running process can be lowered on Linux only';
const directory = openTemporaryDirectory();
after(() => directory.dispose());

/** Nobody's; root is exempt from the limit on processes. */
const USER = 64_001;
const IS_ROOT = process.getuid?.() === 0;
const BECOME_USER = IS_ROOT ? ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'] : [];

async function start(t: TestContext, name: string): Promise<BareServer> {
  const data = join(directory.path, name);
  mkdirSync(data);
  if (IS_ROOT) {
    chownSync(directory.path, USER, USER);
    chownSync(data, USER, USER);
  }
  const server = await startBareServer(data, ['--log-level', 'debug'], BECOME_USER);
  t.after(() => server.child.kill('SIGKILL'));
  return server;
}

/** Lowers or raises a limit of the running server; what it was allowed at most stays. */
const limit = ({ child }: BareServer, what: 'nproc' | 'nofile', value: number | string): void =>
  void execFileSync(
    'prlimit',
    [`--pid=${child.pid}`, `--${what}=${value}:`],
    IS_ROOT ? { uid: USER, gid: USER } : {},
  );

const attempts = (server: BareServer): number => server.log().split('"kind":"worker-ended"').length;

const run = (server: BareServer, session: string): Promise<Reply> => server.execute('return 1;', { session });

/** Runs in new sessions until one needs a worker that cannot be started. */
async function untilRefused(server: BareServer): Promise<Reply> {
  for (let session = 0; ; session += 1) {
    const reply = await run(server, `new-${session}`);
    if (!reply.ok) return reply;
    assert.ok(session < 10, 'workers are still started');
  }
}

/** The limits that make every start of a process fail, each in its own way. */
const SHORTAGES = {
  'has no process left': (server: BareServer) => limit(server, 'nproc', 1),
  'has no descriptor left': (server: BareServer) => {
    const held = new Set(readdirSync(`/proc/${server.child.pid}/fd`));
    let free = 0;
    while (held.has(String(free))) free += 1;
    limit(server, 'nofile', free);
  },
};

for (const [shortage, impose] of Object.entries(SHORTAGES)) {
  test(`a server that ${shortage} says so, serves who has a worker, and recovers`, {
    skip: LINUX,
  }, async (t) => {
    const server = await start(t, shortage.replaceAll(' ', '-'));
    assert.equal((await run(server, 'first')).value, 1);
    const files = Number(/Max open files\s+(\d+)/.exec(limitsOf(server))?.[1]);
    const processes = /Max processes\s+(\w+)/.exec(limitsOf(server))?.[1] ?? '';
    impose(server);
    const refused = await untilRefused(server);
    assert.equal(refused.error?.code, 'SANDBOX_UNAVAILABLE', JSON.stringify(refused.error));
    assert.match(
      refused.error?.message ?? '',
      /^No worker could be started: .+ Try again in a few seconds\.$/,
    );
    assert.equal(refused.error?.ran, 'the program never started');
    assert.equal((await run(server, 'first')).value, 1);

    const before = attempts(server);
    const asked = await Promise.all(
      Array.from({ length: 30 }, (_, session) => run(server, `more-${session}`)),
    );
    for (const { error } of asked) assert.equal(error?.code, 'SANDBOX_UNAVAILABLE');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.ok(attempts(server) - before < 30, `${attempts(server) - before} attempts to start a worker`);

    limit(server, 'nproc', processes);
    limit(server, 'nofile', files);
    await until(async () => (await run(server, 'again')).value === 1);
    server.child.stdin?.end();
    assert.deepEqual(await server.ended, { code: 0, signal: null });
    assert.doesNotMatch(server.log(), /INTERNAL_ERROR/);
  });
}

function limitsOf({ child }: BareServer): string {
  return execFileSync('cat', [`/proc/${child.pid}/limits`], { encoding: 'utf8' });
}
