import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import { TOKEN } from '../../runtime/contract/privacy.ts';
import type { SessionTokens } from '../../runtime/contract/session.ts';
import { openSessionStore } from '../../runtime/session/session-store.ts';
import { newRun } from './begin.ts';

const directory = mkdtempSync(join(tmpdir(), 'tokens-'));
after(() => rmSync(directory, { recursive: true }));

const raise = (error: unknown): never => {
  throw error;
};
const EMAIL = { kind: 'email', text: 'ada@example.com' } as const;
const PHONE = { kind: 'phone', text: '+44 20 7946 0123' } as const;
let files = 0;

async function openStore(t: { after(work: () => Promise<void>): void }, tokens = DEFAULT_LIMITS.tokens) {
  files += 1;
  const file = join(directory, `sessions-${files}.sqlite`);
  const store = await openSessionStore(file, { ...DEFAULT_LIMITS, tokens }, raise);
  t.after(() => store.close());
  return async (principal: string, session: string): Promise<SessionTokens> => {
    const opened = await store.open(principal, session, newRun());
    assert.ok(opened.ok);
    return opened.session.tokens;
  };
}

async function find(tokens: SessionTokens, names: readonly string[]) {
  const found = await tokens.find(names);
  assert.ok(found.ok);
  return found.value;
}

test('a token is made of a value and the session alone, has the form of one, and leads back', async (t) => {
  const open = await openStore(t);
  const own = await open('ann', 'one');
  const [first = '', second = ''] = await own.make([EMAIL, PHONE], ['athena']);
  assert.deepEqual(first.match(TOKEN), [first]);
  assert.deepEqual(await own.make([PHONE, EMAIL], ['athena']), [second, first]);
  const others = await Promise.all([open('ann', 'two'), open('bob', 'one')]);
  for (const other of others) {
    assert.notEqual((await other.make([EMAIL], ['athena']))[0], first);
    assert.equal((await find(other, [first])).size, 0, 'another session or principal does not know it');
  }
  assert.equal((await find(own, [first, second])).get(first)?.text, EMAIL.text);
});

test('the origins of a value are all those that it came from', async (t) => {
  const own = await (await openStore(t))('ann', 'one');
  const [token = ''] = await own.make([EMAIL], ['athena']);
  await own.make([EMAIL], ['files', 'athena']);
  assert.deepEqual((await find(own, [token])).get(token)?.origins, new Set(['athena', 'files']));
});

test('two kinds of the same text have two tokens', async (t) => {
  const own = await (await openStore(t))('ann', 'one');
  const text = '123456789';
  const made = await own.make(
    [
      { kind: 'id', text },
      { kind: 'phone', text },
    ],
    ['athena'],
  );
  assert.equal(new Set(made).size, 2);
});

test('a session that is full removes what is new, and still knows what it has', async (t) => {
  const own = await (await openStore(t, 1))('ann', 'one');
  const [token = ''] = await own.make([EMAIL], ['athena']);
  assert.deepEqual(await own.make([EMAIL, PHONE], ['athena']), [token, '[removed: phone]']);
});

test('many values give others their turn, and what there is room for is kept', async (t) => {
  const own = await (await openStore(t, 1_500))('ann', 'one');
  const values = Array.from({ length: 2_000 }, (_, n) => ({ ...EMAIL, text: `ada${n}@example.com` }));
  let hadTurn = false;
  setImmediate(() => {
    hadTurn = true;
  });
  const made = await own.make(values, ['athena']);
  assert.ok(hadTurn);
  assert.equal(made.filter((token) => token.match(TOKEN)).length, 1_500);
  assert.equal(made[1_500], '[removed: email]');
});

test('two servers that share the file make the same token', async (t) => {
  files += 1;
  const file = join(directory, `sessions-${files}.sqlite`);
  const made: (readonly string[])[] = [];
  for (let server = 0; server < 2; server++) {
    const store = await openSessionStore(file, DEFAULT_LIMITS, raise);
    t.after(() => store.close());
    const opened = await store.open('ann', 'one', newRun());
    assert.ok(opened.ok);
    made.push(await opened.session.tokens.make([EMAIL], ['athena']));
  }
  assert.deepEqual(made[0], made[1]);
});
