import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { Reply } from '../../runtime/reply.ts';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';

const directory = openTemporaryDirectory();
after(() => directory.dispose());

const EMAIL = 'ada.lovelace@example.com';
const PHONE = '+44 20 7946 0123';
const TOKEN = /^pii_email_[a-z2-7]{26}$/;
/** By their settings: a start takes longer than most tests. */
const servers = new Map<string, Promise<{ server: Connection; data: string }>>();
after(async () => {
  for (const { server } of await Promise.all(servers.values())) await server.close();
});

async function openServer(number: number, flags: readonly string[], policy: object | undefined) {
  const data = join(directory.path, `data-${number}`);
  const file = join(directory.path, `policy-${number}.json`);
  if (policy !== undefined) writeFileSync(file, JSON.stringify(policy));
  const server = await openClient(data, [...flags, ...(policy === undefined ? [] : ['--policy', file])]);
  // It answers before it has opened its files.
  await server.execute('return 1;');
  return { server, data };
}

/** @param stored what the backend holds since the test began, as it lies on disk */
type Work = (server: Connection, stored: () => readonly string[], data: string) => Promise<void>;

async function withServer(flags: readonly string[], policy: object | undefined, work: Work): Promise<void> {
  const settings = JSON.stringify([flags, policy]);
  const opening = servers.get(settings) ?? openServer(servers.size, flags, policy);
  servers.set(settings, opening);
  const { server, data } = await opening;
  const before = readMemories(data).length;
  await work(server, () => readMemories(data).slice(before), data);
}

const ALLOWED = { allow: [{ effect: ['read', 'write', 'delete'] }] };
/** Results of all operations enter as tokens. */
const HIDDEN = { ...ALLOWED, hide: [{ effect: ['read', 'write', 'delete', 'admin'] }] };

const remember = (content: string): string =>
  `await athena.memory.remember({ content: ${JSON.stringify(content)}, memory_type: 'fact' });`;

function readMemories(data: string): readonly string[] {
  const database = new DatabaseSync(join(data, 'athena.sqlite'), { readOnly: true, timeout: 5_000 });
  const rows = database.prepare('select content from memories order by id').all();
  database.close();
  return rows.map(({ content }) => String(content));
}

function takeValue({ ok, value, error }: Reply): any {
  assert.ok(ok, JSON.stringify(error));
  return value;
}

const codesOf = ({ warnings = [] }: Reply): readonly string[] => warnings.map(({ code }) => code);

test('personal data leaves as tokens, in values, logs and errors, and the counts are told', () =>
  withServer([], undefined, async (server) => {
    const reply = await server.execute(
      `console.log('to ${EMAIL}'); return { to: '${EMAIL}', also: ['${EMAIL}', '${PHONE}'], length: '${EMAIL}'.length };`,
    );
    const { to, also, length } = takeValue(reply);
    assert.match(to, TOKEN);
    assert.equal(also[0], to);
    assert.match(also[1], /^pii_phone_/);
    assert.equal(length, EMAIL.length, 'the program itself sees the value');
    assert.deepEqual(reply.logs, [`info: to ${to}`]);
    assert.deepEqual(
      reply.warnings?.map(({ message }) => message.split('.')[0]),
      [
        'Tokens stand in the log for 1 e-mail address',
        'Tokens stand in the value for 2 e-mail addresses, 1 phone number',
      ],
    );
    const failed = await server.execute(
      "throw new Error('no mailbox ' + ['ada.lovelace', 'example.com'].join('@'));",
    );
    assert.equal(failed.error?.message, `Error: no mailbox ${to}`);
    assert.ok(!JSON.stringify([reply, failed.error]).includes(EMAIL));
  }));

test('a value has one token in a session, over runs and restarts, and another one in every other session', async () => {
  const data = join(directory.path, 'kept');
  const tokens: string[] = [];
  for (const session of ['one', 'one', 'two']) {
    const server = await openClient(data);
    tokens.push(takeValue(await server.execute(`return '${EMAIL}';`, { session })));
    await server.close();
  }
  assert.equal(tokens[0], tokens[1]);
  assert.notEqual(tokens[0], tokens[2]);
  const plainHash = createHash('sha256').update(EMAIL).digest('hex');
  assert.ok(!tokens.some((token) => token.includes(plainHash.slice(0, 8))));
});

