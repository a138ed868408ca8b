import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ATHENA_LIKE, type Connection, openClient, openTemporaryDirectory } from './open-client.ts';

const directory = openTemporaryDirectory();
let connection: Connection;
before(async () => {
  connection = await openClient(directory.path, ['--backend', ATHENA_LIKE]);
});
after(async () => {
  await connection.close();
  directory.dispose();
});

test('calls go out as Athena expects them, with their defaults', async () => {
  const reply = await connection.execute("return athena.memory.recall({ query: 'structured' });");
  assert.deepEqual(reply.value, {
    tool: 'memory_tools',
    arguments: { operation: 'recall', query: 'structured', k: 5 },
  });
});

test('structured content, JSON in text, and plain text are the result, as they come', async () => {
  const values = await connection.execute(`
    return [
      await athena.memory.recall({ query: 'json' }),
      await athena.memory.recall({ query: 'prose' }),
    ];
  `);
  assert.deepEqual(values.value, [{ from: 'text', n: 1 }, 'Found 3 memories about prose.']);
});

test('a result that does not match its schema is passed on with a warning', async () => {
  const reply = await connection.execute("return athena.memory.recall({ query: 'prose' });");
  assert.equal(reply.ok, true);
  const warning = reply.warnings?.find(({ code }) => code === 'RESULT_MISMATCH');
  assert.match(warning?.message ?? '', /memory\.recall/);
});

test('what the server’s tool list does not hold is not served', async () => {
  const reply = await connection.execute("return athena.graph.searchGraph({ query: 'x' });");
  assert.equal(reply.error?.code, 'OPERATION_NOT_SERVED');
  assert.match(await connection.discover({ path: 'graph.searchGraph' }), /not served/i);
  const forget = await connection.execute('return athena.memory.forget({ memory_id: 1 });');
  assert.equal(forget.error?.code, 'OPERATION_NOT_SERVED', 'its operation enum does not name it');
});

test('an error of the server can be caught by the program', async () => {
  const reply = await connection.execute(
    "try { await athena.memory.recall({ query: 'error' }); } catch (error) { return [error.code, error.message]; }",
  );
  assert.deepEqual(reply.value, ['OPERATION_FAILED', 'memory.recall: no such thing']);
});

test('a backend that dies fails the calls in flight with their own code, and is started again', async () => {
  const reply = await connection.execute(`
    const results = await Promise.allSettled(['hang', 'hang', 'die'].map((query) => athena.memory.recall({ query })));
    const codes = results.map((result) => result.status === 'rejected' ? result.reason.code : 'fine');
    const after = await athena.memory.recall({ query: 'json' });
    return { codes, after };
  `);
  assert.deepEqual(reply.value, {
    codes: ['BACKEND_LOST', 'BACKEND_LOST', 'BACKEND_LOST'],
    after: { from: 'text', n: 1 },
  });
});

test('no file of the embedded Athena is made beside a remote backend', async () => {
  const { existsSync } = await import('node:fs');
  assert.equal(existsSync(join(directory.path, 'athena.sqlite')), false);
});
