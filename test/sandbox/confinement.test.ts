import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import { findBreaches, runCanary } from '../../runtime/sandbox/canary.ts';
import { probeConfinement } from '../../runtime/sandbox/confinement.ts';
import { ConfinementFailed } from '../../runtime/sandbox/confinement-failed.ts';
import { encodeFrame } from '../../runtime/sandbox/frames.ts';
import { isAlive, until } from '../await-state.ts';
import { openTestSandbox } from './harness.ts';

const LINUX = process.platform === 'linux' ? false : 'these layers are Linux’s';

test('the canary finds every power denied that Node must deny, and the realm empty', async (t) => {
  const { sandbox, events } = await openTestSandbox();
  t.after(() => sandbox.close());
  const findings = events.flatMap((event) => (event.kind === 'canary' ? event.findings : []));
  assert.ok(findings.length > 20);
  assert.deepEqual(findBreaches(findings), []);
  assert.deepEqual(
    findings.filter(({ layer, denied }) => layer === 'realm' && !denied),
    [],
  );
});

test('a breach of the permission model is told from what it never covered', () => {
  const finding = { layer: 'process', denied: false, detail: 'succeeded' } as const;
  const read = { ...finding, power: 'read a file' };
  assert.deepEqual(
    findBreaches([read, { ...finding, power: 'signal the server' }, { ...read, denied: true }]),
    [read],
  );
});

test('a machine on which no worker starts is told by an error of its own', async () => {
  const guest = 'process.exit(3)';
  const confinement = await probeConfinement(DEFAULT_LIMITS, {});
  const kind = {
    confinement,
    guest: encodeFrame(guest),
    roots: ['athena'],
    limits: DEFAULT_LIMITS,
    onEvent() {},
  };
  await assert.rejects(runCanary(kind, guest), (error) => {
    assert.ok(error instanceof ConfinementFailed);
    assert.match(error.message, /^No sandbox worker can be started here: exit code 3/);
    return true;
  });
});

test('the layers in force are told in plain words', { skip: LINUX }, async (t) => {
  const full = await openTestSandbox();
  const bare = await openTestSandbox({}, { operatingSystem: false, processLimits: false });
  t.after(() => Promise.all([full.sandbox.close(), bare.sandbox.close()]));
  assert.deepEqual(bare.sandbox.confinement, [
    'separate processes',
    'hardened JavaScript (SES)',
    'Node permission model',
  ]);
  assert.deepEqual(full.sandbox.confinement.slice(0, 3), bare.sandbox.confinement);
  assert.equal(await bare.value('return 1;'), 1);
});

test('the kernel holds a worker to the layers that are told', { skip: LINUX }, async (t) => {
  const { sandbox, value, pids } = await openTestSandbox();
  t.after(() => sandbox.close());
  await value('return 1;');
  const [pid] = pids('worker-bound');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
  const told = sandbox.confinement;
  if (told.includes('no new privileges')) assert.match(status, /^NoNewPrivs:\t1$/m);
  if (told.includes('a user of no rights')) assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
  if (told.includes('no capabilities')) assert.match(status, /^CapEff:\t0+$/m);
  if (told.includes('limits on memory, files and processes')) {
    assert.match(limits, /^Max file size +0 /m);
    assert.match(limits, /^Max processes +1 /m);
    assert.match(limits, /^Max data size +\d+ /m);
    assert.match(limits, /^Max core file size +0 /m);
  }
});

test('when the server is killed in the middle of a loop, the worker dies too', { skip: LINUX }, async (t) => {
  const { sandbox } = await openTestSandbox();
  await sandbox.close();
  if (!sandbox.confinement.includes('death with the server')) return t.skip('setpriv is not here');
  const server = spawn(process.execPath, [fileURLToPath(new URL('./doomed-server.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
  const pid = Number.parseInt(line, 10);
  assert.equal(isAlive(pid), true);
  server.kill('SIGKILL');
  await until(() => !isAlive(pid));
});
