import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  openRemoteBackend,
  type RemoteBackendOptions,
  type RemoteEvent,
} from '../../backend/remote/remote-backend.ts';
import type { Backend, CallProgress } from '../../runtime/contract/backend.ts';
import type { JsonObject, JsonValue } from '../../runtime/contract/json.ts';
import { until } from '../await-state.ts';
import { backendCall, describeBackend } from './contract.ts';

const SERVER = fileURLToPath(new URL('fixtures/mcp-server.ts', import.meta.url));

const HOSTILE_SERVER = fileURLToPath(new URL('fixtures/hostile-mcp-server.ts', import.meta.url));

function commandLine(...flags: readonly string[]): string {
  return [process.execPath, SERVER, ...flags].map((word) => `'${word}'`).join(' ');
}

class EventLog {
  readonly events: RemoteEvent[] = [];
  readonly #watchers = new Set<() => void>();

  readonly add = (event: RemoteEvent): void => {
    this.events.push(event);
    for (const watch of this.#watchers) watch();
  };

  /** Resolves as soon as an event fits. */
  until(fits: (event: RemoteEvent) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!this.events.some(fits)) return;
        this.#watchers.delete(watch);
        resolve();
      };
      this.#watchers.add(watch);
      watch();
    });
  }

  stderr(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'stderr' ? [event.line] : []));
  }
}

async function openFixture(
  context: TestContext,
  flags: readonly string[] = [],
  options: Partial<RemoteBackendOptions> = {},
): Promise<{ readonly backend: Backend; readonly log: EventLog }> {
  const log = new EventLog();
  const backend = await openRemoteBackend({
    command: commandLine(...flags),
    version: '0.0.0',
    onEvent: log.add,
    ...options,
  });
  context.after(() => backend.close());
  return { backend, log };
}

async function answered(
  backend: Backend,
  tool: string,
  operation: string | null,
  params: JsonObject = {},
): Promise<JsonValue> {
  const answer = await backend.call(backendCall(tool, operation, params));
  assert.ok(answer.ok, answer.ok ? '' : `${answer.code}: ${answer.message}`);
  return answer.value;
}

async function pidOf(backend: Backend): Promise<number> {
  const value = (await answered(backend, 'json_tools', 'pid')) as { received: { pid: number } };
  return value.received.pid;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describeBackend('a remote MCP server', async () => ({
  backend: await openRemoteBackend({ command: commandLine(), version: '0.0.0', onEvent: () => undefined }),
  sample: { tool: 'json_tools', operation: 'echo', params: { query: 'x' } },
}));

test('a call goes out as the tool with its operation among the arguments', async (context) => {
  const { backend } = await openFixture(context);
  assert.deepEqual(await answered(backend, 'json_tools', 'echo', { query: 'x', k: 3 }), {
    received: { name: 'json_tools', operation: 'echo', query: 'x', k: 3 },
  });
  assert.deepEqual(await answered(backend, 'search', null, { query: 'x' }), {
    received: { name: 'search', query: 'x' },
  });
});

const VALUES: readonly (readonly [operation: string, what: string, value: JsonValue])[] = [
  ['json', 'JSON in one text becomes that value', { answer: [42, null] }],
  ['plain', 'prose stays the string it is', 'Stored memory 7.'],
  ['several', 'several texts become lines', 'first\nsecond'],
  ['several_json', 'JSON over several texts becomes that value', [1, 2]],
  [
    'image',
    'what is no text is passed on as it came, with the text beside it',
    {
      content: [
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'text', text: 'a caption' },
      ],
    },
  ],
  ['empty', 'an empty answer is null', null],
];

describe('the value of an answer', () => {
  let backend: Backend;
  before(async () => {
    backend = await openRemoteBackend({ command: commandLine(), version: '0.0.0', onEvent: () => undefined });
  });
  after(() => backend.close());

  for (const [operation, what, value] of VALUES) {
    test(what, async () => {
      assert.deepEqual(await answered(backend, 'text_tools', operation), value);
    });
  }

  test('a result that breaks the tool’s own output schema is passed on as it came', async () => {
    assert.deepEqual(await answered(backend, 'json_tools', 'mismatch'), { unexpected: [1, 2] });
  });
});

test('errors of the tool and of the protocol fail the operation with the server’s own words', async (context) => {
  const { backend } = await openFixture(context);
  assert.deepEqual(await backend.call(backendCall('odd_tools', 'error')), {
    ok: false,
    code: 'OPERATION_FAILED',
    message: 'no memory has the id 7',
  });
  assert.deepEqual(await backend.call(backendCall('odd_tools', 'rpc_error')), {
    ok: false,
    code: 'OPERATION_FAILED',
    message: 'the id must be positive',
  });
});