test('an operation receives what a token stands for, also inside a longer text, and the backend holds the value', () =>
  withServer([], undefined, async (server, stored) => {
    await server.execute(remember(`The customer writes from ${EMAIL}.`));
    const recalled = await server.execute(
      "const { memories } = await athena.memory.recall({ query: 'customer' }); return memories[0].content;",
    );
    const [, token = ''] = /from (\S+)\.$/.exec(takeValue(recalled)) ?? [];
    assert.match(token, TOKEN);
    const passed = await server.execute(
      `${remember(`Invoice to ${token}, copy to ${token}`)} return 'done';`,
    );
    assert.equal(takeValue(passed), 'done');
    assert.deepEqual(stored(), [
      `The customer writes from ${EMAIL}.`,
      `Invoice to ${EMAIL}, copy to ${EMAIL}`,
    ]);
  }));

test('a token of another session stays a text, and the program is warned', () =>
  withServer([], undefined, async (server, stored) => {
    const token = takeValue(await server.execute(`return '${EMAIL}';`, { session: 'one' }));
    const reply = await server.execute(remember(`to ${token}`), { session: 'two' });
    assert.deepEqual(codesOf(reply), ['TOKEN_UNKNOWN']);
    assert.deepEqual(stored(), [`to ${token}`]);
  }));

test('policy says which operations receive values: others refuse the token, and store nothing', () =>
  withServer([], { ...ALLOWED, reveal: [{ operation: 'memory.recall' }] }, async (server, stored) => {
    const token = takeValue(await server.execute(`return '${EMAIL}';`));
    const refused = await server.execute(remember(`to ${token}`));
    assert.equal(refused.error?.code, 'TOKEN_REFUSED');
    assert.deepEqual(stored(), []);
    takeValue(await server.execute(`return athena.memory.recall({ query: '${token}' });`));
  }));

test('a token in the place of a name is refused, so that no message tells what it stands for', () =>
  withServer([], undefined, async (server) => {
    const token = takeValue(await server.execute(`return '${EMAIL}';`));
    const told = await server.execute(
      `const params = { content: 'x', memory_type: 'fact', ['${token}']: 1 };
      try { await athena.memory.remember(params as never); } catch (error) { return [...error.message].reverse().join(''); }`,
    );
    assert.ok(!takeValue(told).includes([...EMAIL].reverse().join('')), takeValue(told));
    assert.match(takeValue(told), new RegExp([...'TOKEN_REFUSED'].join('|')));
  }));

test('what a validator refuses is quoted with the token, not with the value', () =>
  withServer([], HIDDEN, async (server) => {
    const token = takeValue(await server.execute(`return '${EMAIL}';`));
    const told = await server.execute(
      `try { await athena.memory.remember({ content: 'x', memory_type: '${token}' as never }); } catch (error) { return error.message.split('').join(' '); }`,
    );
    assert.ok(!takeValue(told).includes([...EMAIL].join(' ')), takeValue(told));
    assert.ok(takeValue(told).includes([...token].join(' ')), takeValue(told));
  }));

test('with --personal-data plain it leaves as it is, and credentials still do not', () =>
  withServer(['--personal-data', 'plain'], undefined, async (server) => {
    const reply = await server.execute(`return { to: '${EMAIL}', api_key: 'abc' };`);
    assert.deepEqual(takeValue(reply), { to: EMAIL, api_key: '[removed: field api_key]' });
    assert.deepEqual(codesOf(reply), ['RESULT_REDACTED']);
  }));

/** Ways to get a text out of a program that no filter recognises. */
const DISGUISES: readonly (readonly [string, string])[] = [
  ['split', "[...text].join(' ')"],
  ['reversed', "[...text].reverse().join(' ')"],
  ['as character codes', '[...text].map((char) => char.charCodeAt(0))'],
  ['in hexadecimal', "[...text].map((char) => char.charCodeAt(0).toString(16)).join('')"],
  ['shifted', "[...text].map((char) => String.fromCharCode(char.charCodeAt(0) + 1)).join('')"],
  ['as members of its own', 'Object.fromEntries([...text].map((char, at) => ["k" + at, char]))'],
];
const undo = (value: any): readonly string[] => {
  const text = typeof value === 'string' ? value : '';
  const pairs = text.match(/../g) ?? [];
  return [
    text,
    text.replaceAll(' ', ''),
    [...text.replaceAll(' ', '')].reverse().join(''),
    pairs.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join(''),
    [...text].map((char) => String.fromCharCode(char.charCodeAt(0) - 1)).join(''),
    Array.isArray(value) ? value.map((code) => String.fromCharCode(code)).join('') : '',
    Object.values(value ?? {}).join(''),
  ];
};

