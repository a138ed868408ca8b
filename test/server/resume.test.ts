import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, type TestContext, test } from 'node:test';
import { until } from '../await-state.ts';
import { type Connection, openClient, openTemporaryDirectory, processesBelow } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';
import { attempt, findInterrupted, memoriesIn, openDoomed, TWENTY_CALLS } from './twenty-calls.ts';

const directories: { dispose(): void }[] = [];
after(() => {
  for (const one of directories) one.dispose();
});
const newDirectory = (): string => {
  const made = openTemporaryDirectory();
  directories.push(made);
  return made.path;
};

/** A server that ends with its test, however that ends. */
async function open(t: TestContext, directory: string, flags: readonly string[] = []): Promise<Connection> {
  const connection = await openClient(directory, flags);
  t.after(() => connection.close());
  return connection;
}

const replay = (directory: string, execution: string, ...more: readonly string[]) =>
  runToEnd(['replay', execution, '--data-dir', directory, ...more]);

function change(directory: string, sql: string): void {
  const database = new DatabaseSync(join(directory, 'sessions.sqlite'));
  const { changes } = database.prepare(sql).run();
  database.close();
  assert.ok(Number(changes) > 0, `nothing to change: ${sql}`);
}

test('an execution of the past is run again from its journal alone, and what differs is shown', async (t) => {
  const directory = newDirectory();
  const connection = await open(t, directory);
  const { execution, ok } = await connection.execute(`console.log('begins');${TWENTY_CALLS}`, {
    session: 'r',
  });
  assert.ok(ok);
  await connection.close();
  const stored = memoriesIn(directory);

  const same = await replay(directory, execution);
  assert.equal(same.code, 0, same.stderr);
  assert.match(
    same.stdout,
    /of session r, .*: finished\n20 calls answered from the journal\nthe same again\n$/,
  );
  assert.deepEqual(memoriesIn(directory), stored, 'no backend was called');

  change(directory, `update executions set head = json_set(head, '$.schemas."memory.recall"', 'other')`);
  assert.match((await replay(directory, execution)).stdout, /schemas have changed since: memory\.recall\n/);

  change(directory, `update executions set ending = json_set(ending, '$.json', '{"stored":[],"count":4}')`);
  const other = await replay(directory, execution, '--json');
  assert.equal(other.code, 3);
  assert.match(JSON.parse(other.stdout).difference, /^the value at \/stored\/0 was not there and is now \{/);

  change(directory, `update journal set body = replace(body, 'note 2', 'note 3')`);
  const diverged = await replay(directory, execution);
  assert.equal(diverged.code, 3);
  assert.match(diverged.stdout, /DIFFERENT: .*call 9 was memory\.remember .*note 3.* and is now .*note 2/s);

  const unknown = await replay(directory, 'none');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /UNKNOWN_PATH: Nothing is kept of an execution "none"/);
});

const HALF = `
await athena.memory.remember({ content: 'first half', memory_type: 'fact' });
while (!(await session.get('go'))) await sleep(50);
const { memories } = await athena.memory.recall({ query: 'half' });
await athena.memory.remember({ content: 'second half', memory_type: 'fact' });
return memories.length;`;

test('a run whose worker is killed goes on where it was, and nowhere else while it still runs', async (t) => {
  const directory = newDirectory();
  const [one, other] = [await open(t, directory), await open(t, directory)];
  const running = one.execute(HALF, { session: 'half', timeoutMs: 30_000 });
  await until(() => memoriesIn(directory).length === 1);
  const execution = String(
    (await readColumn(directory, 'select execution from executions where session = ?', 'half'))[0],
  );
  const refused = await other.execute('', { code: undefined, resume: execution });
  assert.match(refused.error?.message ?? '', /cannot be resumed\. It still runs\./);
  assert.equal(refused.error?.ran, 'nothing more of the program ran');

  for (const pid of await processesBelow(one.pid)) process.kill(pid, 'SIGKILL');
  const lost = await running;
  assert.equal(lost.error?.code, 'WORKER_LOST');
  await other.execute(`await session.set('go', true)`, { session: 'half' });
  const resumed = await other.execute('', { code: undefined, resume: execution });
  assert.equal(resumed.value, 1, JSON.stringify(resumed));
  assert.equal(resumed.execution, execution);
  assert.deepEqual(memoriesIn(directory), ['first half', 'second half']);

  const again = await other.execute('', { code: undefined, resume: execution });
  assert.equal(again.value, 1, 'the reply of a run that has ended is given again');
  assert.deepEqual(memoriesIn(directory), ['first half', 'second half']);

  change(directory, `update journal set body = replace(body, 'first half', 'first part')`);
  const diverged = await other.execute('', { code: undefined, resume: execution });
  assert.equal(diverged.error?.code, 'REPLAY_DIVERGED');
  assert.equal(memoriesIn(directory).length, 2);
});

test('what is larger than its room is not journalled, and the reply says so', async (t) => {
  const directory = newDirectory();
  const connection = await open(t, directory, ['--limit', 'journalMb=1']);
  const code = `for (let n = 0; n < 4; n++) await session.set('large-' + n, 'x'.repeat(400_000));
    for (let n = 0; n < 4; n++) await session.get('large-' + n); return 'done';`;
  const reply = await connection.execute(code, { session: 'large' });
  assert.equal(reply.value, 'done');
  assert.match(
    reply.warnings?.find(({ code }) => code === 'JOURNAL_GIVEN_UP')?.message ?? '',
    /larger than limit journalMb \(1\)/,
  );
  const resumed = await connection.execute('', { code: undefined, resume: reply.execution });
  assert.match(resumed.error?.message ?? '', /Its journal is not kept any more/);
  const both = await connection.execute('return 1', { resume: reply.execution });
  assert.equal(both.error?.code, 'INVALID_REQUEST');
});

test('a run with a skill to save, whose server is killed, saves it once it is resumed to its end', async (t) => {
  const directory = newDirectory();
  const code = `/** Keeps a note. */
async function keep(params: { note: string }): Promise<number> {
  await athena.memory.remember({ content: params.note, memory_type: 'fact' });
  return (await athena.memory.recall({ query: params.note })).memories.length;
}
return await keep({ note: 'kept' });`;
  const tried = await attempt(openDoomed(directory, 'before-frame:1'), { code, saveSkill: 'keep' });
  assert.equal(tried, 'killed');
  const resume = await findInterrupted(directory);
  const connection = await open(t, directory);
  const unknown = await connection.execute("return await skills.keep({ note: 'x' });");
  assert.equal(unknown.error?.code, 'UNKNOWN_SKILL');

  const resumed = await connection.execute('', { code: undefined, resume });
  assert.equal(resumed.value, 1, JSON.stringify(resumed));
  assert.deepEqual(resumed.savedSkill, {
    name: 'keep',
    signature: 'keep(params: { note: string }): Promise<number>',
    replaced: false,
  });
  const called = await connection.execute("return await skills.keep({ note: 'kept again' });");
  assert.equal(called.ok, true, JSON.stringify(called));
  assert.deepEqual(memoriesIn(directory), ['kept', 'kept again']);
});

async function readColumn(
  directory: string,
  sql: string,
  ...parameters: readonly string[]
): Promise<readonly unknown[]> {
  const database = new DatabaseSync(join(directory, 'sessions.sqlite'), { readOnly: true });
  const rows = database.prepare(sql).all(...parameters);
  database.close();
  return rows.flatMap((row) => Object.values(row));
}
