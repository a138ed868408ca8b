import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAlive, until } from '../await-state.ts';
import { type Connection, openClient, openTemporaryDirectory, processesBelow } from './open-client.ts';

const directory = openTemporaryDirectory();
let connection: Connection;
before(async () => {
  connection = await openClient(directory.path);
});
after(async () => {
  await connection.close();
  directory.dispose();
});

test('a program that stores and finds memories returns what it asked for', async () => {
  const reply = await connection.execute(`
    await athena.memory.remember({ content: 'The build uses Node 26', memory_type: 'fact', tags: ['build'] });
    const found = await athena.memory.recall({ query: 'build node', k: 3 });
    console.log('found', found);
    return JSON.stringify(found).includes('The build uses Node 26');
  `);
  assert.equal(reply.ok, true, JSON.stringify(reply));
  assert.equal(reply.value, true);
  assert.deepEqual(reply.effects, { read: ['memory.recall'], write: ['memory.remember'] });
  assert.equal(reply.metrics.calls, 2);
  assert.equal(reply.metrics.wrote, 1);
  assert.match(reply.logs?.[0] ?? '', /^info: found .*The build uses Node 26/s);
});

test('text and structured content say the same', async () => {
  const result = (await connection.client.callTool({
    name: 'execute',
    arguments: { code: 'return { a: [1, 2] }' },
  })) as any;
  assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
  assert.deepEqual(result.structuredContent.value, { a: [1, 2] });
});

test('a misspelt operation is refused at its line and column, with the right name', async () => {
  const reply = await connection.execute(
    "const a = 1;\n  const m = await athena.memory.recal({ query: 'x' });\nreturn m;",
  );
  assert.equal(reply.ok, false);
  assert.equal(reply.error?.code, 'UNKNOWN_OPERATION');
  assert.equal(reply.error?.line, 2);
  assert.equal(reply.error?.snippet?.trim(), "const m = await athena.memory.recal({ query: 'x' });");
  assert.match(reply.error?.suggestion ?? '', /memory\.recall/);
  assert.equal(reply.error?.ran, 'the program never started');
});

test('a wrong parameter is a type error before anything runs', async () => {
  const reply = await connection.execute(
    "await athena.memory.remember({ content: 'x', memory_type: 'fact' });\nreturn athena.memory.recall({ query: 5 });",
  );
  assert.equal(reply.error?.code, 'TYPE_ERROR');
  assert.equal(reply.error?.line, 2);
  assert.equal(reply.metrics.calls, 0);
});

for (const [name, code, expected] of [
  ['an import', "import fs from 'node:fs'; return 1;", 'FORBIDDEN_IMPORT'],
  ['a dynamic import', "return await import('node:fs');", 'FORBIDDEN_IMPORT'],
  ['eval', "return eval('1+1');", 'FORBIDDEN_EVALUATOR'],
  ['fetch', "return await fetch('http://localhost');", 'FORBIDDEN_GLOBAL'],
  ['half a program', 'return (1 +', 'SYNTAX_ERROR'],
  ['an enum', 'enum Colour { Red }\nreturn Colour.Red;', 'FORBIDDEN_SYNTAX'],
] as const) {
  test(`${name} is refused: ${expected}`, async () => {
    const reply = await connection.execute(code);
    assert.equal(reply.error?.code, expected, JSON.stringify(reply));
    assert.equal(reply.error?.ran, 'the program never started');
  });
}

test('a refusal tells code, message and what ran, and nothing else', async () => {
  const { error } = await connection.execute('return 1;', { session: 'no such name' });
  assert.deepEqual(Object.keys(error ?? {}).toSorted(), ['code', 'message', 'ran']);
});

test('an endless loop is stopped at its time limit, and the server goes on', async () => {
  const reply = await connection.execute('while (true) {}', { timeoutMs: 300 });
  assert.equal(reply.error?.code, 'TIMEOUT');
  assert.match(reply.error?.message ?? '', /300/);
  assert.deepEqual(reply.error?.limit, { name: 'runMs', value: 300 });
  assert.match(reply.error?.ran ?? '', /stopped after 0 calls/);
  assert.equal((await connection.execute('return 1')).value, 1);
});

