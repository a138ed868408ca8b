import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const directory = openTemporaryDirectory();
after(() => directory.dispose());

type Entry = Record<string, unknown> & { readonly kind: string };

async function readEntries(path: string, ...flags: readonly string[]): Promise<readonly Entry[]> {
  const { stdout, code } = await runToEnd(['audit', 'show', '--data-dir', path, ...flags]);
  assert.equal(code, 0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('every execution and every call is written down, with verdict, outcome and duration', async () => {
  const path = join(directory.path, 'calls');
  const server = await openClient(path);
  const code = `
const { memory_id } = await athena.memory.remember({ content: 'kept', memory_type: 'fact' });
try { await athena.memory.forget({ memory_id: -1 }); } catch {}
await session.set('id', memory_id);
return 1;`;
  const { execution } = await server.execute(code, { session: 'calls' });
  const refused = await server.execute('return await athena.memory.optimize({});', { session: 'calls' });
  await server.execute('return 1;', { session: 'calls', dryRun: true });
  await server.close();
  const [started, remembered, forgot, ended, ...others] = await readEntries(path);
  const hash = createHash('sha256').update(code).digest('hex');
  const about = { principal: 'local', session: 'calls', code: hash, execution };
  const shown = (entry: object, ...members: readonly string[]) =>
    Object.fromEntries(Object.entries(entry).filter(([name]) => members.includes(name)));
  assert.deepEqual(started, {
    seq: 1,
    at: started!.at,
    kind: 'started',
    ...about,
    operations: { 'memory.forget': 'allow', 'memory.remember': 'allow' },
  });
  assert.deepEqual(shown(remembered!, 'kind', 'execution', 'operation', 'effect', 'verdict', 'outcome'), {
    kind: 'call',
    execution,
    operation: 'memory.remember',
    effect: 'write',
    verdict: 'allow',
    outcome: 'answered',
  });
  assert.match(String(remembered!.parameters), /^[\da-f]{64}$/);
  assert.equal(typeof remembered!.ms, 'number');
  assert.equal(forgot!.outcome, 'INVALID_PARAMETERS');
  assert.deepEqual(shown(ended!, 'kind', 'execution', 'outcome', 'calls', 'wrote', 'session', 'code'), {
    kind: 'ended',
    ...shown(about, 'session', 'code', 'execution'),
    outcome: 'finished',
    calls: 1,
    wrote: 1,
  });
  assert.deepEqual(
    others.map(({ kind, outcome }) => [kind, outcome]),
    [
      ['ended', 'OPERATION_DENIED'],
      ['ended', 'planned'],
    ],
  );
  assert.deepEqual(
    (await readEntries(path, '--execution', refused.execution)).map(({ kind }) => kind),
    ['ended'],
  );
});

test('audit verify says that the log is whole, and names what was changed', async () => {
  const path = join(directory.path, 'verified');
  const server = await openClient(path);
  for (let run = 0; run < 3; run += 1) await server.execute(`return ${run};`);
  await server.close();
  const verify = (...flags: readonly string[]) => runToEnd(['audit', 'verify', '--data-dir', path, ...flags]);
  const whole = await verify();
  assert.deepEqual([whole.code, whole.stderr], [0, '']);
  assert.match(whole.stdout, /is whole: 6 entries\.\nhead 6:[\da-f]{64}\n/);
  const [, head = ''] = /head (\S+)/.exec(whole.stdout) ?? [];
  assert.equal((await verify('--head', head)).code, 0);
  assert.match((await verify('--head', 'six')).stderr, /INVALID_SETTING: A head is/);
  const database = new DatabaseSync(join(path, 'audit.sqlite'));
  database.exec('drop trigger no_update');
  database.exec("update entries set entry = replace(entry, 'finished', 'TIMEOUT') where seq = 4");
  database.close();
  const altered = await verify();
  assert.equal(altered.code, 1);
  assert.match(altered.stdout, /^entry 4 was altered\n.* is not whole\.\n$/);
});

test('what cannot be written down is not run', async (t) => {
  const path = join(directory.path, 'unwritable');
  const server = await openClient(path);
  t.after(() => server.close());
  assert.equal((await server.execute('return 1;')).ok, true);
  const database = new DatabaseSync(join(path, 'audit.sqlite'));
  database.exec('alter table entries rename to hidden');
  const { error } = await server.execute('return 2;');
  assert.deepEqual([error?.code, error?.ran], ['AUDIT_UNAVAILABLE', 'the program never started']);
  database.exec('alter table hidden rename to entries');
  database.close();
  assert.equal((await server.execute('return 3;')).value, 3);
});

/** Of a known form, so that even a name can be told from a secret. */
const plant = (): string => `ghp_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`;

test('none of a hundred secrets reaches the audit log, or the log of the server', async () => {
  const path = join(directory.path, 'secrets');
  const server = await openClient(path, ['--log-level', 'debug']);
  const planted: string[] = [];
  const secret = (): string => {
    planted.push(plant());
    return planted.at(-1)!;
  };
  for (let round = 0; round < 10; round += 1) {
    await server.execute(
      `// ${secret()}
const { memory_id } = await athena.memory.remember({ content: '${secret()}', memory_type: 'fact', tags: ['${secret()}'] });
await session.set('${secret()}', '${secret()}');
console.log('${secret()}');
await athena.memory.recall({ query: '${secret()}' }).catch(() => {});
await athena.memory.recall({ '${secret()}': 1 } as never).catch(() => {});
throw new Error('${secret()}');`,
      { session: secret() },
    );
  }
  await server.close();
  assert.equal(planted.length, 100);
  const entries = await readEntries(path);
  assert.equal(entries.filter(({ kind }) => kind === 'ended').length, 10);
  assert.ok(entries.filter(({ kind }) => kind === 'call').length >= 20);
  const written = [
    server.log(),
    ...readdirSync(path)
      .filter((name) => name.startsWith('audit'))
      .map((name) => readFileSync(join(path, name), 'latin1')),
  ].join('\n');
  assert.match(written, /worker-bound/);
  assert.deepEqual(
    planted.filter((one) => written.includes(one)),
    [],
  );
});
