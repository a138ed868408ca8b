import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { isAlive, until } from '../await-state.ts';
import { MAIN, openClient, openTemporaryDirectory, processesBelow } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const directory = openTemporaryDirectory();
after(() => directory.dispose());

test('--help names every flag and its environment variable, and ends', async () => {
  const { code, stdout } = await runToEnd(['--help']);
  assert.equal(code, 0);
  for (const word of [
    '--data-dir',
    'ATHENA_DATA_DIR',
    '--backend',
    '--allow',
    '--policy',
    'ATHENA_POLICY',
    '--limit',
    '--log-level',
    '--version',
  ]) {
    assert.ok(stdout.includes(word), word);
  }
});

test('--help of a command leads to the flags that it shares with the server', async () => {
  assert.match((await runToEnd(['audit', 'verify', '--help'])).stdout, /--data-dir among them/);
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'));
  assert.equal((await runToEnd(['--version'])).stdout.trim(), version);
});

for (const [name, flags, expected] of [
  ['an unknown flag', ['--dta-dir', 'x'], /unknown option '--dta-dir'[\s\S]*--data-dir/],
  ['an argument that is none', ['surplus'], /too many arguments/],
  [
    'an unknown limit',
    ['--limit', 'runSeconds=5'],
    /INVALID_SETTING: There is no limit "runSeconds"; limits are .*runMs/,
  ],
  [
    'a limit that is no number',
    ['--limit', 'runMs=soon'],
    /INVALID_SETTING: Limit runMs is a whole number from 100 to 30000 \(ms\), not "soon"/,
  ],
  ['a limit out of its range', ['--limit', 'runMs=99'], /from 100 to 30000/],
  [
    'an unknown effect',
    ['--allow', 'read,destroy'],
    /INVALID_SETTING: Effects are read, write, delete, admin.*destroy/,
  ],
  ['an unknown log level', ['--log-level', 'loud'], /loud.*debug/s],
  [
    'a backend that does not exist',
    ['--backend', 'no-such-command-here'],
    /BACKEND_START_FAILED: .*no-such-command-here/,
  ],
  ['a backend that is no MCP server', ['--backend', 'node -e "process.exit(3)"'], /BACKEND_START_FAILED/],
  ['a backend with an open quote', ['--backend', 'node "x'], /BACKEND_START_FAILED|INVALID_SETTING/],
] as const) {
  test(`${name} is refused with a message, and nothing on standard output`, async () => {
    const { code, stdout, stderr } = await runToEnd(['--data-dir', join(directory.path, 'flags'), ...flags]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, expected);
    assert.equal(stdout, '');
  });
}

test('a data directory that is missing is made, for its owner only', async () => {
  const path = join(directory.path, 'new', 'deep');
  const { code } = await runToEnd(['--data-dir', path]);
  assert.equal(code, 0);
  assert.ok(existsSync(join(path, 'athena.sqlite')));
});

test('the data directory can come from the environment', async () => {
  const path = join(directory.path, 'from-env');
  assert.equal((await runToEnd([], { ATHENA_DATA_DIR: path })).code, 0);
  assert.ok(existsSync(path));
});

test('a data directory that is a file, or cannot be made, is refused by name', async () => {
  const file = join(directory.path, 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'below'), '/proc/athena']) {
    const { code, stderr } = await runToEnd(['--data-dir', path]);
    assert.equal(code, 1);
    assert.match(stderr, /DATA_DIR_UNUSABLE: .*--data-dir/);
    assert.ok(stderr.includes(path), stderr);
  }
});

test('a database that is damaged, or newer than this version, is refused and left as it is', async () => {
  const path = join(directory.path, 'damaged');
  mkdirSync(path);
  writeFileSync(join(path, 'athena.sqlite'), 'this is no database, but somebody’s notes'.repeat(100));
  const before = readFileSync(join(path, 'athena.sqlite'));
  const { code, stderr } = await runToEnd(['--data-dir', path]);
  assert.equal(code, 1);
  assert.match(stderr, /DATABASE_UNUSABLE: .*athena\.sqlite/);
  assert.deepEqual(readFileSync(join(path, 'athena.sqlite')), before);

  const newer = join(directory.path, 'newer');
  await runToEnd(['--data-dir', newer]);
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(newer, 'sessions.sqlite'));
  database.exec("insert into kysely_migration values ('999-future', '2030-01-01')");
  database.close();
  const refused = await runToEnd(['--data-dir', newer]);
  assert.match(refused.stderr, /DATABASE_UNUSABLE: .*sessions\.sqlite/);
});

test('a database that another program holds locked is named, and the server ends', async () => {
  const path = join(directory.path, 'locked');
  await runToEnd(['--data-dir', path]);
  const { DatabaseSync } = await import('node:sqlite');
  const holder = new DatabaseSync(join(path, 'athena.sqlite'));
  holder.exec('begin exclusive');
  const { code, stderr } = await runToEnd(['--data-dir', path]);
  holder.exec('rollback');
  holder.close();
  assert.equal(code, 1);
  assert.match(stderr, /DATABASE_UNUSABLE: .*athena\.sqlite: database is locked/);
});

test('when the client leaves, the server ends by itself and no worker stays', async () => {
  const connection = await openClient(join(directory.path, 'leaving'));
  await connection.execute('return 1');
  const below = await processesBelow(connection.pid);
  assert.ok(below.length > 0);
  await connection.close();
  await until(() => !isAlive(connection.pid) && below.every((pid) => !isAlive(pid)));
});

test('what a killed server had acknowledged is there when the next one starts', async () => {
  const path = join(directory.path, 'killed');
  const connection = await openClient(path);
  const reply = await connection.execute(
    "await athena.memory.remember({ content: 'survives a kill', memory_type: 'fact' }); await session.set('k', 'v');",
    { session: 's' },
  );
  assert.equal(reply.ok, true);
  process.kill(connection.pid, 'SIGKILL');
  await until(() => !isAlive(connection.pid));
  const again = await openClient(path);
  const found = await again.execute(
    "return [await session.get('k'), JSON.stringify(await athena.memory.recall({ query: 'kill' })).includes('survives a kill')];",
    { session: 's' },
  );
  assert.deepEqual(found.value, ['v', true]);
  await again.close();
});

test('standard output carries the protocol and nothing else', async () => {
  const child = spawn(process.execPath, [MAIN, '--data-dir', join(directory.path, 'stdout')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const send = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'raw', version: '1' };
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
  });
  send({ method: 'notifications/initialized' });
  child.stdin.write('this is not JSON\n');
  send({
    id: 2,
    method: 'tools/call',
    params: { name: 'execute', arguments: { code: "console.log('x'); return 1" } },
  });
  await until(() => output.includes('"id":2'));
  child.stdin.end();
  await once(child, 'exit');
  for (const line of output.trim().split('\n')) assert.equal(JSON.parse(line).jsonrpc, '2.0');
});

test('a read-only data directory is refused', {
  skip: process.getuid?.() === 0 && 'root may write anywhere',
}, async () => {
  const path = join(directory.path, 'read-only');
  mkdirSync(path);
  chmodSync(path, 0o500);
  assert.match((await runToEnd(['--data-dir', path])).stderr, /DATA_DIR_UNUSABLE/);
});