test('what a stopped program had done is said', async () => {
  const reply = await connection.execute(
    "await athena.memory.recall({ query: 'x' });\nawait athena.memory.remember({ content: 'before the end', memory_type: 'fact' });\nwhile (true) {}",
    { timeoutMs: 2_000 },
  );
  assert.equal(reply.error?.code, 'TIMEOUT');
  assert.equal(reply.error?.ran, 'the program stopped after 2 calls, of which 1 wrote');
});

test('a memory bomb is stopped, and the server goes on', async () => {
  const reply = await connection.execute(
    'const all = [];\nwhile (true) all.push(new Array(1e6).fill(Math.random()));',
  );
  assert.equal(reply.error?.code, 'MEMORY_LIMIT', JSON.stringify(reply));
  assert.equal(reply.error?.limit?.name, 'heapMb');
  assert.equal((await connection.execute('return 2')).value, 2);
});

test('an operation error can be caught inside the program', async () => {
  const reply = await connection.execute(`
    try {
      await athena.graph.addObservation({ entity_name: 'nobody', observation: 'x' });
      return 'no error';
    } catch (error) {
      return { name: error.name, code: error.code, operation: error.operation, said: error.message.length > 0 };
    }
  `);
  assert.deepEqual(reply.value, {
    name: 'AthenaError',
    code: 'OPERATION_FAILED',
    operation: 'graph.addObservation',
    said: true,
  });
});

test('an error that is not caught keeps its code and the line of the call', async () => {
  const reply = await connection.execute(
    "const x = 1;\nawait athena.graph.addObservation({ entity_name: 'nobody', observation: 'x' });",
  );
  assert.equal(reply.error?.code, 'OPERATION_FAILED');
  const thrown = await connection.execute("const x = 1;\n  throw new Error('mine');");
  assert.equal(thrown.error?.code, 'PROGRAM_ERROR');
  assert.equal(thrown.error?.message, 'Error: mine');
  assert.equal(thrown.error?.line, 2);
  assert.equal(thrown.error?.column, 9);
});

test('100 parallel calls all come back, in order', async () => {
  const reply = await connection.execute(`
    const ids = Array.from({ length: 100 }, (_, index) => index);
    const answers = await Promise.all(ids.map(async (id) => {
      await athena.episodic.recordEvent({ content: 'event number ' + id });
      return id;
    }));
    return answers.every((id, index) => id === index) && answers.length;
  `);
  assert.equal(reply.value, 100, JSON.stringify(reply));
  assert.equal(reply.metrics.calls, 100);
});

test('an operation that is not served says so with its own code', async () => {
  const reply = await connection.execute('return athena.financial.trackBudget({ project_id: 1 });');
  assert.equal(reply.error?.code, 'OPERATION_NOT_SERVED');
  assert.ok(reply.warnings?.some(({ code }) => code === 'OPERATION_NOT_SERVED'));
});

test('a dry run tells effects and diagnostics, and runs nothing', async () => {
  const code = "await athena.memory.remember({ content: 'dry', memory_type: 'fact' });";
  const reply = await connection.execute(code, { dryRun: true });
  assert.equal(reply.ok, true);
  assert.deepEqual(reply.effects, { write: ['memory.remember'] });
  assert.equal(reply.metrics.calls, 0);
  assert.ok(!('value' in reply));
  const wrong = await connection.execute('return athena.memory.nothing();', { dryRun: true });
  assert.equal(wrong.error?.code, 'UNKNOWN_OPERATION');
});

test('a secret in the value does not leave', async () => {
  const reply = await connection.execute(
    "return { api_key: 'abc', note: 'token ghp_' + 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx' };",
  );
  assert.deepEqual(reply.value, {
    api_key: '[removed: field api_key]',
    note: 'token [removed: github credential]',
  });
  assert.ok(reply.warnings?.some(({ code }) => code === 'RESULT_REDACTED'));
});

