import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openEmbeddedAthena } from '../../backend/embedded/athena.ts';
import { catalogue } from '../../generated/catalogue.ts';
import { exportSkills } from '../../runtime/commands/skill-files.ts';
import type { SkillDesk } from '../../runtime/commands/skills.ts';
import type { Catalogue } from '../../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { type Engine, openEngine } from '../../runtime/engine.ts';
import { composeReply } from '../../runtime/reply.ts';
import { raise } from '../open-test-engine.ts';

const directory = mkdtempSync(join(tmpdir(), 'skills-'));
after(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => join(directory, `${files++}.sqlite`);

interface Opened {
  readonly engine: Engine;
  run(code: string, saveSkill?: string, timeoutMs?: number): Promise<Outcome>;
  resume(execution: string): Promise<Outcome>;
  discover(path: string): Promise<string>;
  close(): Promise<void>;
}

interface Settings {
  readonly catalogue?: Catalogue;
  readonly project?: string;
  readonly limits?: Partial<Limits>;
  readonly deny?: string;
}

async function open(sessionsFile: string, settings: Settings = {}): Promise<Opened> {
  const backend = await openEmbeddedAthena(`${sessionsFile}.memory`, raise);
  const engine = await openEngine({
    catalogue: settings.catalogue ?? catalogue,
    backend,
    sessionsFile,
    auditFiles: { log: `${sessionsFile}.audit`, key: `${sessionsFile}.key` },
    limits: { ...DEFAULT_LIMITS, executionsPerMinute: 100_000, ...settings.limits },
    ...(settings.project !== undefined && { project: settings.project }),
    policy: (operation) =>
      operation === settings.deny
        ? { verdict: 'deny', because: 'the test denies it' }
        : { verdict: 'allow', because: 'the test may do everything' },
    onSandboxEvent: () => undefined,
    onBug: raise,
  });
  const { signal } = new AbortController();
  return {
    engine,
    run: (code, saveSkill, timeoutMs = 20_000) =>
      engine.execute(
        { code, session: 'test', timeoutMs, ...(saveSkill !== undefined && { saveSkill }) },
        { principal: 'ann', signal },
      ),
    resume: (execution) =>
      engine.execute({ resume: execution, timeoutMs: 20_000 }, { principal: 'ann', signal }),
    discover: async (path) => {
      const shown = await engine.disclosure.discover({ path }, 'ann');
      return shown.ok ? shown.text : assert.fail(shown.message);
    },
    close: async () => {
      await engine.close();
      await backend.close();
    },
  };
}

const REVIEW = `/** Counts what is known about a topic. */
async function review(params: { topic: string }): Promise<number> {
  const { memories } = await athena.memory.recall({ query: params.topic });
  return memories.length;
}
return await review({ topic: 'x' });`;
const TWICE = `/** Counts twice. */
async function twice(params: { topic: string }): Promise<number> {
  const count = await skills.review(params);
  return count + (await skills.review(params));
}
return await twice({ topic: 'x' });`;
const KEEP = `/** Keeps a note. */
async function keep(params: { note: string }): Promise<number> {
  const { memory_id } = await athena.memory.remember({ content: params.note, memory_type: 'fact' });
  return memory_id;
}
return await keep({ note: 'a note' });`;

const returned = (outcome: Outcome): unknown =>
  outcome.kind === 'finished' ? outcome.value : assert.fail(JSON.stringify(outcome));
const failureOf = (outcome: Outcome) =>
  outcome.kind === 'refused'
    ? outcome.failures[0]
    : outcome.kind === 'failed'
      ? outcome.failure
      : assert.fail(JSON.stringify(outcome));

/** The catalogue after a new build, in which a parameter of an operation has another name. */
const CHANGED: Catalogue = {
  ...catalogue,
  schemaHash: 'another',
  typings: async () => {
    const typings = await catalogue.typings();
    const changed = typings.replace(/(type RecallParams = \{[^}]*?)\bquery: /, '$1wanted: ');
    assert.notEqual(changed, typings);
    return changed;
  },
};

test('a skill that no longer fits the schemas is broken, says why, and works again when it fits', async () => {
  const file = newFile();
  const before = await open(file);
  assert.equal((await before.run(REVIEW, 'review')).kind, 'finished');
  assert.equal((await before.run(TWICE, 'twice')).kind, 'finished');
  assert.equal((await before.run(KEEP, 'keep')).kind, 'finished');
  await before.close();

  const changed = await open(file, { catalogue: CHANGED });
  const failure = failureOf(
    await changed.run('const a = 1;\nreturn a * (await skills.review({ topic: "x" }));'),
  );
  assert.deepEqual([failure?.code, failure?.line, failure?.column], ['SKILL_BROKEN', 2, 26]);
  assert.match(failure?.message ?? '', /TYPE_ERROR in line 3: .*'query' does not exist/);
  const through = failureOf(await changed.run('return await skills.twice({ topic: "x" });'));
  assert.equal(through?.code, 'SKILL_BROKEN');
  assert.match(through?.message ?? '', /skills\.review/);
  const listed = await changed.discover('skills');
  assert.match(listed, /skills\.review\(.*\(broken: TYPE_ERROR in line 3/);
  assert.match(listed, /skills\.twice\(.*\(broken: SKILL_BROKEN in line 3/);
  assert.doesNotMatch(listed.split('\n').find((line) => line.includes('skills.keep')) ?? '', /broken/);
  assert.match(
    await changed.discover('skills.review'),
    /It cannot be called: .*'query'[\s\S]*checked against schemas another/,
  );
  assert.equal(returned(await changed.run('return typeof (await skills.keep({ note: "n" }));')), 'number');
  assert.equal(returned(await changed.run('return "no skills";')), 'no skills', 'others are left alone');
  await changed.close();

  const again = await open(file);
  assert.equal(returned(await again.run('return await skills.twice({ topic: "x" });')), 0);
  assert.doesNotMatch(await again.discover('skills'), /broken/);
  await again.close();
});

test('a run that was cut off saves its skill once it is resumed to a good end, if the skill still passes', async () => {
  const waiting = `${REVIEW.slice(0, REVIEW.indexOf('return await'))}
while (!(await session.get('go'))) await sleep(50);
return await review({ topic: 'x' });`;
  const notSaved = ({ warnings }: Outcome) =>
    warnings.find(({ code }) => code === 'SKILL_NOT_SAVED')?.message ?? '';
  const file = newFile();
  const before = await open(file);
  const cutOff = await before.run(waiting, 'review', 500);
  assert.equal(failureOf(cutOff)?.code, 'TIMEOUT');
  assert.match(notSaved(cutOff), /the run did not finish/);
  await before.run("await session.set('go', true);");
  await before.close();

  const changed = await open(file, { catalogue: CHANGED });
  const refused = await changed.resume(cutOff.execution);
  assert.equal(returned(refused), 0, 'the program goes on as it was checked');
  assert.match(notSaved(refused), /`review` was not saved: its code is refused now: TYPE_ERROR in line 3/);
  assert.equal(refused.kind === 'finished' && refused.savedSkill, undefined);
  await changed.close();

  const again = await open(file);
  const resumed = await again.resume(cutOff.execution);
  assert.equal(notSaved(resumed), '');
  assert.equal(resumed.kind === 'finished' && resumed.savedSkill?.name, 'review');
  assert.equal(returned(await again.run('return await skills.review({ topic: "x" });')), 0);
  await again.close();
});

test('a run that has saved its skill does not save it again when it is resumed, over a newer one', async (t) => {
  const one = (value: number, call: string) => `/** Answers a number. */
async function answer(params: { of: string }): Promise<number> {
  ${call}
  return ${value};
}
return await answer({ of: 'x' });`;
  const opened = await open(newFile());
  t.after(() => opened.close());
  for (const call of ['await session.get(params.of);', '']) {
    const first = await opened.run(one(1, call), 'answer');
    await opened.run(one(2, call), 'answer');
    const resumed = await opened.resume(first.execution);
    assert.equal(returned(resumed), 1);
    assert.equal(resumed.kind === 'finished' && resumed.savedSkill, undefined);
    assert.deepEqual(resumed.warnings, []);
    assert.equal(returned(await opened.run("return await skills.answer({ of: 'x' });")), 2);
  }
});

test('a type of the schemas that is gone breaks the skills that name it', async () => {
  const file = newFile();
  const before = await open(file);
  const code = `/** Gives the first. */
async function first(params: { topic: string }): Promise<Athena.Memory.RecallResult['memories'][number] | null> {
  return (await athena.memory.recall({ query: params.topic })).memories[0] ?? null;
}
return await first({ topic: 'x' });`;
  assert.equal((await before.run(code, 'first')).kind, 'finished');
  await before.close();
  const typings = async () => (await catalogue.typings()).replaceAll(/\bRecallResult\b/g, 'RecallAnswer');
  const changed = await open(file, { catalogue: { ...catalogue, schemaHash: 'another', typings } });
  const failure = failureOf(await changed.run('return await skills.first({ topic: "x" });'));
  assert.equal(failure?.code, 'SKILL_BROKEN');
  assert.match(failure?.message ?? '', /RecallResult/);
  await changed.close();
});

test('a skill that calls one which is replaced or removed follows it', async () => {
  const file = newFile();
  const opened = await open(file);
  await opened.run(REVIEW, 'review');
  await opened.run(TWICE, 'twice');
  const seven = `/** Seven. */
async function review(params: { topic: string }): Promise<number> { return params.topic.length; }
return await review({ topic: 'x' });`;
  const replaced = await opened.run(seven, 'review');
  assert.ok(replaced.kind === 'finished');
  assert.equal(replaced.savedSkill?.replaced, true);
  assert.equal(returned(await opened.run('return await skills.twice({ topic: "abc" });')), 6);
  const other = seven.replace(
    'Promise<number> { return params.topic.length',
    'Promise<string> { return params.topic',
  );
  assert.equal((await opened.run(other, 'review')).kind, 'finished');
  assert.match(await opened.discover('skills.twice'), /It cannot be called/);
  await opened.close();
});

test('what a skill does is held against the policy of the program that calls it', async () => {
  const file = newFile();
  const before = await open(file);
  await before.run(KEEP, 'keep');
  await before.close();
  const denied = await open(file, { deny: 'memory.remember' });
  const failure = failureOf(await denied.run('return await skills.keep({ note: "n" });'));
  assert.equal(failure?.code, 'OPERATION_DENIED');
  assert.doesNotMatch(await denied.discover('skills'), /broken/, 'policy breaks no skill');
  await denied.close();
});

test('projects have skills of their own', async () => {
  const file = newFile();
  const one = await open(file, { project: 'one' });
  await one.run(REVIEW, 'review');
  await one.close();
  const two = await open(file, { project: 'two' });
  assert.equal(
    failureOf(await two.run('return await skills.review({ topic: "x" });'))?.code,
    'UNKNOWN_SKILL',
  );
  assert.match(await two.discover('skills'), /No skills are saved/);
  await two.close();
});

test('only a run that finishes saves, and every other end says that it did not', async () => {
  const opened = await open(newFile());
  const notSaved = async (outcome: Outcome, why: RegExp) => {
    const warning = outcome.warnings.find(({ code }) => code === 'SKILL_NOT_SAVED');
    assert.match(warning?.message ?? JSON.stringify(outcome), why);
    assert.equal((await opened.engine.disclosure.discover({ path: 'skills.keep' }, 'ann')).ok, false);
  };
  const failing = KEEP.replace('return await', 'await').concat('\nthrow new Error("late");');
  await notSaved(await opened.run(failing, 'keep'), /the run did not finish/);
  await notSaved(
    await opened.run(KEEP.replace('content:', 'contents:'), 'keep'),
    /the program never started/,
  );
  await notSaved(
    await opened.run(`${KEEP.replace('return await', 'await')}\nreturn 1n;`, 'keep'),
    /did not finish/,
  );
  await opened.close();
});

test('a project that is full keeps what it has, and the value of the program is not lost', async () => {
  const opened = await open(newFile(), { limits: { skills: 1 } });
  await opened.run(REVIEW, 'review');
  const full = await opened.run(KEEP, 'keep');
  assert.ok(full.kind === 'finished');
  const warning = full.warnings.find(({ code }) => code === 'SKILL_NOT_SAVED');
  assert.deepEqual(warning?.limit, { name: 'skills', value: 1 });
  assert.equal(typeof full.value, 'number');
  await opened.close();
});

test('a text that was changed in the database has no more power than the check gives it', async () => {
  const file = newFile();
  const before = await open(file);
  await before.run(REVIEW, 'review');
  await before.run(TWICE, 'twice');
  await before.close();
  const database = new DatabaseSync(file);
  const change = database.prepare('update skills set code = ?, calls = ? where name = ?');
  change.run(
    '/** x */\nexport async function review(params: { topic: string }): Promise<number> {\n return eval(params.topic);\n}\n',
    '[]',
    'review',
  );
  change.run(
    '/** x */\nexport async function twice(): Promise<number> { return await skills.twice(); }\n',
    '["twice","nobody"]',
    'twice',
  );
  database.close();
  const opened = await open(file);
  const evil = failureOf(await opened.run('return await skills.review({ topic: "1" });'));
  assert.equal(evil?.code, 'SKILL_BROKEN');
  assert.match(evil?.message ?? '', /FORBIDDEN_EVALUATOR/);
  const circle = failureOf(await opened.run('return await skills.twice({ topic: "1" });'));
  assert.match(circle?.message ?? '', /in a circle/);
  assert.match(await opened.discover('skills'), /2 skills/);
  await opened.close();
});

test('a reply stays within its budget, however much a skill says', async () => {
  const opened = await open(newFile());
  const long = 'x'.repeat(40_000);
  const code = `/** ${long} */
async function long(params: { ${Array.from({ length: 900 }, (_, at) => `member${at}?: string`).join('; ')} }): Promise<number> { return Object.keys(params).length; }
return await long({});`;
  const outcome = await opened.run(code, 'long');
  assert.ok(outcome.kind === 'finished', JSON.stringify(outcome).slice(0, 500));
  assert.ok(JSON.stringify(composeReply(outcome, 2_000)).length <= 2_000);
  assert.ok(Buffer.byteLength(await opened.discover('skills')) <= 5_120);
  assert.ok(Buffer.byteLength(await opened.discover('skills.long')) <= 10_240);
  const found = await opened.engine.disclosure.discover({ query: 'long' }, 'ann');
  assert.ok(found.ok && Buffer.byteLength(found.text) <= 5_120 && found.text.includes('skills.long'));
  await opened.close();
});

const noProc = process.platform !== 'linux' && 'only Linux has /proc';
test('a folder that cannot be made is told of, and not waited for', { skip: noProc }, async () => {
  const owner = { principal: 'p', project: 'default' };
  const desk = { skills: { texts: async () => [] }, owner } as unknown as SkillDesk;
  await assert.rejects(
    exportSkills(desk, '/proc/exported', () => undefined),
    { code: 'INVALID_SETTING' },
  );
});
