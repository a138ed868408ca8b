import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const directory = openTemporaryDirectory();
let server: Connection;
before(async () => {
  server = await openClient(directory.path, ['--limit', 'replyCharacters=4000']);
});
after(async () => {
  await server.close();
  directory.dispose();
});

async function readPage(address: string): Promise<{ page: number; pages: number; value: any }> {
  const { contents } = await server.client.readResource({ uri: address });
  return JSON.parse(String(contents[0] && 'text' in contents[0] && contents[0].text));
}

/** All of what a pointer names, page by page. */
async function readAll(whole: string, pointer: string): Promise<any> {
  const address = (page: number) => `${whole}?pointer=${encodeURIComponent(pointer)}&page=${page}`;
  const parts = [await readPage(address(1))];
  for (let page = 2; page <= (parts[0]?.pages ?? 0); page++) parts.push(await readPage(address(page)));
  const values = parts.map(({ value }) => value);
  if (typeof values[0] === 'string') return values.join('');
  return Array.isArray(values[0]) ? values.flat() : Object.assign({}, ...values);
}

const SHAPES: Readonly<Record<string, string>> = {
  'a long list of rows': "Array.from({ length: 900 }, (_, id) => ({ id, text: 'row ' + id }))",
  'an object of many keys': "Object.fromEntries(Array.from({ length: 900 }, (_, at) => ['key-' + at, at]))",
  'a list deep down': "({ a: { 'b/c': [{ d: Array.from({ length: 900 }, (_, at) => 'item ' + at) }] } })",
  'one long text': "Array.from({ length: 3_000 }, (_, at) => 'word' + at).join(' ')",
  'lists in lists':
    'Array.from({ length: 300 }, (_, at) => Array.from({ length: 9 }, (_, inner) => at * inner))',
  'a table':
    "({ columns: ['id', 'text'], rows: Array.from({ length: 700 }, (_, at) => [at, 'text ' + at]) })",
};

for (const [shape, code] of Object.entries(SHAPES)) {
  test(`${shape} is cut, summarised, and read whole by pointer and page`, async () => {
    const reply = await server.execute(`return ${code};`);
    assert.ok(JSON.stringify(reply).length <= 4_000);
    assert.ok(reply.whole !== undefined, JSON.stringify(reply.warnings));
    const [one] = reply.cut ?? [];
    assert.ok(one !== undefined);
    const rest = await readAll(reply.whole, one.pointer);
    const expected = new Function(`return ${code.replaceAll('3_000', '3000')}`)();
    let part = expected;
    for (const step of one.pointer.split('/').slice(1)) part = part[step.replace('~1', '/')];
    assert.deepEqual(rest, part);
    assert.equal(one.items ?? one.entries ?? one.characters, Object.keys(rest).length);
  });
}

test('a whole result goes with its session', async () => {
  const { whole = '' } = await server.execute("return 'x'.repeat(20_000);", { session: 'short-lived' });
  assert.equal((await readAll(whole, '')).length, 20_000);
  const removed = await runToEnd(['--data-dir', directory.path, 'sessions', 'remove', 'short-lived']);
  assert.equal(removed.code, 0, removed.stderr);
  await assert.rejects(readPage(whole), /UNKNOWN_PATH.*No such result is kept; it goes with its session/);
});
