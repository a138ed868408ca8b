import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import type { Reply } from '../../runtime/reply.ts';
import { until } from '../await-state.ts';
import { noSmallDisk, onSmallDisk } from '../small-disk.ts';
import { type BareServer, startBareServer } from './bare-server.ts';
import { MAIN, openTemporaryDirectory } from './open-client.ts';

const directory = openTemporaryDirectory();
after(() => directory.dispose());

const skip = noSmallDisk();

interface SmallDisk {
  readonly server: BareServer;
  /** The data directory, as the server sees it. */
  readonly data: string;
  /** @param leave how many bytes stay free */
  fill(leave?: number): void;
  free(): void;
}

async function start(t: TestContext, name: string): Promise<SmallDisk> {
  const data = join(directory.path, name);
  mkdirSync(data);
  const server = await startBareServer(
    data,
    ['--log-level', 'debug'],
    onSmallDisk({ place: data, megabytes: 12 }),
  );
  t.after(() => server.child.kill('SIGKILL'));
  const seen = `/proc/${server.child.pid}/root${data}`;
  const ballast = join(seen, 'ballast');
  return {
    server,
    data: seen,
    fill: (leave = 0) => {
      const { bavail, bsize } = statfsSync(seen);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - leave));
    },
    free: () => rmSync(ballast),
  };
}

/** Programs run until one does not: databases write into room that they have before they need more of the disk. */
async function untilRefused(server: BareServer): Promise<Reply> {
  for (let run = 0; run < 1_000; run += 1) {
    const reply = await server.execute(`return ${run};`);
    if (!reply.ok) return reply;
    assert.equal(reply.value, run);
  }
  throw new Error('the disk was never full');
}

test('on a full disk no program starts, nothing is lost, and all goes on when there is room again', {
  skip,
}, async (t) => {
  const { server, data, fill, free } = await start(t, 'idle');
  await server.execute("await session.set('kept', 'before')");
  fill();
  const refused = await untilRefused(server);
  assert.match(refused.error?.code ?? '', /^(AUDIT|SESSION)_UNAVAILABLE$/);
  assert.equal(refused.error?.ran, 'the program never started');
  const elsewhere = await server.execute('return 1;', { session: 'new' });
  assert.match(elsewhere.error?.code ?? '', /^(AUDIT|SESSION)_UNAVAILABLE$/);

  free();
  await until(async () => (await server.execute("return await session.get('kept')")).value === 'before');
  server.child.kill('SIGSTOP');
  const verify = [MAIN, 'audit', 'verify', '--data-dir', data];
  assert.match(execFileSync(process.execPath, verify, { encoding: 'utf8' }), /entries/);
  server.child.kill('SIGCONT');
  server.child.stdin?.end();
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

test('what a program is told is stored is stored, when the disk fills up under it', { skip }, async (t) => {
  const { server, fill, free } = await start(t, 'busy');
  await server.execute('return 1;');
  fill(2_000_000);
  const stored = await server.execute(
    `let stored = 0;
     for (;;) {
       try {
         await athena.memory.remember({ content: 'entry ' + stored + ' ' + 'x'.repeat(15_000), memory_type: 'fact' });
         stored += 1;
       } catch (error) {
         return { stored, said: String(error) };
       }
     }`,
    { timeoutMs: 30_000 },
  );
  const { stored: count, said } = stored.value as { stored: number; said: string };
  assert.match(said, /stored nothing: the disk is full/);
  assert.ok(count > 0, 'there was room for some');

  free();
  await until(async () => (await server.execute('return 1;')).value === 1);
  const memories = await server.execute(
    "return (await athena.memory.recall({ query: 'entry', k: 100 })).memories.length",
  );
  assert.equal(memories.value, count, JSON.stringify(memories.error));
  server.child.stdin?.end();
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});