test('what is served is what the pages of the tool list say', async (context) => {
  const { backend } = await openFixture(context);
  const served = (tool: string, operation: string | null): boolean => backend.serves({ tool, operation });
  assert.equal(served('json_tools', 'echo'), true);
  assert.equal(served('json_tools', 'recall'), false, 'not in the enumeration');
  assert.equal(served('json_tools', null), true, 'a tool may be one operation with a parameter of that name');
  assert.equal(served('odd_tools', 'wait'), true, 'on the second page');
  assert.equal(served('open_tools', 'anything'), true, 'the tool does not say which');
  assert.equal(served('search', null), true);
  assert.equal(served('late_tools', 'echo'), false, 'not there yet');
});

test('a tool list that changes is read again', async (context) => {
  const { backend, log } = await openFixture(context);
  await backend.call(backendCall('odd_tools', 'grow'));
  await log.until(({ kind }) => kind === 'tools_changed');
  assert.equal(backend.serves({ tool: 'late_tools', operation: 'echo' }), true);
});

test('cancelling a call tells the server, and an answered call is not cancelled afterwards', async (context) => {
  const { backend, log } = await openFixture(context);
  const abort = new AbortController();
  await backend.call(backendCall('json_tools', 'echo', {}, abort.signal));
  const call = backend.call(backendCall('odd_tools', 'wait', {}, abort.signal));
  await log.until((event) => event.kind === 'stderr' && event.line === 'waiting');
  abort.abort();
  assert.deepEqual(await call, { ok: false, code: 'OPERATION_FAILED', message: 'the call was cancelled' });
  await log.until((event) => event.kind === 'stderr' && event.line === 'cancelled');
  assert.equal(log.stderr().filter((line) => line === 'cancelled').length, 1);
});

test('a silent server fails the call after the request’s time, with that reason', async (context) => {
  const { backend } = await openFixture(context, [], { requestTimeoutMs: 50 });
  const answer = await backend.call(backendCall('odd_tools', 'wait'));
  assert.deepEqual(answer, { ok: false, code: 'OPERATION_FAILED', message: 'Request timed out' });
});

test('when the server dies, calls in flight are lost and the next call has a new server', async (context) => {
  const { backend, log } = await openFixture(context);
  const first = await pidOf(backend);
  const waiting = backend.call(backendCall('odd_tools', 'wait'));
  await log.until((event) => event.kind === 'stderr' && event.line === 'waiting');
  const answers = await Promise.all([waiting, backend.call(backendCall('odd_tools', 'die'))]);
  for (const answer of answers) assert.equal(!answer.ok && answer.code, 'BACKEND_LOST');
  assert.equal(log.events.filter(({ kind }) => kind === 'lost').length, 1);

  const pids = await Promise.all(Array.from({ length: 10 }, () => pidOf(backend)));
  assert.equal(new Set(pids).size, 1, 'calls at the same time share one reconnect');
  assert.notEqual(pids[0], first);
});

test('a server that does not come back is unavailable, and is there again when it can start', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'remote-'));
  context.after(() => rm(directory, { recursive: true }));
  const marker = join(directory, 'down');
  const { backend, log } = await openFixture(context, [`die-if=${marker}`]);
  await writeFile(marker, '');
  await backend.call(backendCall('odd_tools', 'die'));
  const [answer, cancelled] = await Promise.all([
    backend.call(backendCall('json_tools', 'echo')),
    backend.call(backendCall('json_tools', 'echo', {}, AbortSignal.abort())),
  ]);
  assert.equal(!answer.ok && answer.code, 'BACKEND_UNAVAILABLE');
  assert.match(answer.ok ? '' : answer.message, /cannot open the database/);
  assert.equal(!cancelled.ok && cancelled.message, 'the call was cancelled');
  assert.equal(log.events.filter(({ kind }) => kind === 'reconnect_failed').length, 3);

  await rm(marker);
  await until(async () => (await backend.call(backendCall('json_tools', 'echo'))).ok);
});

test('a message beyond the cap ends the connection, not this process; the next call works', async (context) => {
  const { backend } = await openFixture(context, [], { maxMessageBytes: 1_000_000 });
  const pid = await pidOf(backend);
  const answer = await backend.call(backendCall('text_tools', 'huge', { bytes: 3_000_000 }));
  assert.equal(!answer.ok && answer.code, 'BACKEND_LOST');
  assert.match(answer.ok ? '' : answer.message, /1000000 bytes/);
  assert.notEqual(await pidOf(backend), pid);
});

test('lines on stdout that are no messages are reported and otherwise ignored', async (context) => {
  const { backend, log } = await openFixture(context, ['chatty']);
  await pidOf(backend);
  assert.ok(log.events.some(({ kind }) => kind === 'protocol_error'));
});

test('a flood on stderr is cut: long lines, and many of them', async (context) => {
  const { backend, log } = await openFixture(context);
  await backend.call(backendCall('odd_tools', 'noise'));
  await log.until((event) => event.kind === 'stderr' && event.line.startsWith('…'));
  await backend.close();
  assert.equal(log.stderr()[0]?.length, 1_000);
  assert.equal(log.stderr().length, 101);
});

