import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, type TestContext, test } from 'node:test';
import { isAlive, until } from '../await-state.ts';
import { type BareServer, startBareServer, untilGone } from './bare-server.ts';
import { MAIN, openTemporaryDirectory, processesBelow, readProcess } from './open-client.ts';

const LINUX = process.platform === 'linux' ? false : 'the processes of a server are found in /proc';
const directory = openTemporaryDirectory();
after(() => directory.dispose());

let started = 0;
const start = async (t: TestContext, flags: readonly string[] = []): Promise<BareServer> => {
  started += 1;
  const server = await startBareServer(join(directory.path, `server-${started}`), flags);
  t.after(() => server.child.kill('SIGKILL'));
  return server;
};

const TYPE_BOMB =
  'type P<U, K = U> = [U] extends [never] ? [] : K extends K ? [K, ...P<Exclude<U, K>>] : never; let p: P<1|2|3|4|5|6|7|8|9|10> = 1 as any; let q: P<1|2|3|4|5|6|7|8|9> = p as any; return q ?? 42;';
const ENDLESS = "await session.set('begun', true); while (true) {}";

/** How much processor time a process has used, in hundredths of a second; 0 when it is not there. */
function usedTicks(pid: number): number {
  const stat = readProcess(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

async function compilerOf(server: BareServer): Promise<number> {
  const below = await processesBelow(server.child.pid);
  const found = below.find((pid) => readProcess(pid, 'cmdline').includes('--api'));
  assert.ok(found !== undefined, 'the server has a compiler');
  return found;
}

async function begun(server: BareServer, session: string): Promise<void> {
  await until(async () => (await server.execute("return session.get('begun')", { session })).value === true);
}

/** What the server is doing when it is killed. */
const MOMENTS: Readonly<Record<string, (server: BareServer) => Promise<void>>> = {
  'right after its start': async () => undefined,
  'while it has nothing to do': async (server) => {
    await server.execute('return 1;');
  },
  'while a program loops': async (server) => {
    void server.execute(ENDLESS, { session: 'loop', timeoutMs: 30_000 });
    await begun(server, 'loop');
  },
  'while a program waits': async (server) => {
    void server.execute("await session.set('begun', true); await sleep(30_000);", {
      session: 'wait',
      timeoutMs: 30_000,
    });
    await begun(server, 'wait');
  },
  'while many programs start': async (server) => {
    await server.execute('return 1;');
    for (let session = 0; session < 20; session += 1) {
      void server.execute(`return ${session};`, { session: `s${session}` });
    }
  },
  'while its compiler is busy with a type bomb': async (server) => {
    await server.execute('return 1;');
    const compiler = await compilerOf(server);
    const before = usedTicks(compiler);
    void server.execute(TYPE_BOMB);
    await until(() => usedTicks(compiler) > before + 10);
  },
};

for (const [moment, prepare] of Object.entries(MOMENTS)) {
  test(`a server killed ${moment} leaves no process behind`, { skip: LINUX }, async (t) => {
    const server = await start(t);
    await prepare(server);
    const below = await server.freeze();
    process.kill(server.child.pid, 'SIGKILL');
    await server.ended;
    await untilGone(below);
  });
}

test('when the client is killed, the server ends and leaves no process behind', {
  skip: LINUX,
}, async (t) => {
  started += 1;
  const serverArgs = [MAIN, '--data-dir', join(directory.path, `server-${started}`)];
  // A client that starts a server, asks it for something endless, and is then killed.
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call' };
  const params = { name: 'execute', arguments: { code: 'while (true) {}', timeoutMs: 30_000 } };
  const script = `
    const { spawn } = require('node:child_process');
    const server = spawn(process.execPath, ${JSON.stringify(serverArgs)}, { stdio: ['pipe', 'ignore', 'ignore'] });
    server.stdin.write(${JSON.stringify(`${JSON.stringify({ ...call, params })}\n`)});
    process.stdout.write(server.pid + '\\n');`;
  const client = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  client.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await until(() => output.includes('\n'));
  const server = Number(output);
  t.after(() => isAlive(server) && process.kill(server, 'SIGKILL'));
  const isWorker = (pid: number): boolean => readProcess(pid, 'cmdline').includes('--permission');
  // A second of work: the program's loop, since nothing else of a worker takes so long.
  await until(async () =>
    (await processesBelow(server)).some((pid) => isWorker(pid) && usedTicks(pid) > 100),
  );
  const below = [server, ...(await processesBelow(server))];
  client.kill('SIGKILL');
  await untilGone(below);
});

test('a client that leaves in the middle of an endless run takes it along', { skip: LINUX }, async (t) => {
  const server = await start(t);
  void server.execute(ENDLESS, { session: 'loop', timeoutMs: 30_000 });
  await begun(server, 'loop');
  const below = await processesBelow(server.child.pid);
  server.child.stdin?.end();
  assert.deepEqual(await server.ended, { code: 0, signal: null });
  const file = join(directory.path, `server-${started}`, 'sessions.sqlite');
  const sessions = new DatabaseSync(file, { readOnly: true });
  const [run] = sessions.prepare("select outcome from executions where outcome <> 'finished'").all();
  sessions.close();
  assert.equal(run?.outcome, 'running', 'its time was waited for');
  await untilGone(below);
  assert.match(server.log(), /client left: ending/);
  assert.doesNotMatch(server.log(), /INTERNAL_ERROR/);
});

test('what is about to finish when a client closes its end is still answered', async (t) => {
  const server = await start(t);
  await server.execute('return 1;');
  const reply = server.execute('return "finished";');
  server.child.stdin?.end();
  assert.equal((await reply).value, 'finished');
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

test('a client that stops reading ends the server cleanly', { skip: LINUX }, async (t) => {
  const server = await start(t);
  await server.execute('return 1;');
  const below = await processesBelow(server.child.pid);
  server.child.stdout?.destroy();
  // Replies to several go nowhere.
  for (let run = 0; run < 5; run += 1) void server.execute(`return ${run};`);
  assert.deepEqual(await server.ended, { code: 0, signal: null });
  await untilGone(below);
  assert.doesNotMatch(server.log(), /INTERNAL_ERROR|EPIPE/);
});

test('a log that nobody reads is no reason to end', async (t) => {
  const server = await start(t, ['--log-level', 'debug']);
  server.child.stderr?.destroy();
  for (let session = 0; session < 3; session += 1) {
    assert.equal((await server.execute('return 1;', { session: `s${session}` })).value, 1);
  }
  server.child.stdin?.end();
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

/** Also stores, which a server that is to end must still do. */
const finishing = (ms: number): string =>
  `await session.set('begun', true); await sleep(${ms}); await session.set('kept', 1); return 'finished';`;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`${signal}, even twice, lets a run finish, refuses new ones, and ends with 0`, {
    skip: LINUX,
  }, async (t) => {
    const server = await start(t);
    const running = server.execute(finishing(4_000), { session: 'running', timeoutMs: 30_000 });
    await begun(server, 'running');
    const below = await processesBelow(server.child.pid);
    process.kill(server.child.pid, signal);
    process.kill(server.child.pid, signal);
    await until(() => server.log().includes('stopped: ending'));
    const refused = await server.execute('return 1;', { session: 'new' });
    assert.equal(refused.error?.code, 'SANDBOX_UNAVAILABLE');
    assert.match(refused.error?.message ?? '', /shutting down/);
    assert.equal((await running).value, 'finished');
    assert.deepEqual(await server.ended, { code: 0, signal: null });
    await untilGone(below);
  });
}

test('a run that does not finish within its limit ends a server that is to end all the same', async (t) => {
  const server = await start(t);
  const running = server.execute(ENDLESS, { session: 'running' });
  await begun(server, 'running');
  process.kill(server.child.pid, 'SIGTERM');
  assert.equal((await running).error?.code, 'TIMEOUT');
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

test('a result to be cut, of a run that was finishing at SIGTERM, is answered and kept', async (t) => {
  const server = await start(t);
  const code =
    "await session.set('begun', true); await sleep(2_000); return Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(20) }));";
  const reply = server.execute(code, { session: 'large', timeoutMs: 30_000 });
  await begun(server, 'large');
  process.kill(server.child.pid, 'SIGTERM');
  const { ok, whole, error } = await reply;
  assert.equal(ok, true, JSON.stringify(error));
  assert.match(whole ?? '', /^athena:\/\/results\//);
  assert.deepEqual(await server.ended, { code: 0, signal: null });
  assert.doesNotMatch(server.log(), /INTERNAL_ERROR/);
});
