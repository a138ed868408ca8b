import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isGone, nameOwner } from '../../runtime/session/owner.ts';

const OWNER = `import(${JSON.stringify(new URL('../../runtime/session/owner.ts', import.meta.url).href)})
  .then(({ nameOwner }) => { console.log(nameOwner()); process.stdin.resume(); })`;

test('a process counts as gone once it is, and not before', async () => {
  const child = spawn(process.execPath, ['--eval', OWNER]);
  const [name] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  assert.equal(isGone(name, Date.now()), false);
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(isGone(name, Date.now()), true);
});

test('this process is not gone, and another one of its number was', () => {
  assert.equal(isGone(nameOwner(), 0), false);
  const earlier = { ...JSON.parse(nameOwner()), startTicks: '1' };
  assert.equal(isGone(JSON.stringify(earlier), Date.now()), true);
});

test('a process of another namespace counts as alive for an hour', () => {
  const elsewhere = JSON.stringify({ ...JSON.parse(nameOwner()), namespace: 'pid:[1]' });
  assert.equal(isGone(elsewhere, Date.now()), false);
  assert.equal(isGone(elsewhere, Date.now() - 3_600_001), true);
});
