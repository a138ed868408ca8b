import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openEmbeddedAthena } from '../../backend/embedded/athena.ts';
import { until } from '../await-state.ts';
import { seedEvents } from '../backend/embedded/seed-events.ts';
import { raise } from '../open-test-engine.ts';
import { ATHENA_LIKE, type Connection, openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

/** Enough that to consolidate them takes long after the test has seen it begin. */
const EVENTS = 2_000;

/** Sends a program, and hands out how the client cancels it. */
function start(connection: Connection, code: string, session: string) {
  const cancel = new AbortController();
  const call = { name: 'execute', arguments: { code, session, timeoutMs: 30_000 } };
  const reply = connection.client.callTool(call, undefined, { signal: cancel.signal });
  return {
    cancel: async (): Promise<void> => {
      cancel.abort('enough');
      await assert.rejects(reply, /enough/);
    },
  };
}

/** A server whose embedded Athena has much to do. */
async function openBusyAthena(t: TestContext) {
  const directory = openTemporaryDirectory();
  const file = join(directory.path, 'athena.sqlite');
  const athena = await openEmbeddedAthena(file, raise);
  await seedEvents(athena, EVENTS);
  await athena.close();
  const connection = await openClient(directory.path);
  t.after(async () => {
    await connection.close();
    directory.dispose();
  });
  // Its files are there once it has run something.
  assert.equal((await connection.execute('return 1;')).value, 1);
  return { connection, file, directory: directory.path };
}

/** Whether somebody is writing to the database at this moment. */
function isBeingWritten(file: string): boolean {
  using database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('begin immediate; rollback');
    return false;
  } catch {
    return true;
  }
}

/** The operations that were answered, and how, by the audit log. */
async function callsOf(directory: string): Promise<readonly string[]> {
  const { stdout } = await runToEnd(['--data-dir', directory, 'audit', 'show']);
  const entries = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  return entries
    .filter(({ kind }) => kind === 'call')
    .map(({ operation, outcome }) => `${operation} ${outcome}`);
}

test('cancelling a request rolls back what the embedded Athena is writing, and the next one is served', async (t) => {
  const { connection, file } = await openBusyAthena(t);
  const run = start(connection, 'await athena.consolidation.runConsolidation({ force: true });', 'cancelled');
  await until(() => isBeingWritten(file));
  await run.cancel();
  const next = await connection.execute(
    'return (await athena.episodic.recordEvent({ content: "after", event_type: "test" })).event_id > 0;',
    { session: 'cancelled' },
  );
  assert.equal(next.value, true, JSON.stringify(next.error));
  using database = new DatabaseSync(file, { readOnly: true });
  const { runs, consolidated, memories } = database
    .prepare(
      `select (select count(*) from consolidation_runs) as runs, (select count(*) from memories) as memories,
        (select count(*) from events where consolidated_at is not null) as consolidated`,
    )
    .get() as Record<string, number>;
  assert.deepEqual([runs, consolidated, memories], [0, 0, 0], 'nothing of it is written');
});

test('cancelling a request ends what the embedded Athena is computing before its end', async (t) => {
  const { connection, directory } = await openBusyAthena(t);
  const run = start(
    connection,
    `for (;;) {
      const patterns = athena.consolidation.extractConsolidationPatterns({});
      await session.set('begun', 1);
      await patterns;
    }`,
    'computing',
  );
  using sessions = new DatabaseSync(join(directory, 'sessions.sqlite'), { readOnly: true });
  const begun = sessions.prepare("select 1 from variables where session = 'computing'");
  await until(() => begun.get() !== undefined);
  await run.cancel();
  assert.equal((await connection.execute('return 1', { session: 'computing' })).value, 1);
  const ended = 'consolidation.extractConsolidationPatterns OPERATION_FAILED';
  await until(async () => (await callsOf(directory)).at(-1) === ended);
});

test('cancelling a request tells a remote backend, which serves the next one', async (t) => {
  const directory = openTemporaryDirectory();
  const connection = await openClient(directory.path, ['--backend', ATHENA_LIKE]);
  t.after(async () => {
    await connection.close();
    directory.dispose();
  });
  const run = start(connection, "await athena.memory.recall({ query: 'hang' });", 'remote');
  await until(() => connection.log().includes('hanging'));
  assert.doesNotMatch(connection.log(), /hang was cancelled/);
  await run.cancel();
  await until(() => connection.log().includes('hang was cancelled'));
  const next = await connection.execute("return athena.memory.recall({ query: 'json' });");
  assert.deepEqual(next.value, { from: 'text', n: 1 });
  assert.doesNotMatch(connection.log(), /"kind":"lost"/);
});
