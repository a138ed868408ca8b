import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const directory = openTemporaryDirectory();
const data = join(directory.path, 'data');
let server: Connection;
before(async () => {
  server = await openClient(data);
});
after(async () => {
  await server.close();
  directory.dispose();
});

const REVIEW = `interface Review {
  total: number;
  newest: string | null;
}
/**
 * Sums up what is known about a topic.
 */
async function weeklyReview(params: { topic: string }): Promise<Review> {
  const { memories } = await athena.memory.recall({ query: params.topic });
  if ((params.topic as string) === 'forbidden') throw new RangeError('no such topic');
  return { total: memories.length, newest: memories[0]?.content ?? null };
}
return await weeklyReview({ topic: 'skills' });`;

test('a program that worked is saved as a skill, and any later program calls it', async () => {
  const saved = await server.execute(REVIEW, { saveSkill: 'weeklyReview' });
  assert.equal(saved.ok, true, JSON.stringify(saved));
  assert.deepEqual(saved.savedSkill, {
    name: 'weeklyReview',
    signature: 'weeklyReview(params: { topic: string }): Promise<Review>',
    replaced: false,
  });
  const again = await server.execute(REVIEW, { saveSkill: 'weeklyReview' });
  assert.equal(again.savedSkill?.replaced, true);
  const code = `await athena.memory.remember({ content: 'skills are kept', memory_type: 'fact' });
return await skills.weeklyReview({ topic: 'skills' });`;
  const called = await server.execute(code, { session: 'another' });
  assert.deepEqual(called.value, { total: 1, newest: 'skills are kept' });
  assert.deepEqual(called.effects, { read: ['memory.recall'], write: ['memory.remember'] });
  const plan = await server.execute('return await skills.weeklyReview({ topic: "x" });', { dryRun: true });
  assert.deepEqual([plan.ok, plan.effects], [true, { read: ['memory.recall'] }]);
});

test('another connection to the same data has the same skills', async () => {
  const second = await openClient(data);
  const called = await second.execute('return (await skills.weeklyReview({ topic: "nothing" })).total;');
  await second.close();
  assert.equal(called.ok, true, JSON.stringify(called));
  const other = await openClient(data, ['--project', 'other']);
  const unknown = await other.execute('return await skills.weeklyReview({ topic: "x" });');
  const none = await other.discover({ path: 'skills' });
  await other.close();
  assert.equal(unknown.error?.code, 'UNKNOWN_SKILL');
  assert.match(none, /^No skills are saved in this project/);
});

test('an error in a skill names it and its own line, beside the line that called it', async () => {
  const reply = await server.execute(
    'const a = 1;\nreturn [a, await skills.weeklyReview({ topic: "forbidden" })];',
  );
  assert.equal(reply.error?.code, 'PROGRAM_ERROR');
  assert.equal(reply.error?.message, 'In skill weeklyReview, line 11: RangeError: no such topic');
  assert.equal(reply.error?.line, 2);
  assert.deepEqual(
    { ...reply.error?.skill, column: 0 },
    {
      name: 'weeklyReview',
      line: 11,
      column: 0,
      snippet: `  if ((params.topic as string) === 'forbidden') throw new RangeError('no such topic');`,
    },
  );
});

