import assert from 'node:assert/strict';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { AnsweredFrame, RunEnd } from '../../runtime/contract/sandbox.ts';
import { openSessionStore } from '../../runtime/session/session-store.ts';
import { beginIn, newRun } from './begin.ts';

const directory = mkdtempSync(join(tmpdir(), 'journal-'));
after(() => rmSync(directory, { recursive: true }));
let files = 0;

const frameOf = (number: number, json = 'null'): AnsweredFrame => ({
  now: number,
  calls: [{ number, name: 'memory.recall', json: '{}', answer: { ok: true, json } }],
});

/** A store, and its file as another process sees it. */
async function open(limits: Partial<Limits> = {}) {
  const file = join(directory, `${files++}.sqlite`);
  const store = await openSessionStore(file, { ...DEFAULT_LIMITS, ...limits }, () => undefined);
  const change = (sql: string): void => {
    const database = new DatabaseSync(file, { timeout: 5_000 });
    database.exec(sql);
    database.close();
  };
  return { store, change };
}

/** As if the process of the runs had died. */
const DIE = `update executions set owner = '{"pid":999999999}' where owner is not null`;

test('a run that was cut off is found, taken up with all that it was answered, and by one server only', async (t) => {
  const { store, change } = await open();
  t.after(() => store.close());
  const run = newRun({ code: 'return 2' });
  const { journal, variables } = await beginIn(store, 'work', 'ann', run);
  await journal.note(frameOf(1));
  await journal.intend({ number: 2, name: 'memory.remember', json: '{}' });
  await variables.set('key', 'value');
  assert.deepEqual(await store.interrupted('ann'), [], 'it lives');
  const living = await store.resume('ann', run.execution);
  assert.equal(living.ok ? '' : living.message, 'The run cannot be resumed. It still runs.');

  const namespace = readlinkSync('/proc/self/ns/pid');
  change(`update executions set owner = json_object('pid', 999999999, 'namespace', '${namespace}')`);
  assert.deepEqual(
    (await store.interrupted('ann')).map(({ execution }) => execution),
    [run.execution],
  );
  assert.deepEqual(await store.interrupted('bob'), [], 'of another principal nothing is told');
  assert.equal((await store.resume('bob', run.execution)).ok, false);
  const taken = await store.resume('ann', run.execution);
  assert.ok(taken.ok, JSON.stringify(taken));
  assert.deepEqual(taken.run, run);
  const { past } = taken.session.journal;
  assert.deepEqual(past.frames, [frameOf(1)]);
  assert.deepEqual([...past.unknown], [2]);
  assert.deepEqual([...past.answered], []);
  assert.equal((await store.resume('ann', run.execution)).ok, false, 'it is taken');
  await taken.session.journal.release();
  assert.equal((await store.resume('ann', run.execution)).ok, true, 'it was given back');
});

test('a run that had ended and is given back without having begun is what it was', async (t) => {
  const { store } = await open();
  t.after(() => store.close());
  const run = newRun();
  const first = await beginIn(store, 's', 'ann', run);
  await first.variables.set('a', 1);
  const end: RunEnd = { ...STOPPED, kind: 'returned', json: '1' };
  first.record({ outcome: 'finished', callsMade: 0, callsWrote: 0, totalMs: 1 }, end);
  const before = await store.pastRun('ann', run.execution);
  assert.deepEqual([before?.outcome, before?.end], ['finished', end]);
  const taken = await store.resume('ann', run.execution);
  assert.ok(taken.ok, JSON.stringify(taken));
  await taken.session.journal.release();
  assert.deepEqual(await store.pastRun('ann', run.execution), before);
  assert.deepEqual(await store.interrupted('ann'), []);
});

test('what a run has seen of its variables is protected when it goes on', async (t) => {
  const { store } = await open();
  t.after(() => store.close());
  const run = newRun();
  const first = await beginIn(store, 'shared', 'ann', run);
  await first.variables.get('count');
  await first.journal.note(frameOf(1));
  first.record({ outcome: 'TIMEOUT', callsMade: 0, callsWrote: 0, totalMs: 1 }, STOPPED);
  await (await beginIn(store, 'shared')).variables.set('count', 7);
  const taken = await store.resume('ann', run.execution);
  assert.ok(taken.ok);
  const written = await taken.session.variables.set('count', 1, 2);
  assert.equal(written.ok ? '' : written.code, 'VARIABLE_CONFLICT');
});

test('a journal that is given up leaves nothing that could be resumed in part', async (t) => {
  const { store, change } = await open({ journalMb: 1 });
  t.after(() => store.close());
  const run = newRun();
  const { journal } = await beginIn(store, 'large', 'ann', run);
  await journal.note(frameOf(1));
  await journal.note(frameOf(2, JSON.stringify('x'.repeat(1_100_000))));
  assert.equal(journal.givenUp()?.limit?.name, 'journalMb');
  assert.equal(await journal.intend({ number: 3, name: 'a.b', json: '{}' }), true);
  change(DIE);
  assert.deepEqual(await store.interrupted('ann'), []);
  const taken = await store.resume('ann', run.execution);
  assert.match(taken.ok ? '' : taken.message, /journal is not kept|still runs/);
});

test('where the journal can neither be written nor removed, no change leaves', async (t) => {
  const { store, change } = await open();
  t.after(() => store.close());
  const { journal } = await beginIn(store, 'locked');
  await journal.note(frameOf(1));
  change('create trigger full before insert on journal begin select raise(abort, 1); end');
  change('create trigger stuck before delete on journal begin select raise(abort, 1); end');
  await journal.note(frameOf(2));
  assert.match(journal.givenUp()?.message ?? '', /bug/);
  await assert.rejects(journal.intend({ number: 3, name: 'a.b', json: '{}' }));
});

const STOPPED = {
  kind: 'stopped',
  code: 'TIMEOUT',
  message: '',
  started: true,
  logs: [],
  droppedLogs: 0,
  waitedMs: 0,
  ranMs: 1,
} as const;