test('a large value is cut along its structure and kept whole', async () => {
  const reply = await connection.execute(
    "return { items: Array.from({ length: 5000 }, (_, id) => ({ id, text: 'item number ' + id })) };",
  );
  assert.ok(JSON.stringify(reply).length <= 24_000);
  assert.ok(
    reply.warnings?.some(
      ({ code, message }) =>
        code === 'RESULT_CUT' && message.includes('/items: ') && message.includes(reply.whole!),
    ),
  );
  assert.ok(
    reply.warnings?.some(({ code, message }) => code === 'RESULT_TABULATED' && /\/items/.test(message)),
  );
  const pages: unknown[] = [];
  for (let page = 1, count = 1; page <= count; page++) {
    const uri = `${reply.whole}?pointer=/items&page=${page}`;
    const { contents } = await connection.client.readResource({ uri });
    const read = JSON.parse((contents[0] as { text: string }).text);
    count = read.pages;
    pages.push(...read.value);
  }
  assert.equal(pages.length, 5000);
  assert.deepEqual(pages.at(-1), { id: 4999, text: 'item number 4999' });
});

test('session variables live across executions and across a restart; another session does not see them', async () => {
  await connection.execute("await session.set('plan', { step: 1 });", { session: 'lasting' });
  const second = await connection.execute(
    "const p = await session.get('plan'); p.step++; await session.set('plan', p); return p;",
    { session: 'lasting' },
  );
  assert.deepEqual(second.value, { step: 2 });
  assert.equal(
    (await connection.execute("return await session.get('plan')", { session: 'other' })).value,
    null,
  );
  await connection.close();
  connection = await openClient(directory.path);
  const third = await connection.execute("return [await session.get('plan'), await session.keys()];", {
    session: 'lasting',
  });
  assert.deepEqual(third.value, [{ step: 2 }, ['plan']]);
  assert.equal(third.session, 'lasting');
});

test('without a session’s name, executions of one connection share a session', async () => {
  const first = await connection.execute("await session.set('k', 7);");
  const second = await connection.execute("return session.get('k');");
  assert.equal(second.value, 7);
  assert.equal(second.session, first.session);
});

test('cancelling a request kills the run', async () => {
  const before = await connection.execute('return 1', { session: 'cancelled' });
  assert.equal(before.ok, true);
  const controller = new AbortController();
  const running = connection.client.callTool(
    { name: 'execute', arguments: { code: 'while (true) {}', session: 'cancelled', timeoutMs: 30_000 } },
    undefined,
    { signal: controller.signal },
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  controller.abort('enough');
  await assert.rejects(running);
  // The worker that looped is gone, long before its time limit: a run of the same session starts at once.
  assert.equal((await connection.execute('return 2', { session: 'cancelled' })).value, 2);
});

test('a long run reports its progress', async () => {
  const messages: string[] = [];
  await connection.client.callTool(
    {
      name: 'execute',
      arguments: { code: "await athena.memory.recall({ query: 'x' });\nawait sleep(3_500); return 1;" },
    },
    undefined,
    {
      onprogress: ({ message }) => messages.push(message ?? ''),
    },
  );
  assert.ok(messages.length >= 2, `${messages.length} messages`);
  assert.match(messages.at(-1)!, /1 call made, of which 0 wrote/);
});

test('a server that is killed leaves no worker behind, even one that loops', async () => {
  const other = await openClient(directory.path);
  void other.execute('while (true) {}', { timeoutMs: 30_000 }).catch(() => undefined);
  await until(async () => (await processesBelow(other.pid)).length > 0);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const below = await processesBelow(other.pid);
  process.kill(other.pid, 'SIGKILL');
  await until(() => below.every((pid) => !isAlive(pid)));
});

test('a second server on the same data shares memories; nothing is lost', async () => {
  const other = await openClient(directory.path);
  const write = (name: string, through: Connection) =>
    through.execute(
      `for (let i = 0; i < 20; i++) await athena.memory.remember({ content: '${name} shared note ' + i, memory_type: 'context', tags: ['shared-${name}'] });`,
    );
  const replies = await Promise.all([write('left', connection), write('right', other)]);
  for (const reply of replies) assert.equal(reply.ok, true, JSON.stringify(reply));
  const count = async (through: Connection) =>
    (
      await through.execute(
        'const all = await athena.memory.listMemories({ limit: 100 }); return JSON.stringify(all).match(/shared note \\d+/g)?.length;',
      )
    ).value;
  assert.equal(await count(connection), 40);
  assert.equal(await count(other), 40);
  await other.close();
});
