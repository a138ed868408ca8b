import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Canary, SIGNAL } from './canary.ts';
import { findDifference, refused, returns, stopped, throws } from './expectation.ts';

let canary: Canary;
before(async () => {
  canary = await Canary.open(300);
});
after(() => canary.close());
afterEach(async () => {
  await canary.inspect('');
  assert.deepEqual(await canary.inspect(''), [], 'it falls silent once it has told');
});

const targets = (): readonly string[] => canary.aim('{{secretFile}}|{{dropDirectory}}|{{port}}').split('|');

test('the canary is silent while nothing happens', async () => {
  assert.deepEqual(await canary.inspect('{"kind":"finished","value":1}'), []);
});

for (const place of [
  'the secret file',
  'the server’s environment',
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
      assert.deepEqual(await canary.inspect(JSON.stringify({ value: [`x${spelling}x`] })), [
        `what is in ${place}`,
      ]);
    }
  });
}

test('what the canary guards is where an attacker would look for it', () => {
  const [secretFile = ''] = targets();
  assert.equal(readFileSync(secretFile, 'utf8'), canary.secrets['the secret file']);
  assert.ok(Object.values(process.env).includes(canary.secrets['the server’s environment']));
});

test('the canary fires when a path of the server comes back', async () => {
  assert.deepEqual(await canary.inspect(`at ${import.meta.filename}:1`), ['a path of the server']);
});

test('the canary fires when a file is written, or the secret file changed', async () => {
  const [secretFile = '', dropDirectory = ''] = targets();
  writeFileSync(`${dropDirectory}/dropped`, '');
  writeFileSync(secretFile, 'changed');
  assert.deepEqual(await canary.inspect(''), ['the file dropped written', 'the secret file changed']);
});

test('the canary fires when someone connects', async () => {
  const socket = connect(Number(targets()[2]), '127.0.0.1');
  await once(socket, 'close');
  assert.deepEqual(await canary.inspect(''), ['1 connections']);
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

test('the canary fires when the server is sent a signal', async () => {
  process.kill(process.pid, SIGNAL);
  await wait(50);
  assert.deepEqual(await canary.inspect(''), ['1 signals to the server']);
});

test('the canary fires when the server stands still', async () => {
  await wait(100);
  const until = performance.now() + 600;
  while (performance.now() < until);
  await wait(100);
  const [sighting = ''] = await canary.inspect('');
  assert.match(sighting, /^the server stand still for \d+ ms$/);
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
