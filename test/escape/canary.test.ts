import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { close as closeInspector, open as openInspector } from 'node:inspector';
import { connect } from 'node:net';
import { getPriority, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Canary, SIGNALS } from './canary.ts';
import { findDifference, refused, returns, stopped, throws } from './expectation.ts';

const LINUX = process.platform === 'linux' ? false : 'this is Linux’s';

let canary: Canary;
before(async () => {
  canary = await Canary.open({ standstillMs: 300, growthMb: 150 });
});
after(() => canary.close());
afterEach(async () => {
  await canary.inspect('');
  assert.deepEqual(await canary.inspect(''), [], 'it falls silent once it has told');
});

const target = (name: string): string => canary.aim(`{{${name}}}`);

test('the canary is silent while nothing happens', async () => {
  assert.deepEqual(await canary.inspect('{"kind":"finished","value":1}'), []);
});

for (const place of [
  'the secret file',
  'the server’s environment',
  'the environment that the server was started with',
  'the server’s memory',
  'another tenant’s session',
] as const) {
  test(`the canary fires when what is in ${place} comes back, however it is spelled`, async () => {
    const secret = canary.secrets[place];
    const bytes = Buffer.from(secret);
    for (const spelling of [
      secret,
      bytes.toString('hex'),
      bytes.toString('base64'),
      [...secret].reverse().join(''),
    ]) {
      const sightings = await canary.inspect(JSON.stringify({ value: [`x${spelling}x`] }));
      assert.ok(sightings.includes(`what is in ${place}`), sightings.join());
    }
  });
}

test('what the canary guards is where an attacker would look for it', { skip: LINUX }, async () => {
  assert.equal(readFileSync(target('secretFile'), 'utf8'), canary.secrets['the secret file']);
  assert.ok(Object.values(process.env).includes(canary.secrets['the server’s environment']));
  const started = readFileSync('/proc/self/environ', 'utf8');
  assert.ok(started.includes(canary.secrets['the environment that the server was started with']));
  await canary.inspect('');
});

test('the canary fires when a path of the server comes back', async () => {
  assert.deepEqual(await canary.inspect(`at ${import.meta.filename}:1`), ['a path of the server']);
});

test('the canary fires when a file is written, or the secret file changed', async () => {
  writeFileSync(`${target('dropDirectory')}/dropped`, '');
  writeFileSync(target('secretFile'), 'changed');
  assert.deepEqual(await canary.inspect(''), ['the secret file changed', 'the file dropped written']);
});

test('the canary fires when the secret file is read, though nothing comes back', async (context) => {
  if (!canary.tellsReads) return context.skip('this file system does not tell');
  readFileSync(target('secretFile'));
  assert.deepEqual(await canary.inspect(''), ['the secret file read']);
});

for (const [what, change] of [
  ['permissions', (file: string) => chmodSync(file, 0o644)],
  ['times', (file: string) => utimesSync(file, 1, 1)],
  ['name', (file: string) => rmSync(file)],
] as const)
  test(`the canary fires when the secret file’s ${what} changed`, async () => {
    change(target('secretFile'));
    assert.deepEqual(await canary.inspect(''), ['the secret file changed']);
  });

for (const place of ['/dev/shm', '/var/tmp', tmpdir()])
  test(`the canary fires when a file is left in ${place}`, { skip: LINUX }, async () => {
    writeFileSync(join(place, target('name')), '');
    assert.deepEqual(await canary.inspect(''), [`the file ${target('name')} written`]);
  });

test('the canary fires when someone connects, in any way', { skip: LINUX }, async () => {
  const tcp = connect(Number(target('port')), '127.0.0.1');
  const local = connect({ path: target('socketFile') });
  const abstract = connect({ path: `\0${target('socketName')}` });
  await Promise.all([tcp, local, abstract].map((socket) => once(socket, 'close')));
  const udp = createSocket('udp4');
  udp.send('x', Number(target('udpPort')), '127.0.0.1', () => udp.close());
  await once(udp, 'close');
  await wait(50);
  const sightings = await canary.inspect('');
  assert.deepEqual(sightings.toSorted(), [
    '1 connections',
    '1 connections to the abstract socket',
    '1 connections to the local socket',
    '1 datagrams',
  ]);
});