/** Opens a backend over a server that means harm. */
async function openHostile(
  context: TestContext,
  attack: string,
  options: Partial<RemoteBackendOptions> = {},
): Promise<Backend> {
  const command = [process.execPath, HOSTILE_SERVER, attack].map((word) => `'${word}'`).join(' ');
  const backend = await openRemoteBackend({
    command,
    version: '0.0.0',
    onEvent: () => undefined,
    ...options,
  });
  context.after(() => backend.close());
  return backend;
}

test('a call has no more time because the server reports of it, and nothing is listened to once it is over', async (context) => {
  const log = new EventLog();
  const backend = await openHostile(context, 'babbling', { requestTimeoutMs: 500, onEvent: log.add });
  const reports: CallProgress[] = [];
  const answer = await backend.call({
    ...backendCall('count', null),
    onProgress: (report) => reports.push(report),
  });
  assert.deepEqual(answer, { ok: false, code: 'OPERATION_FAILED', message: 'Request timed out' });
  assert.ok(reports.length > 0);
  const { message, ...how } = reports[0] ?? assert.fail();
  assert.deepEqual(how, { progress: 1, total: undefined });
  assert.equal(message?.length, 4_000);
  const heard = reports.length;
  await log.until(({ kind }) => kind === 'protocol_error');
  assert.equal(reports.length, heard);
});

test('a server that says 5,000 times that its tools have changed is asked for them a few times', async (context) => {
  const backend = await openHostile(context, 'restless');
  const { asked } = (await answered(backend, 'count', null)) as { asked: number };
  assert.ok(asked >= 2 && asked < 10, `asked ${asked} times`);
});

test('a list of tools without an end is given up, and what was read of it serves', async (context) => {
  const backend = await openHostile(context, 'endless');
  const { asked } = (await answered(backend, 'count', null)) as { asked: number };
  assert.ok(asked < 100, `asked for ${asked} pages`);
});

test('the name that a server gives itself is one short line', async (context) => {
  const { name } = await openHostile(context, 'loud');
  assert.match(name, /^x \[INF\] forged/);
  assert.ok(name.length < 200 && !/[\p{C}\u2028\u2029]/u.test(name), name);
});

test('the server sees the variables of its command line and none of the secrets of this process', async (context) => {
  process.env.REMOTE_TEST_SECRET = 'hidden';
  context.after(() => delete process.env.REMOTE_TEST_SECRET);
  const { backend } = await openFixture(context, [], { command: `TOKEN='a b' ${commandLine()}` });
  const value = (await answered(backend, 'json_tools', 'environment')) as {
    received: Record<string, string>;
  };
  assert.equal(value.received.TOKEN, 'a b');
  assert.equal(value.received.PATH, process.env.PATH);
  assert.equal(value.received.REMOTE_TEST_SECRET, undefined);
});

for (const flags of [[], ['stubborn']]) {
  test(`closing leaves no process behind ${flags.join(' ')}`, async (context) => {
    const { backend } = await openFixture(context, flags);
    const pid = await pidOf(backend);
    await backend.close();
    assert.equal(isRunning(pid), false);
  });
}

test('closing while it reconnects ends the attempt and leaves no process behind', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'remote-'));
  context.after(() => rm(directory, { recursive: true }));
  const marker = join(directory, 'mute');
  const { backend, log } = await openFixture(context, [`silent-if=${marker}`]);
  await writeFile(marker, '');
  await backend.call(backendCall('odd_tools', 'die'));
  const call = backend.call(backendCall('json_tools', 'echo'));
  const pid = await pidOnStderr(log);
  await backend.close();
  const answer = await call;
  assert.equal(!answer.ok && answer.code, 'BACKEND_UNAVAILABLE');
  assert.equal(isRunning(pid), false);
});

/** The process id that a silent server reports. */
async function pidOnStderr(log: EventLog): Promise<number> {
  await log.until((event) => event.kind === 'stderr' && event.line.startsWith('silent '));
  return Number(
    log
      .stderr()
      .find((line) => line.startsWith('silent '))
      ?.slice('silent '.length),
  );
}

const FAILURES: readonly (readonly [what: string, command: string, message: RegExp])[] = [
  [
    'a command that does not exist',
    'no-such-program-here --x',
    /"no-such-program-here" .*there is no such program/,
  ],
  [
    'a server that dies at start',
    commandLine('die-at-start'),
    /Connection closed\n.*stderr:\ncannot open the database\nsecond line$/,
  ],
  ['a server that never answers', commandLine('silent'), /Request timed out/],
  ['a server without tools', commandLine('no-tools'), /does not list its tools: .*Method not found/],
  ['an unbalanced quote', 'server "x', /cannot be read: the " at character 8/],
];

for (const [what, command, message] of FAILURES) {
  test(`${what} is refused with the reason`, async () => {
    const opening = openRemoteBackend({
      command,
      version: '0.0.0',
      onEvent: () => undefined,
      startTimeoutMs: what.includes('never') ? 300 : 30_000,
    });
    await assert.rejects(opening, message);
  });
}