test('discover lists skills beside operations, marked as such, down to their text', async () => {
  assert.match(await server.discover({}), /^1 skill of this project: discover\(\{path: "skills"\}\)\.$/m);
  const line =
    '- skills.weeklyReview(params: { topic: string }): Promise<Review> [skill]: Sums up what is known about a topic.';
  assert.ok((await server.discover({ path: 'skills' })).includes(line));
  for (const query of ['sum up a topic', 'weeklyReview', 'skills.weeklyReview', 'review of the week'])
    assert.ok((await server.discover({ query })).includes(line), query);
  assert.doesNotMatch(await server.discover({ query: 'create an entity in the graph' }), /weeklyReview/);
  const signature = await server.discover({ path: 'skills.weeklyReview' });
  assert.match(
    signature,
    /interface Review \{[\s\S]*skills\.weeklyReview\(params: \{ topic: string \}\): Promise<Review>/,
  );
  assert.match(signature, /^- memory\.recall \[read\]$/m);
  assert.doesNotMatch(signature, /throw new RangeError/);
  assert.match(await server.discover({ path: 'skills.weeklyReview', level: 4 }), /throw new RangeError/);
  const operations = await server.discover({ path: 'athena.skills', level: 2 });
  assert.match(operations, /improveEstimations/, 'the namespace of that name is still there');
  assert.match(
    await server.discover({ path: 'skills.improveEstimations' }),
    /athena\.skills\.improveEstimations/,
  );
});

test('skills are exported as files that type-check, and imported again after a check', async () => {
  const twice = `/** Counts twice. */
async function twice(params: { topic: string }): Promise<number> {
  return 2 * (await skills.weeklyReview(params)).total;
}
return await twice({ topic: 'x' });`;
  assert.equal((await server.execute(twice, { saveSkill: 'twice' })).ok, true);
  const folder = join(directory.path, 'exported');
  mkdirSync(folder);
  const secret = join(directory.path, 'secret');
  writeFileSync(secret, 'untouched');
  symlinkSync(secret, join(folder, 'twice.ts'));
  const exported = await runToEnd(['skills', 'export', folder, '--data-dir', data]);
  assert.equal(exported.code, 0, exported.stderr);
  assert.deepEqual(readdirSync(folder).toSorted(), ['skills.d.ts', 'twice.ts', 'weeklyReview.ts']);
  assert.equal(readFileSync(secret, 'utf8'), 'untouched');
  assert.equal(await typeCheck(folder), '');
  writeFileSync(
    join(folder, 'twice.ts'),
    readFileSync(join(folder, 'twice.ts'), 'utf8').replace('.total', '.totals'),
  );
  assert.match(await typeCheck(folder), /twice\.ts\(3,.*totals/);

  writeFileSync(join(folder, 'other.ts'), 'export const other = 1;\n');
  const target = ['--data-dir', data, '--project', 'imported'];
  const refused = await runToEnd(['skills', 'import', folder, ...target]);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /^other\.ts: not saved: SKILL_INVALID in line 1/m);
  assert.match(refused.stdout, /^twice\.ts: not saved: TYPE_ERROR in line 3: .*totals/m);
  assert.match(refused.stdout, /^weeklyReview\.ts: saved$/m);
  await runToEnd(['skills', 'export', folder, '--data-dir', data]);
  const whole = await runToEnd(['skills', 'import', folder, ...target]);
  assert.match(whole.stdout, /^twice\.ts: saved$/m);
  assert.match(whole.stdout, /^weeklyReview\.ts: replaced$/m);
  const listed = await runToEnd(['skills', 'list', '--json', ...target]);
  const rows = JSON.parse(listed.stdout) as { name: string; calls: string[]; effects: object[] }[];
  assert.deepEqual(
    rows.map(({ name, calls, effects }) => [name, calls, effects]),
    [
      ['twice', ['weeklyReview'], [{ operation: 'memory.recall', effect: 'read' }]],
      ['weeklyReview', [], [{ operation: 'memory.recall', effect: 'read' }]],
    ],
  );
  const removed = await runToEnd(['skills', 'remove', 'weeklyReview', ...target]);
  assert.deepEqual([removed.code, removed.stdout], [0, 'Removed weeklyReview.\n']);
  assert.equal((await runToEnd(['skills', 'remove', 'weeklyReview', ...target])).code, 1);
  const broken = await runToEnd(['skills', 'list', ...target]);
  assert.match(broken.stdout, /BROKEN: UNKNOWN_SKILL in line 3: `skills\.weeklyReview` does not exist/);
});

/** What TypeScript says of the files of a folder, with the typings beside them. */
function typeCheck(folder: string): Promise<string> {
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const files = readdirSync(folder).map((name) => join(folder, name));
  const flags = [
    '--noEmit',
    '--strict',
    '--target',
    'esnext',
    '--module',
    'esnext',
    '--lib',
    'esnext',
    '--types',
    '',
    '--skipLibCheck',
  ];
  return new Promise((done) => {
    execFile(
      process.execPath,
      [tsc, ...flags, '--ignoreConfig', join(ROOT, 'generated/athena.d.ts'), ...files],
      (_, stdout) => done(stdout),
    );
  });
}

test('a skill cannot be more than a program can: what it does is asked for, denied and audited as the caller’s', async () => {
  const keep = `/** Keeps a note. */
async function keep(params: { note: string }): Promise<number> {
  return (await athena.memory.remember({ content: params.note, memory_type: 'fact' })).memory_id;
}
return await keep({ note: 'n' });`;
  assert.equal((await server.execute(keep, { saveSkill: 'keep' })).ok, true);
  const reading = await openClient(data, ['--allow', 'read']);
  const denied = await reading.execute('return await skills.keep({ note: "x" });');
  await reading.close();
  assert.equal(denied.error?.code, 'OPERATION_DENIED');
  assert.equal(denied.error?.ran, 'the program never started');
  const called = await server.execute('return await skills.keep({ note: "x" });');
  const audit = await runToEnd(['audit', 'show', '--data-dir', data, '--execution', called.execution]);
  assert.match(audit.stdout, /"kind":"started".*"memory\.remember":"allow"/);
  assert.match(audit.stdout, /"kind":"call".*"operation":"memory\.remember"/);
});

test('a project is named as files are, or the server does not start', async () => {
  const ended = await runToEnd(['--project', '../up', '--data-dir', data]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /INVALID_SETTING: A project is named by/);
});
