import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fixture, openWorkshop, runImport } from './import-process.ts';

interface Row {
  readonly what: string;
  readonly flags: readonly string[];
  readonly message: RegExp;
}

const stdio = (behaviour: string): readonly string[] => ['--stdio', fixture('odd-server.ts', behaviour)];

/** Each refuses the whole import: exit code 2, a message with place and remedy, nothing written. */
const ROWS: readonly Row[] = [
  {
    what: 'a command that does not exist',
    flags: ['--stdio', 'no-such-program --fast'],
    message: /"no-such-program" could not be read.*there is no such program\. Check the command/s,
  },
  {
    what: 'a command without its second quote',
    flags: ['--stdio', 'node "server.js'],
    message: /--stdio command cannot be read: the " at character 6 has no counterpart/,
  },
  {
    what: 'an address where nobody listens',
    flags: ['--url', 'http://127.0.0.1:9/mcp?token=hidden'],
    message: /http:\/\/127\.0\.0\.1:9\/mcp could not be read as an MCP server: (?!.*hidden)/s,
  },
  {
    what: 'an address of another kind',
    flags: ['--url', 'ftp://example.org'],
    message: /--url must be an http or https address/,
  },
  {
    what: 'no source',
    flags: [],
    message: /Name one source: --stdio "<command>", --url <url> or --openapi <file or url>/,
  },
  {
    what: 'two sources',
    flags: [...stdio('pages'), '--url', 'http://127.0.0.1:9'],
    message: /Name one source/,
  },
  {
    what: 'a server that ends when it is asked',
    flags: stdio('die'),
    message: /it ended before it had answered.*The last lines of its stderr:\nthe disk is full/s,
  },
  {
    what: 'a server that never greets',
    flags: [...stdio('mute'), '--timeout', '1500'],
    message: /it did not answer within 1500 ms\. Raise --timeout/,
  },
  {
    what: 'a server that never lists',
    flags: [...stdio('silent'), '--timeout', '1500'],
    message: /it did not answer within 1500 ms\. Raise --timeout/,
  },
  {
    what: 'a list that is none',
    flags: stdio('malformed'),
    message: /its answer to tools\/list is malformed:.*expected array.*tools/s,
  },
  {
    what: 'a cursor that is no text',
    flags: stdio('odd-cursor'),
    message: /its answer to tools\/list is malformed:.*nextCursor/s,
  },
  {
    what: 'a list without an end',
    flags: stdio('cycle'),
    message: /tools\/list never ends: the cursor "same" came twice/,
  },
  {
    what: 'a new name for what does not exist',
    flags: [...stdio('pages'), '--rename', 'tool_9=nine'],
    message: /--rename names what the backend does not have: "tool_9"/,
  },
];

for (const { what, flags, message } of ROWS) {
  test(`nothing is imported from ${what}`, async (t) => {
    const { schemas, importFrom } = openWorkshop(t, 'odd');
    const { code, stderr } = await importFrom(flags);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.match(stderr, /Nothing was imported\.\n$/);
    assert.equal(existsSync(schemas), false);
    assert.deepEqual(readdirSync(dirname(schemas)).sort(), ['generated', 'package.json']);
  });
}

for (const name of [
  'session',
  'athena',
  'class',
  'structuredClone',
  'constructor',
  'my-backend',
  '../up',
  '日本',
]) {
  test(`no backend can be called ${name}`, async () => {
    const { code, stderr } = await runImport([name, ...stdio('pages')]);
    assert.equal(code, 2);
    assert.match(stderr, /A backend needs a name that/);
  });
}

test('a folder of schemas that no import wrote is left alone', async (t) => {
  const { importFrom, schemas, out } = openWorkshop(t, 'odd');
  writeFileSync(join(out, 'library_tools.json'), '{}');
  const { code, stderr } = await importFrom(stdio('pages'), ['--schemas', out]);
  assert.equal(code, 2);
  assert.match(stderr, /holds schemas that no import wrote\. Choose another folder with --schemas/);
  assert.equal(existsSync(schemas), false);
});

test('a server on the network that never answers is given up', async (t) => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((settle) => server.once('listening', settle));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { importFrom } = openWorkshop(t, 'odd');
  const url = `http://127.0.0.1:${address.port}/mcp`;
  const { code, stderr } = await importFrom(['--url', url], ['--timeout', '1500']);
  assert.equal(code, 2);
  assert.match(stderr, /did not answer within 1500 ms/);
});

test('whatever takes longer than a second says what it waits for', async (t) => {
  const { importFrom } = openWorkshop(t, 'odd');
  const { stderr } = await importFrom(stdio('silent'), ['--timeout', '2500']);
  assert.match(stderr, /^(?:Waiting for|\d+ tools so far)/m);
});
