import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
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
/** One engine after another opens it: starting one takes longer than most tests. */
const STORE = join(directory, 'sessions.sqlite');

interface Opened {
  readonly engine: Engine;
  run(code: string, saveSkill?: string, timeoutMs?: number): Promise<Outcome>;
  resume(execution: string): Promise<Outcome>;
  discover(path: string): Promise<string>;
  /** Lets the policy deny an operation from now on. */
  deny(operation: string): void;
  close(): Promise<void>;
}

interface Settings {
  readonly catalogue?: Catalogue;
  readonly project?: string;
  readonly limits?: Partial<Limits>;
}

async function open(settings: Settings): Promise<Opened> {
  const backend = await openEmbeddedAthena(`${STORE}.memory`, raise);
  const denied = new Set<string>();
  const engine = await openEngine({
    catalogue: settings.catalogue ?? catalogue,
    backend,
    sessionsFile: STORE,
    auditFiles: { log: `${STORE}.audit`, key: `${STORE}.key` },
    limits: { ...DEFAULT_LIMITS, executionsPerMinute: 100_000, ...settings.limits },
    ...(settings.project !== undefined && { project: settings.project }),
    policy: (operation) =>
      denied.has(operation)
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
    deny: (operation) => denied.add(operation),
    close: async () => {
      await engine.close();
      await backend.close();
    },
  };
}

/** The tests of one engine, in order: each finds what those before it have left in the store. */
function withEngine(what: string, settings: Settings, tests: (engine: () => Opened) => void): void {
  describe(what, () => {
    let opened: Opened;
    before(async () => {
      opened = await open(settings);
    });
    after(() => opened.close());
    tests(() => opened);
  });
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

const FIRST = `/** Gives the first. */
async function first(params: { limit: number }): Promise<Athena.Memory.ListMemoriesResult['memories'][number] | null> {
  return (await athena.memory.listMemories(params)).memories[0] ?? null;
}
return await first({ limit: 1 });`;
const WAITING = `${REVIEW.slice(0, REVIEW.indexOf('return await'))}
while (!(await session.get('go'))) await sleep(50);
return await review({ topic: 'x' });`;
const SEVEN = `/** Its length. */
async function review(params: { topic: string }): Promise<number> { return params.topic.length; }
return await review({ topic: 'x' });`;

const returned = (outcome: Outcome): unknown =>
  outcome.kind === 'finished' ? outcome.value : assert.fail(JSON.stringify(outcome));
const failureOf = (outcome: Outcome) =>
  outcome.kind === 'refused'
    ? outcome.failures[0]
    : outcome.kind === 'failed'
      ? outcome.failure
      : assert.fail(JSON.stringify(outcome));
const notSaved = ({ warnings }: Outcome) =>
  warnings.find(({ code }) => code === 'SKILL_NOT_SAVED')?.message ?? '';

/** The catalogue after a new build, in which a parameter of an operation has another name, and a type is gone. */
const CHANGED: Catalogue = {
  ...catalogue,
  schemaHash: 'another',
  typings: async () => {
    const typings = await catalogue.typings();
    const renamed = typings.replace(/(type RecallParams = \{[^}]*?)\bquery: /, '$1wanted: ');
    assert.notEqual(renamed, typings);
    return renamed.replaceAll(/\bListMemoriesResult\b/g, 'ListMemoriesAnswer');
  },
};

/** The run that is cut off before the schemas change. */
let cutOff = '';

withEngine('with the schemas as they are', {}, (engine) => {
  test('only a run that finishes saves, and every other end says that it did not', async () => {
    const { run, engine: inside } = engine();
    const failing = KEEP.replace('return await', 'await').concat('\nthrow new Error("late");');
    assert.match(notSaved(await run(failing, 'keep')), /the run did not finish/);
    const wrong = KEEP.replace('content:', 'contents:');
    assert.match(notSaved(await run(wrong, 'keep')), /the program never started/);
    const noJson = `${KEEP.replace('return await', 'await')}\nreturn 1n;`;
    assert.match(notSaved(await run(noJson, 'keep')), /did not finish/);
    assert.equal((await inside.disclosure.discover({ path: 'skills.keep' }, 'ann')).ok, false);
  });

  test('what worked is saved, and skills call each other', async () => {
    const { run } = engine();
    for (const [name, code] of Object.entries({ review: REVIEW, twice: TWICE, keep: KEEP, first: FIRST }))
      assert.equal((await run(code, name)).kind, 'finished');
  });

  test('a run that has saved its skill does not save it again when it is resumed, over a newer one', async () => {
    const one = (value: number, call: string) => `/** Answers a number. */
async function answer(params: { of: string }): Promise<number> {
  ${call}
  return ${value};
}
return await answer({ of: 'x' });`;
    const { run, resume } = engine();
    for (const call of ['await session.get(params.of);', '']) {
      const first = await run(one(1, call), 'answer');
      await run(one(2, call), 'answer');
      const resumed = await resume(first.execution);
      assert.equal(returned(resumed), 1);
      assert.equal(resumed.kind === 'finished' && resumed.savedSkill, undefined);
      assert.deepEqual(resumed.warnings, []);
      assert.equal(returned(await run("return await skills.answer({ of: 'x' });")), 2);
    }
  });

  test('a run that is cut off has not saved its skill yet', async () => {
    const { run } = engine();
    const outcome = await run(WAITING, 'review', 500);
    assert.equal(failureOf(outcome)?.code, 'TIMEOUT');
    assert.match(notSaved(outcome), /the run did not finish/);
    cutOff = outcome.execution;
    await run("await session.set('go', true);");
  });
});

withEngine('with schemas that changed', { catalogue: CHANGED }, (engine) => {
  test('a skill that no longer fits the schemas is broken, and says why', async () => {
    const { run, discover } = engine();
    const failure = failureOf(await run('const a = 1;\nreturn a * (await skills.review({ topic: "x" }));'));
    assert.deepEqual([failure?.code, failure?.line, failure?.column], ['SKILL_BROKEN', 2, 26]);
    assert.match(failure?.message ?? '', /TYPE_ERROR in line 3: .*'query' does not exist/);
    const through = failureOf(await run('return await skills.twice({ topic: "x" });'));
    assert.equal(through?.code, 'SKILL_BROKEN');
    assert.match(through?.message ?? '', /skills\.review/);
    const listed = await discover('skills');
    assert.match(listed, /skills\.review\(.*\(broken: TYPE_ERROR in line 3/);
    assert.match(listed, /skills\.twice\(.*\(broken: SKILL_BROKEN in line 3/);
    assert.doesNotMatch(listed.split('\n').find((line) => line.includes('skills.keep')) ?? '', /broken/);
    assert.match(
      await discover('skills.review'),
      /It cannot be called: .*'query'[\s\S]*checked against schemas another/,
    );
    assert.equal(returned(await run('return typeof (await skills.keep({ note: "n" }));')), 'number');
    assert.equal(returned(await run('return "no skills";')), 'no skills', 'others are left alone');
  });

  test('a type of the schemas that is gone breaks the skills that name it', async () => {
    const failure = failureOf(await engine().run('return await skills.first({ limit: 1 });'));
    assert.equal(failure?.code, 'SKILL_BROKEN');
    assert.match(failure?.message ?? '', /ListMemoriesResult/);
  });

  test('a run that was cut off goes on as it was checked, and does not save a skill that no longer passes', async () => {
    const resumed = await engine().resume(cutOff);
    assert.equal(returned(resumed), 0);
    assert.match(notSaved(resumed), /`review` was not saved: its code is refused now: TYPE_ERROR in line 3/);
    assert.equal(resumed.kind === 'finished' && resumed.savedSkill, undefined);
  });
});

withEngine('with the first schemas again', {}, (engine) => {
  test('a skill works again when it fits', async () => {
    const { run, discover } = engine();
    assert.equal(returned(await run('return await skills.twice({ topic: "x" });')), 0);
    assert.doesNotMatch(await discover('skills'), /broken/);
  });

  test('a run that was cut off saves its skill once it is resumed to a good end', async () => {
    const { run, resume } = engine();
    await run(SEVEN, 'review');
    const resumed = await resume(cutOff);
    assert.equal(notSaved(resumed), '');
    assert.equal(resumed.kind === 'finished' && resumed.savedSkill?.name, 'review');
    assert.equal(returned(await run('return await skills.review({ topic: "xyz" });')), 0);
  });

  test('a skill that calls one which is replaced or removed follows it', async () => {
    const { run, discover } = engine();
    const replaced = await run(SEVEN, 'review');
    assert.ok(replaced.kind === 'finished');
    assert.equal(replaced.savedSkill?.replaced, true);
    assert.equal(returned(await run('return await skills.twice({ topic: "abc" });')), 6);
    const other = SEVEN.replace(
      'Promise<number> { return params.topic.length',
      'Promise<string> { return params.topic',
    );
    assert.equal((await run(other, 'review')).kind, 'finished');
    assert.match(await discover('skills.twice'), /It cannot be called/);
  });

  test('what a skill does is held against the policy of the program that calls it', async () => {
    const { run, deny, discover } = engine();
    deny('memory.remember');
    const failure = failureOf(await run('return await skills.keep({ note: "n" });'));
    assert.equal(failure?.code, 'OPERATION_DENIED');
    assert.doesNotMatch(await discover('skills.keep'), /cannot be called/, 'policy breaks no skill');
  });

  test('a reply stays within its budget, however much a skill says', async () => {
    const { run, discover, engine: inside } = engine();
    const long = 'x'.repeat(40_000);
    const code = `/** ${long} */
async function long(params: { ${Array.from({ length: 900 }, (_, at) => `member${at}?: string`).join('; ')} }): Promise<number> { return Object.keys(params).length; }
return await long({});`;
    const outcome = await run(code, 'long');
    assert.ok(outcome.kind === 'finished', JSON.stringify(outcome).slice(0, 500));
    assert.ok(JSON.stringify(composeReply(outcome, 2_000)).length <= 2_000);
    assert.ok(Buffer.byteLength(await discover('skills')) <= 5_120);
    assert.ok(Buffer.byteLength(await discover('skills.long')) <= 10_240);
    const found = await inside.disclosure.discover({ query: 'long' }, 'ann');
    assert.ok(found.ok && Buffer.byteLength(found.text) <= 5_120 && found.text.includes('skills.long'));
  });
});

withEngine('in another project', { project: 'another', limits: { skills: 1 } }, (engine) => {
  test('projects have skills of their own', async () => {
    const { run, discover } = engine();
    assert.equal(failureOf(await run('return await skills.keep({ note: "n" });'))?.code, 'UNKNOWN_SKILL');
    assert.match(await discover('skills'), /No skills are saved/);
  });

  test('a project that is full keeps what it has, and the value of the program is not lost', async () => {
    const { run } = engine();
    await run(REVIEW, 'review');
    const full = await run(KEEP, 'keep');
    assert.ok(full.kind === 'finished');
    const warning = full.warnings.find(({ code }) => code === 'SKILL_NOT_SAVED');
    assert.deepEqual(warning?.limit, { name: 'skills', value: 1 });
    assert.equal(typeof full.value, 'number');
  });
});

describe('with texts that were changed in the database', () => {
  before(() => {
    const database = new DatabaseSync(STORE);
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
  });

  withEngine('read by an engine', {}, (engine) => {
    test('none has more power than the check gives it', async () => {
      const { run, discover } = engine();
      const evil = failureOf(await run('return await skills.review({ topic: "1" });'));
      assert.equal(evil?.code, 'SKILL_BROKEN');
      assert.match(evil?.message ?? '', /FORBIDDEN_EVALUATOR/);
      const circle = failureOf(await run('return await skills.twice({ topic: "1" });'));
      assert.match(circle?.message ?? '', /in a circle/);
      assert.match(await discover('skills'), /6 skills/);
    });
  });
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
