import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { startBareServer } from './bare-server.ts';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const PRELOAD = resolve(import.meta.dirname, 'fixtures/set-clock.ts');
const HOUR_MS = 3_600_000;

const directory = openTemporaryDirectory();
let server: Connection;
before(async () => {
  server = await openClient(directory.path, ['--limit', 'variables=3', '--limit', 'replyCharacters=2000']);
});
after(async () => {
  await server.close();
  directory.dispose();
});

/** A resource that is read by page. */
async function read(server: Connection, uri: string): Promise<{ pages: number; value: any }> {
  const { contents } = await server.client.readResource({ uri });
  return JSON.parse(String(contents[0] && 'text' in contents[0] && contents[0].text));
}

test('each namespace of a session has variables of its own, and they share the session’s limits', async () => {
  const first = await server.execute(
    `const billing = session.namespace('billing');
    await session.set('total', 1);
    await billing.set('total', 2);
    await session.namespace('mail').set('total', 3);
    return await billing.delete('none');`,
    { session: 'apart' },
  );
  assert.equal(first.value, false, JSON.stringify(first.error));
  const second = await server.execute(
    `const [billing, mail] = ['billing', 'mail'].map((name) => session.namespace(name));
    const seen = [await session.get('total'), await billing.get('total'), await mail.get('total')];
    let refused = '';
    try { await billing.set('more', 1); } catch (error) { refused = error.code; }
    await billing.delete('total');
    return { seen, refused, left: [await session.keys(), await billing.keys(), await mail.keys()] };`,
    { session: 'apart' },
  );
  assert.deepEqual(second.value, {
    seen: [1, 2, 3],
    refused: 'VARIABLE_TOO_LARGE',
    left: [['total'], [], ['total']],
  });
});

test('a namespace that cannot be named so is refused', async () => {
  for (const name of ["''", "'a b'", "'a/b'", "'x'.repeat(65)", 'null as any', '7 as any']) {
    const reply = await server.execute(`await session.namespace(${name}).set('key', 1);`);
    assert.equal(reply.error?.code, 'VARIABLE_INVALID', JSON.stringify(reply));
    assert.match(reply.error?.message ?? '', /^A namespace of session variables is named by 1 to 64 letters/);
  }
});

test('half a character is no key: all halves would be the same variable', async () => {
  const { error } = await server.execute("await session.set('\\ud83d', 1);");
  assert.equal(error?.code, 'VARIABLE_INVALID');
});

test('sessions are listed with their use, and one is shown with sizes and history, but no values', async () => {
  await server.execute("await session.set('plan', 'hidden value');\nreturn 1;", { session: 'first' });
  await server.execute(
    "\n// two\nawait session.namespace('b').set('n', 12); await athena.episodic.recordEvent({ content: 'x', event_type: 'test' });",
    { session: 'first' },
  );
  await server.execute('throw new Error("no");', { session: 'second' });
  const { value: list } = await read(server, 'athena://sessions');
  assert.deepEqual(
    list
      .filter(({ name }: any) => ['first', 'second'].includes(name))
      .map(({ name, variables, executions }: any) => ({ name, variables, executions })),
    [
      { name: 'second', variables: 0, executions: 1 },
      { name: 'first', variables: 2, executions: 2 },
    ],
  );
  for (const { created, lastUsed, expires } of list) {
    assert.ok(Date.parse(created) <= Date.parse(lastUsed));
    assert.equal(Date.parse(expires) - Date.parse(lastUsed), 24 * HOUR_MS);
  }
  const { value: shown } = await read(server, 'athena://session/first');
  assert.deepEqual(shown.variables, [
    { key: 'plan', bytes: '"hidden value"'.length },
    { namespace: 'b', key: 'n', bytes: 2 },
  ]);
  assert.deepEqual(
    shown.history.map(({ outcome, calls, wrote, code }: any) => ({ outcome, calls, wrote, code })),
    [
      { outcome: 'finished', calls: 1, wrote: 1, code: '// two' },
      { outcome: 'finished', calls: 0, wrote: 0, code: "await session.set('plan', 'hidden value');" },
    ],
  );
  assert.doesNotMatch(JSON.stringify({ ...shown, history: [] }), /hidden/);
  const { value: one } = await read(server, 'athena://session/second?pointer=/history/0/outcome');
  assert.equal(one, 'PROGRAM_ERROR');
  await assert.rejects(
    read(server, 'athena://session/third'),
    /UNKNOWN_PATH.*no such session; athena:\/\/sessions lists/,
  );
});