test('a program gets a value out in disguise, as long as it enters', () =>
  withServer([], undefined, async (server) => {
    await server.execute(remember(`write to ${EMAIL}`));
    for (const [name, disguise] of DISGUISES) {
      const reply = await server.execute(
        `const { memories } = await athena.memory.recall({ query: 'write' }); const text = memories[0].content; return ${disguise};`,
      );
      assert.ok(
        undo(takeValue(reply)).some((text) => text.includes(EMAIL)),
        `${name}: the attack must work here, or the next test proves nothing`,
      );
    }
  }));

test('what never enters leaves in no disguise, and the token still leads to it', () =>
  withServer([], HIDDEN, async (server, stored) => {
    const secret = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;
    await server.execute(remember(`write to ${EMAIL} with ${secret}`));
    const recall =
      "const { memories } = await athena.memory.recall({ query: 'write' }); const text = memories[0].content;";
    for (const [name, disguise] of DISGUISES) {
      const reply = await server.execute(`${recall} return ${disguise};`);
      for (const text of undo(takeValue(reply))) {
        assert.ok(!text.includes(EMAIL), name);
        assert.ok(!text.includes(secret), name);
      }
    }
    const passed = await server.execute(
      `${recall} const token = text.split(' ')[2];
      await athena.memory.remember({ content: 'copied: ' + token, memory_type: 'fact' });
      const { memories: again } = await athena.memory.recall({ query: 'copied' });
      return again[0].content;`,
    );
    assert.match(takeValue(passed).replace('copied: ', ''), TOKEN);
    assert.deepEqual(stored()[1], `copied: ${EMAIL}`);
  }));

test('a token that letters were grown onto is not stored as something that nobody recognises', () =>
  withServer([], HIDDEN, async (server, stored) => {
    const card = '4111 1111 1111 1111';
    await server.execute(remember(`Grown: ${card}`), { session: 'grown' });
    const grow = (around: string) =>
      server.execute(
        `const { memories } = await athena.memory.recall({ query: 'Grown' });
        const token = memories[0].content.split(' ')[1];
        ${remember('@').replace('"@"', around)}
        return (await athena.memory.recall({ query: 'Grown' })).memories.map(({ content }) => content).join();`,
        { session: 'grown' },
      );
    const { error } = await grow('"Grown " + token + "x"');
    assert.equal(error?.code, 'TOKEN_REFUSED', JSON.stringify(error));
    assert.doesNotMatch(String(takeValue(await grow('"Grown and " + token + ", x"'))), /1111/);
    assert.deepEqual(stored(), [`Grown: ${card}`, `Grown and ${card}, x`]);
  }));

test('an operation that answers what it was told for a token does not let the value in', () =>
  withServer([], { ...ALLOWED, hide: [{ operation: 'memory.recall' }] }, async (server) => {
    await server.execute(remember(`write to ${EMAIL}`));
    const told = await server.execute(
      `const { memories } = await athena.memory.recall({ query: 'write' });
      const token = memories[0].content.split(' ')[2];
      const stored = await athena.memory.remember({ content: 'copy of ' + token, memory_type: 'fact' });
      return [...JSON.stringify(stored)].reverse().join('');`,
    );
    assert.ok(!takeValue(told).includes([...EMAIL].reverse().join('')), takeValue(told));
  }));

test('a session that goes takes its key and its values along, to the last byte', () =>
  withServer(['--limit', 'sessions=1'], undefined, async (server, _, data) => {
    await server.execute(`return '${EMAIL}';`, { session: 'old' });
    await server.execute(`return 1;`, { session: 'new' });
    await server.execute(`return '${PHONE}';`, { session: 'newest' });
    const file = join(data, 'sessions.sqlite');
    assert.equal(statSync(file).mode & 0o077, 0, 'others may not read it');
    await server.close();
    // Nor in pages that hold no rows any more.
    const bytes = readFileSync(file, 'latin1');
    assert.ok(bytes.includes(PHONE));
    assert.ok(!bytes.includes(EMAIL));
  }));
