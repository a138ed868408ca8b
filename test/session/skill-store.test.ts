import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { SkillText } from '../../runtime/contract/program.ts';
import type { SessionStore } from '../../runtime/contract/session.ts';
import { openSessionStore } from '../../runtime/session/session-store.ts';
import { beginIn, newRun } from './begin.ts';

const directory = mkdtempSync(join(tmpdir(), 'skills-'));
after(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => join(directory, `${files++}.sqlite`);

const openStore = (file: string, limits: Partial<Limits> = {}): Promise<SessionStore> =>
  openSessionStore(file, { ...DEFAULT_LIMITS, ...limits }, (error) => {
    throw error;
  });

const OWNER = { principal: 'ann', project: 'default' };
const textOf = (name: string, calls: readonly string[] = []): SkillText => ({
  name,
  code: `export async function ${name}(): Promise<void> {}\n`,
  documentation: 'Does nothing.',
  signature: `${name}(): Promise<void>`,
  types: '',
  calls,
});

test('skills outlive the store and every session, with what they were checked against', async () => {
  const file = newFile();
  const first = await openStore(file);
  assert.deepEqual(await first.skills.save(OWNER, textOf('two', ['one']), 'schemas-1'), {
    ok: true,
    replaced: false,
  });
  await first.skills.save(OWNER, textOf('one'), 'schemas-1');
  await first.close();
  const second = await openStore(file, { sessions: 1, sessionHours: 1 });
  const [one, two] = await second.skills.list(OWNER);
  assert.deepEqual(
    { ...two, savedAt: 0 },
    { ...textOf('two', ['one']), savedAt: 0, checkedAgainst: 'schemas-1' },
  );
  assert.equal(one?.name, 'one');
  assert.ok(Math.abs((one?.savedAt ?? 0) - Date.now()) < 60_000);
  await second.close();
});

test('a run that is cut off between its skill and its end does not wish for the skill again', async (t) => {
  const store = await openStore(newFile());
  t.after(() => store.close());
  const run = newRun({ saveSkill: 'one' });
  await (await beginIn(store, 's', 'ann', run)).journal.begin();
  const wishOf = async () => (await store.pastRun('ann', run.execution))?.head.saveSkill;
  await store.skills.save(OWNER, textOf('one'), 'schemas-1');
  assert.equal(await wishOf(), 'one', 'another one has saved it');
  await store.skills.save(OWNER, textOf('one'), 'schemas-1', run.execution);
  assert.equal(await wishOf(), undefined);
});

test('a skill takes the place of one of its name, and says so', async () => {
  const store = await openStore(newFile());
  await store.skills.save(OWNER, textOf('one'), 'a');
  const other = { ...textOf('one'), code: 'other' };
  assert.deepEqual(await store.skills.save(OWNER, other, 'b'), { ok: true, replaced: true });
  const all = await store.skills.list(OWNER);
  assert.deepEqual(
    all.map(({ code, checkedAgainst }) => [code, checkedAgainst]),
    [['other', 'b']],
  );
  await store.close();
});

test('projects and principals have skills of their own', async () => {
  const store = await openStore(newFile());
  await store.skills.save(OWNER, textOf('one'), 'a');
  for (const owner of [
    { ...OWNER, project: 'other' },
    { ...OWNER, principal: 'bob' },
  ]) {
    assert.deepEqual(await store.skills.list(owner), []);
    assert.equal(await store.skills.remove(owner, 'one'), false);
  }
  assert.equal(await store.skills.remove(OWNER, 'one'), true);
  assert.equal(await store.skills.remove(OWNER, 'one'), false);
  await store.close();
});

test('a project has no more skills than its limit; replacing one is always possible', async () => {
  const store = await openStore(newFile(), { skills: 2 });
  await store.skills.save(OWNER, textOf('one'), 'a');
  await store.skills.save(OWNER, textOf('two'), 'a');
  const third = await store.skills.save(OWNER, textOf('three'), 'a');
  assert.ok(!third.ok);
  assert.deepEqual(third.limit, { name: 'skills', value: 2 });
  assert.deepEqual(await store.skills.save(OWNER, textOf('two'), 'b'), { ok: true, replaced: true });
  assert.equal((await store.skills.list(OWNER)).length, 2);
  await store.close();
});

test('two names that differ by case only would be one file: the second is refused', async () => {
  const store = await openStore(newFile());
  await store.skills.save(OWNER, textOf('weeklyReview'), 'a');
  const twin = await store.skills.save(OWNER, textOf('weeklyreview'), 'a');
  assert.ok(!twin.ok);
  assert.match(twin.message, /`weeklyReview` by case only/);
  await store.close();
});

test('a check is noted for the text that was checked, and for no later one', async () => {
  const store = await openStore(newFile());
  await store.skills.save(OWNER, textOf('one'), 'old');
  await store.skills.noteCheck(OWNER, { ...textOf('one'), code: 'replaced meanwhile' }, 'new');
  assert.equal((await store.skills.list(OWNER))[0]?.checkedAgainst, 'old');
  await store.skills.noteCheck(OWNER, textOf('one'), 'new');
  assert.equal((await store.skills.list(OWNER))[0]?.checkedAgainst, 'new');
  await store.close();
});
