import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { openSqlite } from '../../database/sqlite.ts';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { RunEnd } from '../../runtime/contract/sandbox.ts';
import type { SessionStore } from '../../runtime/contract/session.ts';
import { createClockWatch } from '../../runtime/session/clock-watch.ts';
import { createRateLimit } from '../../runtime/session/rate-limit.ts';
import { removeBeyondSpace } from '../../runtime/session/session-space.ts';
import { openSessionStore } from '../../runtime/session/session-store.ts';
import { SESSION_MIGRATIONS, type SessionTables } from '../../runtime/session/session-tables.ts';
import { beginIn, newRun } from './begin.ts';

const directory = mkdtempSync(join(tmpdir(), 'sessions-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const RETURNED: RunEnd = {
  kind: 'returned',
  json: '1',
  started: true,
  logs: [],
  droppedLogs: 0,
  waitedMs: 0,
  ranMs: 1,
};
let files = 0;
const newFile = (): string => join(directory, `${files++}.sqlite`);

const fail = (error: unknown): void => {
  throw error;
};
const openStore = (file: string, limits: Partial<Limits> = {}): Promise<SessionStore> =>
  openSessionStore(file, { ...DEFAULT_LIMITS, ...limits }, fail);

test('variables survive the store being closed and opened again', async () => {
  const file = newFile();
  const first = await openStore(file);
  const { variables } = await beginIn(first, 'work');
  assert.deepEqual(await variables.set('plan', { steps: [1, 2] }), { ok: true, value: null });
  assert.deepEqual(await variables.set('plan', { steps: [3] }), { ok: true, value: null });
  await variables.set('other', null);
  assert.deepEqual(await variables.delete('other'), { ok: true, value: true });
  assert.deepEqual(await variables.delete('other'), { ok: true, value: false });
  await first.close();

  const second = await openStore(file);
  const again = (await beginIn(second, 'work')).variables;
  assert.deepEqual(await again.get('plan'), {
    ok: true,
    value: { found: true, value: { steps: [3] } },
  });
  assert.deepEqual(await again.get('other'), { ok: true, value: { found: false } });
  assert.deepEqual(await again.keys(), { ok: true, value: ['plan'] });
  await second.close();
});

test('a variable that an execution has read is not overwritten after another one changed it', async () => {
  const file = newFile();
  const [first, second] = [await openStore(file), await openStore(file)];
  const open = async (store: SessionStore) => (await beginIn(store, 'work')).variables;
  const conflict = { ok: false, code: 'VARIABLE_CONFLICT' };
  const told = ({ ok, ...rest }: object & { ok: boolean; code?: string }) => ({ ok, code: rest.code });
  const [ann, bob] = [await open(first), await open(second)];
  assert.deepEqual(await ann.get('count'), { ok: true, value: { found: false } });
  assert.deepEqual(await bob.set('count', 1), { ok: true, value: null }, 'never read: written');
  assert.deepEqual(told(await ann.set('count', 10)), conflict, 'it was absent');
  assert.deepEqual(told(await ann.delete('count')), conflict);
  assert.deepEqual(await ann.get('count'), { ok: true, value: { found: true, value: 1 } });
  assert.deepEqual(await ann.set('count', 2), { ok: true, value: null });
  assert.deepEqual(await ann.set('count', 3), { ok: true, value: null }, 'its own writes are no conflict');
  assert.deepEqual(told(await bob.set('count', 5)), conflict, 'what it wrote itself counts as read');
  await bob.get('count');
  assert.deepEqual(await bob.delete('count'), { ok: true, value: true });
  assert.deepEqual(await (await open(second)).set('count', 3), { ok: true, value: null });
  assert.deepEqual(told(await ann.set('count', 4)), conflict, 'gone and back with the same value');
  await Promise.all([first.close(), second.close()]);
});

test('of many increments by executions at once none is lost', async () => {
  const store = await openStore(newFile());
  const [times, clients] = [20, 4];
  let conflicts = 0;
  const increment = async (): Promise<void> => {
    for (let done = 0; done < times; ) {
      const { variables } = await beginIn(store, 'work');
      const got = await variables.get('count');
      assert.ok(got.ok);
      const set = await variables.set('count', (got.value.found ? (got.value.value as number) : 0) + 1);
      if (set.ok) done += 1;
      else conflicts += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, increment));
  const { variables } = await beginIn(store, 'work');
  assert.deepEqual(await variables.get('count'), {
    ok: true,
    value: { found: true, value: times * clients },
  });
  assert.ok(conflicts > 0);
  await store.close();
});

test('a principal with many sessions pushes out its own longest unused ones, and nobody else’s', async () => {
  const store = await openStore(newFile(), { sessions: 2 });
  await (await beginIn(store, 'work', 'bob')).variables.set('key', 1);
  for (const id of ['one', 'two', 'three']) {
    await (await beginIn(store, id)).variables.set('key', id);
    await wait(5);
  }
  await store.history('ann', 'one');
  assert.deepEqual(await (await beginIn(store, 'work', 'bob')).variables.keys(), {
    ok: true,
    value: ['key'],
  });
  assert.deepEqual(await (await beginIn(store, 'three')).variables.keys(), { ok: true, value: ['key'] });
  await store.close();
});

test('sessions that hold more together than they may are removed, the longest unused first', async () => {
  const file = newFile();
  const store = await openStore(file);
  for (const [principal, id] of [
    ['ann', 'old'],
    ['bob', 'old'],
    ['ann', 'newer'],
    ['ann', 'newest'],
  ] as const) {
    const { variables } = await beginIn(store, id, principal);
    await variables.set('key', 'x'.repeat(100_000));
    await wait(5);
  }
  await store.close();
  const database = await openSqlite<SessionTables>(file, SESSION_MIGRATIONS);
  const left = async (): Promise<readonly string[]> => {
    const rows = await database.selectFrom('sessions').selectAll().orderBy('used_at').execute();
    return rows.map(({ principal, id }) => `${principal}/${id}`);
  };
  await removeBeyondSpace(database, 250_000);
  assert.deepEqual(await left(), ['bob/old', 'ann/newer', 'ann/newest']);
  await removeBeyondSpace(database, 1);
  assert.deepEqual(await left(), ['bob/old', 'ann/newest']);
  const variables = await database.selectFrom('variables').select('principal').execute();
  assert.equal(variables.length, 2, 'what a session holds goes with it');
  await database.destroy();
});

test('sessions and principals see nothing of each other', async () => {
  const store = await openStore(newFile());
  await (await beginIn(store, 'one')).variables.set('key', 1);
  assert.deepEqual(await (await beginIn(store, 'two')).variables.keys(), { ok: true, value: [] });
  assert.deepEqual(await (await beginIn(store, 'one', 'bob')).variables.keys(), { ok: true, value: [] });
  await (await beginIn(store, 'one')).keepResult('run-1', '[1]');
  assert.equal(await store.readResult('ann', 'run-1'), '[1]');
  assert.equal(await store.readResult('bob', 'run-1'), undefined);
  await store.close();
});

test('a variable beyond its size, and one too many, are refused with the limit’s name', async () => {
  const store = await openStore(newFile(), { variableBytes: 1_024, variables: 2 });
  const { variables } = await beginIn(store, 'small');
  const large = await variables.set('large', 'x'.repeat(2_000));
  assert.ok(!large.ok && large.message.includes('limit variableBytes (1024)'), JSON.stringify(large));
  await variables.set('a', 1);
  await variables.set('b', 1);
  assert.deepEqual(await variables.set('b', 2), { ok: true, value: null }, 'replacing is not adding');
  const third = await variables.set('c', 1);
  assert.ok(!third.ok && third.message.includes('limit variables (2)'));
  await store.close();
});

for (const name of ['', '.', '../x', 'a b', 'a\n', 'ä', 'x'.repeat(65), '-a']) {
  test(`a session cannot be named ${JSON.stringify(name).slice(0, 20)}`, async () => {
    const store = await openStore(newFile());
    const opened = await store.open('ann', name, newRun());
    assert.equal(opened.ok === false && opened.code, 'INVALID_SESSION');
    await store.close();
  });
}

test('the history keeps the newest executions, newest first', async () => {
  const store = await openStore(newFile(), { history: 3 });
  for (const number of [1, 2, 3, 4, 5]) {
    const run = newRun({ execution: `run-${number}`, code: `return ${number}` });
    const session = await beginIn(store, 'h', 'ann', run);
    session.record({ outcome: 'finished', callsMade: number, callsWrote: 0, totalMs: 1.5 }, RETURNED);
  }
  const history = await store.history('ann', 'h');
  assert.deepEqual(
    history.map(({ execution }) => execution),
    ['run-5', 'run-4', 'run-3'],
  );
  assert.equal(history[0]!.code, 'return 5');
  await store.close();
});

test('a session that another server has pushed out counts again once it is used again', async (t) => {
  const file = newFile();
  const [one, other] = [await openStore(file, { sessions: 2 }), await openStore(file, { sessions: 2 })];
  t.after(() => Promise.all([one.close(), other.close()]));
  const use = async (store: typeof one, id: string): Promise<void> => {
    await beginIn(store, id);
    await store.list('ann');
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  for (const id of ['a', 'b']) await use(one, id);
  for (const id of ['c', 'd']) await use(other, id);
  for (const id of ['a', 'b']) await use(one, id);
  assert.deepEqual(
    (await one.list('ann')).map(({ name }) => name),
    ['b', 'a'],
  );
});

test('only so many sessions are kept: the longest unused go, with what they hold', async () => {
  const file = newFile();
  const store = await openStore(file, { sessions: 2 });
  for (const id of ['a', 'b', 'c']) {
    await (await beginIn(store, id)).variables.set('key', id);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await store.close();
  const again = await openStore(file, { sessions: 2 });
  assert.deepEqual(await (await beginIn(again, 'c')).variables.keys(), { ok: true, value: ['key'] });
  assert.deepEqual(await (await beginIn(again, 'a')).variables.keys(), { ok: true, value: [] });
  await again.close();
});

test('a session goes once it was not used for longer than sessionHours, and no earlier', async () => {
  const file = newFile();
  const store = await openStore(file);
  for (const id of ['yesterday', 'today']) await (await beginIn(store, id)).variables.set('key', id);
  await store.close();
  const database = new DatabaseSync(file);
  const use = database.prepare('update sessions set used_at = ? where id = ?');
  const HOUR_MS = 3_600_000;
  use.run(Date.now() - 3.1 * HOUR_MS, 'yesterday');
  use.run(Date.now() - 2.9 * HOUR_MS, 'today');
  database.close();
  const again = await openStore(file, { sessionHours: 3 });
  assert.deepEqual(await (await beginIn(again, 'yesterday')).variables.keys(), { ok: true, value: [] });
  assert.deepEqual(await (await beginIn(again, 'today')).variables.keys(), { ok: true, value: ['key'] });
  await again.close();
});

test('a session that has expired since the last cleaning is not listed, nor its results and runs read, and begins anew', async () => {
  const file = newFile();
  const [first, second] = [await openStore(file), await openStore(file)];
  const run = newRun();
  const session = await beginIn(first, 'work', 'ann', run);
  await session.variables.set('key', 1);
  assert.equal((await first.pastRun('ann', run.execution))?.session, 'work');
  await session.keepResult('whole', '[1]');
  assert.equal(await first.readResult('ann', 'whole'), '[1]');
  const database = new DatabaseSync(file);
  database.prepare('update sessions set used_at = ?').run(Date.now() - 24.1 * 3_600_000);
  database.close();
  assert.deepEqual(await first.list('ann'), []);
  assert.equal(await first.describe('ann', 'work'), undefined);
  assert.equal(await first.readResult('ann', 'whole'), undefined);
  assert.equal(await first.pastRun('ann', run.execution), undefined);
  const { variables } = await beginIn(second, 'work');
  assert.deepEqual(await variables.get('key'), { ok: true, value: { found: false } });
  assert.deepEqual(
    (await first.list('ann')).map(({ name }) => name),
    ['work'],
  );
  await Promise.all([first.close(), second.close()]);
});

test('a run that is resumed uses its session, and none can be resumed in a session whose time is over', async (t) => {
  const file = newFile();
  const [first, second] = [await openStore(file), await openStore(file)];
  t.after(() => Promise.all([first.close(), second.close()]));
  const age = (hours: number): void => {
    const database = new DatabaseSync(file);
    database.prepare('update sessions set used_at = ?').run(Date.now() - hours * 3_600_000);
    database.close();
  };
  const run = newRun();
  const session = await beginIn(first, 'work', 'ann', run);
  session.record({ outcome: 'TIMEOUT', callsMade: 0, callsWrote: 0, totalMs: 1 }, RETURNED);
  await first.list('ann');

  age(23.9);
  const resumed = await second.resume('ann', run.execution);
  assert.ok(resumed.ok, JSON.stringify(resumed));
  await resumed.session.journal.release();
  const [used] = await second.list('ann');
  assert.ok(Date.now() - used!.usedAt < 3_600_000);

  age(24.1);
  const late = await second.resume('ann', run.execution);
  assert.equal(late.ok === false && late.code, 'RESUME_REFUSED');
  assert.deepEqual(await first.history('ann', 'work'), []);
});

test('variables from before there were namespaces are in the default one', async () => {
  const file = newFile();
  const { '008-namespaces': _, ...earlier } = SESSION_MIGRATIONS;
  const before = await openSqlite<never>(file, earlier);
  await sql`insert into sessions (principal, id, created_at, used_at)
    values ('ann', 'work', ${Date.now()}, ${Date.now()})`.execute(before);
  await sql`insert into variables (principal, session, key, json, version)
    values ('ann', 'work', 'plan', '[1]', 'v')`.execute(before);
  await before.destroy();
  const store = await openStore(file);
  const { variables } = await beginIn(store, 'work');
  assert.deepEqual(await variables.get('plan'), { ok: true, value: { found: true, value: [1] } });
  assert.deepEqual(await variables.keys('other'), { ok: true, value: [] });
  await store.close();
});

test('after the clock was set, no session is judged by its age for an hour', () => {
  const HOUR_MS = 3_600_000;
  let [timeOfDay, elapsed] = [1e12, 0];
  const isReliable = createClockWatch(
    () => timeOfDay,
    () => elapsed,
  );
  const pass = (ms: number): void => {
    timeOfDay += ms;
    elapsed += ms;
  };
  assert.equal(isReliable(), true);
  pass(30 * HOUR_MS);
  assert.equal(isReliable(), true, 'time that passed is no jump');
  for (const jump of [1e11, -1e11]) {
    timeOfDay += jump;
    assert.equal(isReliable(), false);
    pass(0.9 * HOUR_MS);
    assert.equal(isReliable(), false);
    pass(0.2 * HOUR_MS);
    assert.equal(isReliable(), true);
  }
});

test('whole results are kept until the session’s room is full; the oldest go first', async () => {
  const store = await openStore(newFile(), { spoolMb: 1 });
  const session = await beginIn(store, 'r');
  const incompressible = (seed: number): string =>
    JSON.stringify(Array.from({ length: 30_000 }, (_, index) => Math.sin(seed * 1e6 + index)));
  for (const number of [1, 2, 3, 4, 5, 6]) {
    assert.equal(await session.keepResult(`run-${number}`, incompressible(number)), true);
  }
  assert.equal(await store.readResult('ann', 'run-1'), undefined);
  assert.equal(await store.readResult('ann', 'run-6'), incompressible(6));
  const huge = JSON.stringify(Array.from({ length: 200_000 }, Math.random));
  assert.deepEqual(await session.keepResult('huge', huge), {
    message: 'The whole is larger than limit spoolMb (1) and was not kept.',
    limit: { name: 'spoolMb', value: 1 },
  });
  await store.close();
});

test('two processes that create and write one file at the same moment lose no write', async () => {
  const file = newFile();
  const writer = join(import.meta.dirname, 'fixtures/writer.ts');
  const run = promisify(execFile);
  await Promise.all(['one', 'two'].map((name) => run(process.execPath, [writer, file, name])));
  const store = await openStore(file);
  const keys = await (await beginIn(store, 'shared')).variables.keys();
  assert.equal(keys.ok && keys.value.length, 40);
  await store.close();
});

test('the rate limit counts the last minute, for each principal alone', () => {
  let time = 0;
  const limit = createRateLimit(2, () => time);
  assert.equal(limit.take('ann').ok, true);
  time = 10_000;
  assert.equal(limit.take('ann').ok, true);
  assert.deepEqual(limit.take('ann'), { ok: false, retryInMs: 50_000 });
  assert.equal(limit.take('bob').ok, true);
  time = 59_999;
  assert.deepEqual(limit.take('ann'), { ok: false, retryInMs: 1 });
  time = 60_000;
  assert.equal(limit.take('ann').ok, true);
});
