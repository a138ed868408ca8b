import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAlive } from '../await-state.ts';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';

const directory = openTemporaryDirectory();
let connection: Connection;
before(async () => {
  connection = await openClient(directory.path);
});
after(async () => {
  await connection.close();
  directory.dispose();
});

/** What came back, an answer or an error, as text. */
const told = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    (value) => JSON.stringify(value),
    (error: unknown) => String(error),
  );
const call = (name: string, args: Record<string, unknown>) =>
  told(connection.client.callTool({ name, arguments: args }));
const read = (uri: string) => told(connection.client.readResource({ uri }));
const MB = 1024 * 1024;

for (const [name, ask, expected] of [
  [
    'a session name of 5 MB',
    () => call('execute', { code: 'return 1', session: 's'.repeat(5 * MB) }),
    /INVALID_REQUEST/,
  ],
  ['a program of 5 MB', () => call('execute', { code: 'x'.repeat(5 * MB) }), /CODE_TOO_LARGE/],
  ['a tool name of 5 MB', () => call('t'.repeat(5 * MB), {}), /There is no tool/],
  [
    '100,000 unknown arguments',
    () => call('execute', Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]))),
    /INVALID_REQUEST/,
  ],
  ['a resource address of 1 MB', () => read(`athena://${'a'.repeat(MB)}`), /UNKNOWN_PATH/],
  [
    'a JSON pointer of 1 MB',
    () => read(`athena://results/none?pointer=${'/a'.repeat(MB / 2)}`),
    /UNKNOWN_PATH/,
  ],
] as const)
  test(`${name} is refused in a few words`, async () => {
    const text = await ask();
    assert.match(text, expected);
    assert.ok(text.length < 6_000, `${text.length} characters`);
  });

for (const uri of [
  'athena://results/../../etc/passwd',
  'athena://results/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  'athena://results/%E0%A4%A',
  "athena://results/' or '1'='1",
  'athena://operation/__proto__',
  'athena://source/constructor.prototype',
  'athena://layer/%00',
  'file:///etc/passwd',
])
  test(`${uri} names nothing`, async () => {
    assert.match(await read(uri), /UNKNOWN_PATH/);
  });

test('lines that are no requests are passed over, and the next request is answered', async () => {
  const { transport } = connection.client;
  const lines = [null, [], {}, 'text', { jsonrpc: '1.0' }, { jsonrpc: '2.0', id: {}, method: 'ping' }];
  // The client's own transport writes whatever it is given as one line of JSON.
  for (const line of lines) await transport?.send(line as never);
  const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: '__proto__' } };
  await transport?.send(cancelled as never);
  assert.equal((await connection.execute('return 7;')).value, 7);
});

test('a storm of requests, each cancelled at once, leaves a server that answers', async () => {
  await Promise.all(
    Array.from({ length: 200 }, (_, n) => {
      const stop = new AbortController();
      const params = { name: 'execute', arguments: { code: 'for (;;);', session: `storm-${n % 20}` } };
      const answer = told(connection.client.callTool(params, undefined, { signal: stop.signal }));
      stop.abort();
      return answer;
    }),
  );
  assert.equal((await connection.execute('return 8;')).value, 8);
  assert.ok(isAlive(connection.pid));
});