test('the canary fires when a worker has started a process', async () => {
  const worker = spawn('/bin/sh', ['-c', 'sleep 30 & echo started; wait'], { detached: true });
  await once(worker.stdout, 'data');
  const pid = worker.pid ?? 0;
  canary.watchWorker(pid);
  const [sighting = ''] = await canary.inspect('');
  canary.forgetWorker(pid);
  process.kill(-pid, 'SIGKILL');
  assert.match(sighting, /^process \d+ below a worker$/);
});

test('the canary fires when a worker lives on after its end', { skip: LINUX }, async () => {
  const worker = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)']);
  await once(worker, 'spawn');
  const pid = worker.pid ?? 0;
  canary.watchWorker(pid);
  canary.forgetWorker(pid);
  assert.deepEqual(await canary.inspect(''), [`worker ${pid} alive after its end`]);
  worker.kill('SIGKILL');
  await once(worker, 'close');
});

for (const signal of SIGNALS)
  test(`the canary fires when the server is sent ${signal}`, async () => {
    process.kill(process.pid, signal);
    await wait(50);
    assert.deepEqual(await canary.inspect(''), ['1 signals to the server']);
  });

for (const [what, change] of [
  ['the environment', () => Reflect.set(process.env, 'CHANGED', '1')],
  ['the mask of new files', () => void process.umask(0o077)],
  ['the directory', () => process.chdir('/')],
  ['the priority', () => setPriority(getPriority() + 1)],
  ['the inspector', () => openInspector(0)],
  [
    'the limits',
    async () => {
      await promisify(execFile)('/usr/bin/prlimit', [`--pid=${process.pid}`, '--core=0:0']);
    },
  ],
  ['the turn to die when memory is short', () => writeFileSync('/proc/self/oom_score_adj', '1')],
] as const)
  test(`the canary fires when ${what} of the server changed`, { skip: LINUX }, async () => {
    await change();
    assert.deepEqual(await canary.inspect(''), [`${what} of the server changed`]);
    if (what === 'the inspector') closeInspector();
  });

test('the canary fires when the server stands still, by its own time on a processor', async () => {
  await wait(100);
  const spent = (): number => process.threadCpuUsage().user / 1_000;
  const until = spent() + 500;
  while (spent() < until);
  const [sighting = ''] = await canary.inspect('');
  assert.match(sighting, /^the server stand still for \d+ ms$/);
});

test('the canary fires when the server grows beyond measure', async () => {
  const held = Buffer.alloc(200 * 1024 * 1024, 1);
  const sightings = await canary.inspect('');
  assert.match(sightings.join(), /the server grow by \d+ MB/);
  assert.equal(held.length > 0, true);
});

test('the canary fires when the server has a bug', async () => {
  canary.noteBug(new Error('by mistake'));
  const [sighting = ''] = await canary.inspect('');
  assert.match(sighting, /^a bug of the server: .*by mistake/);
});

test('an attack that ends otherwise than it must is told apart', () => {
  const outcome = {
    execution: '',
    session: '',
    warnings: [],
    effects: [],
    logs: [],
    calls: { made: 0, wrote: 0, unanswered: 0 },
  };
  const timings = { checkMs: 0, waitMs: 0, runMs: 0, filterMs: 0, totalMs: 0 };
  const leaked = { ...outcome, timings, kind: 'finished', value: 'loot', kept: false } as const;
  for (const expected of [refused('FORBIDDEN_GLOBAL'), throws(/x/), stopped('TIMEOUT'), returns('nothing')]) {
    assert.match(findDifference(expected, leaked) ?? '', /^expected .*; got finished .*loot/);
  }
  assert.equal(findDifference(returns('loot'), leaked), undefined);
  assert.match(findDifference(returns('loot', { wrote: 1 }), leaked) ?? '', /^expected/);
  const failure = { code: 'PROGRAM_ERROR', message: 'Error: other' } as const;
  const failed = { ...outcome, timings, kind: 'failed', failure, started: true } as const;
  assert.match(findDifference(throws(/^Error: this/), failed) ?? '', /^expected/);
});
