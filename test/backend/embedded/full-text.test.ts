import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Kysely } from 'kysely';
import { FULL_TEXT_MIGRATIONS, openFullText } from '../../../backend/embedded/full-text.ts';
import type { FullText } from '../../../backend/embedded/handler.ts';
import { openSqlite } from '../../../database/sqlite.ts';

async function openText(t: TestContext): Promise<{ text: FullText; database: Kysely<never> }> {
  const folder = await mkdtemp(join(tmpdir(), 'athena-text-'));
  const database = await openSqlite<never>(join(folder, 'text.db'), FULL_TEXT_MIGRATIONS);
  t.after(async () => {
    await database.destroy();
    await rm(folder, { recursive: true });
  });
  return { text: openFullText(database), database };
}

const TEXTS = [
  'The deployment of the payment service failed at midnight',
  'Payment reminders are sent on Mondays',
  'Deploy scripts live in the tools folder',
  'Категории товаров хранятся в базе',
  'Café opening hours',
  'A plan for apples and all animals',
];

test('a query finds what holds its words, best first', async (t) => {
  const { text } = await openText(t);
  for (const [index, body] of TEXTS.entries()) await text.put('memory', index + 1, body);
  const cases: readonly (readonly [query: string, ids: readonly number[]])[] = [
    ['payment service deployment', [1, 3, 2]],
    ['deploys', [3, 1]],
    ['why did the payment service fail?', [1, 2]],
    ['failures', [1]],
    ['planned', [6]],
    ['cafe', [5]],
    ['базе', [4]],
    ['a plan', [6]],
    ['all', [6]],
    ['x OR "payment" NEAR(', [2, 1]],
    ['tools-folder', [3]],
    ['kubernetes', []],
    ['"*()', []],
    ['', []],
  ];
  for (const [query, ids] of cases) {
    const hits = await text.search(['memory'], query, 10);
    const found = hits.map(({ id }) => id);
    assert.deepEqual(new Set(found), new Set(ids), query);
    if (ids.length > 0) assert.equal(found[0], ids[0], query);
  }
});

test('scores are above 0 and at most 1, and near 1 when every word is found', async (t) => {
  const { text } = await openText(t);
  for (const [index, body] of TEXTS.entries()) await text.put('memory', index + 1, body);
  const hits = await text.search(['memory'], 'payment reminders mondays', 10);
  assert.deepEqual(
    hits.map(({ id }) => id),
    [2, 1],
  );
  assert.ok((hits[0]?.score ?? 0) >= 0.9);
  for (const { score } of hits) assert.ok(score > 0 && score <= 1, String(score));
});

test('a thing is indexed once: put replaces, remove removes, kinds keep apart', async (t) => {
  const { text } = await openText(t);
  await text.put('memory', 1, 'old words');
  await text.put('memory', 1, 'new words');
  await text.put('event', 1, 'new event');
  assert.deepEqual(await text.search(['memory'], 'old', 10), []);
  assert.equal((await text.search(['memory', 'event'], 'new', 10)).length, 2);
  assert.equal(await text.read('memory', 1), 'new words');
  await text.remove('memory', 1);
  assert.equal(await text.read('memory', 1), undefined);
  assert.deepEqual(
    (await text.search(['memory', 'event'], 'new', 10)).map(({ kind }) => kind),
    ['event'],
  );
});

test('a put inside a transaction goes when the transaction does', async (t) => {
  const { text, database } = await openText(t);
  const undone = database.transaction().execute(async (transaction) => {
    await openFullText(transaction).put('memory', 1, 'never committed');
    throw new Error('undo');
  });
  await assert.rejects(undone, /undo/);
  assert.deepEqual(await text.search(['memory'], 'committed', 10), []);
  assert.equal(await text.read('memory', 1), undefined);
});

test('a query of many words is cut, not refused', async (t) => {
  const { text } = await openText(t);
  await text.put('memory', 1, 'needle');
  const words = Array.from({ length: 5_000 }, (_, index) => `word${index}`).join(' ');
  assert.equal((await text.search(['memory'], `needle ${words}`, 10)).length, 1);
});