test('a secret in code or in a key is not shown', async () => {
  const secret = `ghp_${'Ab1'.repeat(12)}`;
  await server.execute(`await session.set('${secret}', 'mia@example.com' === '${secret}');`, {
    session: 's',
  });
  const { value } = await read(server, 'athena://session/s');
  assert.doesNotMatch(JSON.stringify(value), new RegExp(`${secret}|mia@`));
  assert.match(value.variables[0].key, /removed/);
});

test('many sessions are listed by page', async () => {
  const names = Array.from({ length: 16 }, (_, at) => `session-${at}`);
  for (const session of names) await server.execute('return 1;', { session });
  const { pages } = await read(server, 'athena://sessions');
  assert.ok(pages >= 2, `${pages} pages`);
  const listed = new Set<string>();
  for (let page = 1; page <= pages; page++) {
    const { value } = await read(server, `athena://sessions?page=${page}`);
    for (const { name } of value) listed.add(name);
  }
  assert.deepEqual(new Set(names).difference(listed), new Set());
});

test('the command line lists, shows and removes sessions beside a running server', async () => {
  const command = (...args: string[]) => runToEnd(['--data-dir', directory.path, 'sessions', ...args]);
  await server.execute("await session.set('key\\n', 'first secret');", { session: 'work' });
  await server.execute("await session.set('key', 1);", { session: 'other' });
  const list = await command('list');
  assert.match(
    list.stdout,
    /^session +created +last used +expires +variables +executions\nother .*\nwork .* 1 +1\n/,
  );
  assert.deepEqual(
    JSON.parse((await command('list', '--json')).stdout)
      .slice(0, 2)
      .map(({ name }: any) => name),
    ['other', 'work'],
  );
  const show = await command('show', 'work');
  assert.match(show.stdout, /\nkey\\n +14\n/, 'a key cannot begin a line of its own');
  assert.match(show.stdout, / finished +0 +0 +await session\.set\('key/);
  assert.equal(JSON.parse((await command('show', 'work', '--json')).stdout).variables[0].key, 'key\n');
  const onDisk = (): string =>
    readdirSync(directory.path)
      .filter((file) => file.startsWith('sessions.sqlite'))
      .map((file) => readFileSync(join(directory.path, file), 'latin1'))
      .join();
  assert.match(onDisk(), /first secret/);
  assert.deepEqual(await command('remove', 'work'), {
    code: 0,
    stdout: 'Removed session work with all it held.\n',
    stderr: '',
  });
  assert.doesNotMatch(onDisk(), /first secret/);
  for (const args of [
    ['show', 'work'],
    ['remove', 'work'],
  ]) {
    const { code, stderr } = await command(...args);
    assert.equal(code, 1);
    assert.match(stderr, /INVALID_SESSION: There is no session "work"/);
  }
  const anew = await server.execute("return [await session.keys(), await session.set('key', 2)];", {
    session: 'work',
  });
  assert.deepEqual(anew.value, [[], null], 'the server begins it anew');
  assert.doesNotMatch(server.log(), /INTERNAL_ERROR/);
});

test('a session that is removed while a program runs in it refuses what the program then stores', async () => {
  const running = server.execute(
    `await session.set('begun', 1); while (await session.get('begun')) await sleep(20);
    try { await session.set('key', 1); } catch (error) { return [error.code, error.message, 'ada@example.com']; }`,
    { session: 'gone', timeoutMs: 30_000 },
  );
  for (let code = 1; code !== 0; )
    code = (await runToEnd(['--data-dir', directory.path, 'sessions', 'remove', 'gone'])).code ?? 1;
  const { ok, error, value, warnings } = (await running) as any;
  assert.ok(ok, JSON.stringify(error));
  assert.equal(value[0], 'SESSION_UNAVAILABLE');
  assert.match(value[1], /the session was removed while the program ran/);
  assert.equal(value[2], '[removed: email]', 'there is no session to keep what a token stands for');
  assert.match(
    warnings.find(({ code }: any) => code === 'JOURNAL_GIVEN_UP').message,
    /: its journal is not written: the session was removed while the program ran\.$/,
  );
  assert.doesNotMatch(server.log(), /INTERNAL_ERROR/);
});

test('without a data directory the command line says so, and makes none', async () => {
  const missing = join(openTemporaryDirectory().path, 'missing');
  for (const command of ['sessions', 'skills']) {
    const { code, stderr } = await runToEnd(['--data-dir', missing, command, 'list']);
    assert.equal(code, 1);
    assert.match(stderr, /DATA_DIR_UNUSABLE: There are no sessions: /);
    assert.equal(existsSync(missing), false);
  }
});

test('whatever was acknowledged before a kill -9 is there afterwards', async (t) => {
  const directory = openTemporaryDirectory();
  t.after(() => directory.dispose());
  const acknowledged = new Map<string, number>();
  for (let round = 1; round <= 3; round++) {
    const server = await startBareServer(directory.path, ['--limit', 'executionsPerMinute=10000']);
    t.after(() => server.child.kill('SIGKILL'));
    let isKilled = false;
    let writes = 0;
    const write = async (writer: number): Promise<void> => {
      const key = `writer-${writer}`;
      // Two programs at once in each of two sessions.
      const session = `session-${writer % 2}`;
      for (;;) {
        const next = (acknowledged.get(`${session}/${key}`) ?? 0) + 1;
        const reply = await Promise.race([
          server.execute(`await session.set('${key}', ${next}); return ${next};`, { session }),
          server.ended,
        ]);
        if (!('ok' in reply)) return;
        assert.equal(reply.value, next, JSON.stringify(reply.error));
        acknowledged.set(`${session}/${key}`, next);
        writes += 1;
        if (writes >= 30 && !isKilled) {
          isKilled = true;
          server.child.kill('SIGKILL');
        }
      }
    };
    await Promise.all([1, 2, 3, 4].map(write));
    assert.equal((await server.ended).signal, 'SIGKILL');
  }
  const again = await openClient(directory.path);
  t.after(() => again.close());
  for (const session of ['session-0', 'session-1']) {
    const { value } = await again.execute(
      'const all: any = {}; for (const key of await session.keys()) all[key] = await session.get(key); return all;',
      { session },
    );
    for (const [key, stored] of Object.entries(value as Record<string, number>)) {
      const least = acknowledged.get(`${session}/${key}`) ?? 0;
      // One more may have been stored whose reply did not get out.
      assert.ok(stored === least || stored === least + 1, `${key}: ${stored} stored, ${least} acknowledged`);
    }
    assert.equal(Object.keys(value as object).length, 2);
  }
});

test('a session lives for 24 hours from its last use', async (t) => {
  const directory = openTemporaryDirectory();
  t.after(() => directory.dispose());
  const clock = join(directory.path, 'clock.txt');
  const data = join(directory.path, 'data');
  const readAt = async (hours: number): Promise<unknown> => {
    writeFileSync(clock, String(hours * HOUR_MS));
    const server = await openClient(data, [], undefined, {
      SET_CLOCK: clock,
      NODE_OPTIONS: `--import=${PRELOAD}`,
    });
    const { value } = await server.execute(
      "const before = await session.get('kept') ?? 0; if (before === 0) await session.set('kept', 1); return before;",
      { session: 'slides' },
    );
    await server.close();
    return value;
  };
  assert.equal(await readAt(0), 0);
  assert.equal(await readAt(23), 1);
  assert.equal(await readAt(46), 1, 'use at 23 hours has prolonged it');
  assert.equal(await readAt(70.5), 0, '24.5 hours after its last use');
});
