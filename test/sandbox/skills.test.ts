import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ProgramSkill } from '../../runtime/contract/program.ts';
import { openTestSandbox, programOf, type TestSandbox } from './harness.ts';

let sandbox: TestSandbox;
before(async () => {
  sandbox = await openTestSandbox();
});
after(() => sandbox.sandbox.close());

const skill = (name: string, body: string): ProgramSkill => ({
  name,
  source: `\nasync function ${name}(params) {\n${body}\n};return ${name}`,
  insertions: [],
});

const run = (source: string, ...skills: readonly ProgramSkill[]) =>
  sandbox.run(source, { program: { ...programOf(source), skills } });

async function value(source: string, ...skills: readonly ProgramSkill[]): Promise<unknown> {
  const end = await run(source, ...skills);
  assert.equal(end.kind, 'returned', JSON.stringify(end));
  return end.kind === 'returned' && end.json !== null ? JSON.parse(end.json) : undefined;
}

test('a program calls skills, and skills call each other', async () => {
  const double = skill('double', 'return 2 * params.n;');
  const both = skill('both', 'return [await skills.double(params), await skills.double({ n: 1 })];');
  assert.deepEqual(await value('return await skills.both({ n: 4 })', both, double), [8, 2]);
});

test('a skill has what the program has: operations, session, clock, chance, its log', async () => {
  const all = skill(
    'all',
    'console.log("in");\nawait sleep(1);\nreturn [typeof session.get, Date.now(), await athena.memory.recall({ n: 1 }), typeof process, typeof globalThis.fetch];',
  );
  const end = await run(
    'const now = Date.now();\nconst found = await skills.all({});\nreturn [...found, Date === globalThis.Date]',
    all,
  );
  assert.ok(end.kind === 'returned');
  const [session, , recalled, process, fetch, sameDate] = JSON.parse(end.json ?? '[]');
  assert.deepEqual(
    [session, recalled, process, fetch, sameDate],
    ['function', { n: 1 }, 'undefined', 'undefined', true],
  );
  assert.deepEqual(end.logs, [{ level: 'info', text: 'in' }]);
});

test('without skills there is an object without any', async () => {
  assert.deepEqual(
    await value(
      'return [typeof skills, Object.keys(skills), Object.getPrototypeOf(skills), "constructor" in skills]',
    ),
    ['object', [], null, false],
  );
});

/** What a program or a skill tries to do to what others see, and what then is still there. */
const TRIES = [
  'skills.mine = 1;',
  'delete skills.one;',
  'skills.one = async () => "mine";',
  'Object.defineProperty(skills, "one", { value: 1 });',
  'Object.setPrototypeOf(skills, { polluted: 1 });',
  'skills.one.name = "x";',
  'skills.one.call = 1;',
  'globalThis.skills = {};',
  'globalThis.athena = {};',
  'athena.memory.recall = 1;',
  'session.get = 1;',
  'Object.prototype.polluted = 1;',
];

test('neither a program nor a skill changes what the other sees', async () => {
  const one = skill('one', 'return "one";');
  for (const attempt of TRIES) {
    const code = `let failed = false;\ntry { ${attempt} } catch { failed = true; }\nreturn [failed, await skills.one({}), typeof skills.mine, typeof ({}).polluted, typeof athena.memory.recall, typeof session.get];`;
    const untouched = [true, 'one', 'undefined', 'undefined', 'function', 'function'];
    assert.deepEqual(await value(code, one), untouched, attempt);
    const hostile = skill('hostile', `try { ${attempt} } catch {}`);
    const after = `await skills.hostile({});\n${code}`;
    assert.deepEqual(await value(after, one, hostile), untouched, `in a skill: ${attempt}`);
  }
});

test('an error in a skill names the skill and its line, and where the program called it', async () => {
  const broken = skill('broken', 'const a = 1;\n  throw new RangeError("too " + a);');
  const end = await run('const x = 1;\n  await skills.broken({});', broken);
  assert.ok(end.kind === 'threw');
  const { name, message, line, skill: place } = end.error;
  assert.deepEqual([name, message, line], ['RangeError', 'too 1', 2]);
  assert.deepEqual(place, {
    name: 'broken',
    line: 4,
    column: 9,
    snippet: '  throw new RangeError("too " + a);',
  });
});

test('an error of a call that a skill makes is placed in the skill too', async () => {
  const calling = skill('calling', 'await sleep(1);\nreturn await athena.memory.recall(1n);');
  const end = await run('await skills.calling({});', calling);
  assert.ok(end.kind === 'threw');
  assert.equal(end.error.code, 'INVALID_PARAMETERS');
  assert.deepEqual([end.error.skill?.name, end.error.skill?.line], ['calling', 4]);
});

test('an error of the program itself names no skill, also after one was called', async () => {
  const end = await run('await skills.fine({});\nthrow new Error("mine");', skill('fine', 'return 1;'));
  assert.ok(end.kind === 'threw');
  assert.deepEqual([end.error.line, end.error.skill], [2, undefined]);
});

test('each run evaluates its skills anew', async () => {
  const counting = skill('counting', 'counting.count = (counting.count ?? 0) + 1;\nreturn counting.count;');
  const twice = 'return [await skills.counting({}), await skills.counting({})]';
  assert.deepEqual(await value(twice, counting), [1, 2]);
  assert.deepEqual(await value(twice, counting), [1, 2]);
});
