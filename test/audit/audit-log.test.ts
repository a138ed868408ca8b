import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { type AuditFiles, openAuditLog } from '../../runtime/audit/audit-log.ts';
import { readAudit, verifyAudit } from '../../runtime/audit/verify-audit.ts';
import { openTemporaryDirectory } from '../server/open-client.ts';

const WRITER = resolve(import.meta.dirname, 'fixtures/writer.ts');
const directory = openTemporaryDirectory();
after(() => directory.dispose());
let logs = 0;

const raise = (error: unknown): never => {
  throw error;
};

function newFiles(): AuditFiles {
  logs += 1;
  return {
    log: join(directory.path, `audit-${logs}.sqlite`),
    key: join(directory.path, `audit-${logs}.key`),
  };
}

/** A log of ten entries. */
async function writeLog(): Promise<AuditFiles> {
  const files = newFiles();
  const trail = await openAuditLog(files, raise);
  for (let entries = 1; entries <= 10; entries += 1) trail.note({ kind: 'lost', entries });
  await trail.close();
  return files;
}

/** Changes a log as somebody would who has the file and a copy of SQLite. */
function tamper({ log }: AuditFiles, ...statements: readonly string[]): void {
  const database = new DatabaseSync(log);
  for (const trigger of ['no_update', 'no_delete']) database.exec(`drop trigger ${trigger}`);
  for (const statement of statements) database.exec(statement);
  database.close();
}

test('a log that nobody touched is whole, and its entries are there in order', async () => {
  const files = await writeLog();
  const { entries, head, faults } = await verifyAudit(files);
  assert.deepEqual([entries, head?.seq, faults], [10, 10, []]);
  const read: number[] = [];
  for await (const { entry } of readAudit(files)) read.push(JSON.parse(entry).entries);
  assert.deepEqual(read, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('entries can be neither changed nor removed by mistake', async () => {
  const database = new DatabaseSync((await writeLog()).log);
  for (const statement of ["update entries set entry = '{}'", 'delete from entries where seq = 3']) {
    assert.throws(() => database.exec(statement), /append-only/);
  }
  database.close();
});

for (const [what, statements, faults] of [
  [
    'an entry altered',
    ["update entries set entry = replace(entry, '5', '6') where seq = 5"],
    ['entry 5 was altered'],
  ],
  [
    'a hash altered',
    ["update entries set hash = '00' where seq = 5"],
    ['entry 5 was altered', 'entry 6 was altered'],
  ],
  ['an entry removed', ['delete from entries where seq = 5'], ['entry 5 is missing']],
  ['several removed', ['delete from entries where seq between 3 and 6'], ['entries 3 to 6 are missing']],
  ['the first removed', ['delete from entries where seq = 1'], ['entry 1 is missing']],
  ['the last removed', ['delete from entries where seq = 10'], ['entry 10 is missing']],
  ['the end cut off', ['delete from entries where seq > 6'], ['entries 7 to 10 are missing']],
  ['everything removed', ['delete from entries'], ['entries 1 to 10 are missing']],
  [
    'one removed and the rest moved up',
    [
      'delete from entries where seq = 5',
      'update entries set seq = seq - 1 where seq > 5',
      'update sqlite_sequence set seq = 9',
    ],
    [
      'entry 5 was altered',
      'entry 6 was altered',
      'entry 7 was altered',
      'entry 8 was altered',
      'entry 9 was altered',
    ],
  ],
  [
    'two exchanged',
    [
      'update entries set seq = 99 where seq = 5',
      'update entries set seq = 5 where seq = 6',
      'update entries set seq = 6 where seq = 99',
      'update sqlite_sequence set seq = 10',
    ],
    ['entry 5 was altered', 'entry 6 was altered', 'entry 7 was altered'],
  ],
  [
    'one added with the hash of another',
    ['insert into entries (seq, entry, hash) select 11, entry, hash from entries where seq = 10'],
    ['entry 11 was altered'],
  ],
] as const) {
  test(`it shows: ${what}`, async () => {
    const files = await writeLog();
    tamper(files, ...statements);
    assert.deepEqual((await verifyAudit(files)).faults, faults);
  });
}

test('what was cut off still shows after the log went on', async () => {
  const files = await writeLog();
  tamper(files, 'delete from entries where seq > 6');
  const trail = await openAuditLog(files, raise);
  trail.note({ kind: 'lost', entries: 0 });
  await trail.close();
  assert.deepEqual((await verifyAudit(files)).faults, ['entries 7 to 10 are missing']);
});

test('a log written anew by somebody with the key shows against a head noted before', async () => {
  const files = await writeLog();
  const { head } = await verifyAudit(files);
  assert.ok(head);
  assert.deepEqual((await verifyAudit(files, head)).faults, []);
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${files.log}${suffix}`, { force: true });
  const trail = await openAuditLog(files, raise);
  for (let entries = 1; entries <= 12; entries += 1) trail.note({ kind: 'lost', entries });
  await trail.close();
  assert.deepEqual((await verifyAudit(files)).faults, []);
  assert.deepEqual((await verifyAudit(files, head)).faults, [
    'entry 10 is not the one that was noted: the log was written anew',
  ]);
});

test('without its key no entry fits', async () => {
  const files = await writeLog();
  writeFileSync(files.key, '00'.repeat(32));
  assert.equal((await verifyAudit(files)).faults.length, 10);
});

test('the key is for its owner only, and one that is none is refused', async () => {
  const files = await writeLog();
  assert.equal(statSync(files.key).mode & 0o777, 0o600);
  writeFileSync(files.key, 'short');
  await assert.rejects(openAuditLog(files, raise), { name: 'AuditKeyUnusable' });
});

test('several servers write one chain', async () => {
  const files = newFiles();
  const writers = Array.from({ length: 4 }, () =>
    promisify(execFile)(process.execPath, [WRITER, files.log, files.key, '50']),
  );
  await Promise.all(writers);
  const { entries, faults } = await verifyAudit(files);
  assert.deepEqual([entries, faults], [200, []]);
});

test('entries that cannot be written are kept until they can, and the failure is told once', async () => {
  const files = newFiles();
  const failures: unknown[] = [];
  const trail = await openAuditLog(files, (error) => failures.push(error));
  const other = new DatabaseSync(files.log);
  other.exec('alter table entries rename to hidden');
  for (const entries of [1, 2]) {
    trail.note({ kind: 'lost', entries });
    assert.equal(await trail.flush(), false);
  }
  assert.equal(failures.length, 1);
  other.exec('alter table hidden rename to entries');
  other.close();
  assert.equal(await trail.flush(), true);
  await trail.close();
  const { entries, faults } = await verifyAudit(files);
  assert.deepEqual([entries, faults], [2, []]);
});

test('parameters are hashed with the key, so that short ones cannot be guessed', async () => {
  const [one, other] = await Promise.all([newFiles(), newFiles()].map((files) => openAuditLog(files, raise)));
  assert.notEqual(one!.hashParameters('{"memory_id":1}'), other!.hashParameters('{"memory_id":1}'));
  assert.equal(one!.hashParameters('{"memory_id":1}'), one!.hashParameters('{"memory_id":1}'));
  await Promise.all([one!.close(), other!.close()]);
});
