import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { openMcpOverHttp } from '../backend/fixtures/mcp-over-http.ts';
import { openWorkshop } from '../codegen/import/import-process.ts';
import { openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const EVERYTHING = join(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const SECRET = 'h4rd-to-guess-token';

/** The package takes a port and does not tell which one the system chose. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

async function startEverything(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const chunk of child.stderr ?? []) if (/listening on port/.test(String(chunk))) break;
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

test('a published server over streamable HTTP is imported, compiled and called beside Athena', async (t) => {
  const port = await freePort();
  let everything = await startEverything(port);
  t.after(() => end(everything));
  const url = `http://127.0.0.1:${port}/mcp`;
  const workshop = openWorkshop(t, 'everything');
  const imported = await workshop.importFrom(['--url', url]);
  assert.equal(imported.code, 0, imported.stderr);
  assert.equal(workshop.compile().code, 0);
  const directory = openTemporaryDirectory();
  const server = await openClient(directory.path, [`--also=${workshop.out}=${url}`]);
  t.after(async () => {
    await server.close();
    directory.dispose();
  });
  const program = `
    const [said, { memory_id }] = await Promise.all([
      everything.tools.echo({ message: 'hello' }),
      athena.memory.remember({ content: 'said hello', memory_type: 'fact' }),
    ]);
    return { said, isStored: memory_id > 0 };`;
  const reply = await server.execute(program);
  assert.deepEqual(reply.value, { said: 'Echo: hello', isStored: true }, JSON.stringify(reply));
  assert.match(server.log(), /\(MCP over HTTP\)/);

  await end(everything);
  everything = await startEverything(port);
  const again = "return everything.tools.echo({ message: 'again' })";
  // The first call may have gone out over a connection of the server that is gone.
  const first = await server.execute(again);
  if (first.ok === false) assert.equal(first.error?.code, 'BACKEND_LOST', JSON.stringify(first));
  assert.equal((await server.execute(again)).value, 'Echo: again');
});

test('an MCP server at an address takes the place of the embedded Athena, with its headers', async (t) => {
  const far = await openMcpOverHttp();
  t.after(() => far.close());
  const directory = openTemporaryDirectory();
  const server = await openClient(directory.path, ['--backend', `${far.url}`], undefined, {
    ATHENA_HEADERS_ATHENA: `Authorization: Bearer ${SECRET}`,
  });
  t.after(async () => {
    await server.close();
    directory.dispose();
  });
  const reply = await server.execute("return athena.memory.recall({ query: 'x' })");
  assert.deepEqual(reply.value, {
    got: { operation: 'recall', query: 'x', k: 5 },
    headers: (reply.value as any).headers,
  });
  const seen = await server.execute(
    "const got: any = await athena.memory.recall({ query: 'x' }); return got.headers.authorization.split('').join('-')",
  );
  assert.equal(seen.value, '[concealed]'.split('').join('-'), JSON.stringify(seen));
  assert.doesNotMatch(JSON.stringify([reply, seen]) + server.log(), new RegExp(SECRET));
});

test('an address with no MCP server is told, with a code and without its query', async (t) => {
  const directory = openTemporaryDirectory();
  t.after(() => directory.dispose());
  const url = `http://127.0.0.1:${await freePort()}/mcp?key=${SECRET}`;
  const { code, stderr } = await runToEnd(['--data-dir', directory.path, '--backend', url]);
  assert.equal(code, 1);
  assert.match(stderr, /BACKEND_START_FAILED: the backend at http:\S+\/mcp did not answer as an MCP server/);
  assert.doesNotMatch(stderr, new RegExp(SECRET));
});
