import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import {
  openRemoteBackend,
  type RemoteAddressOptions,
  type RemoteEvent,
} from '../../backend/remote/remote-backend.ts';
import type { Backend, BackendFailure, CallProgress } from '../../runtime/contract/backend.ts';
import type { JsonObject } from '../../runtime/contract/json.ts';
import { until } from '../await-state.ts';
import { openShop } from '../server/fixtures/shop.ts';
import { backendCall, describeBackend } from './contract.ts';
import { type McpOverHttp, openMcpOverHttp } from './fixtures/mcp-over-http.ts';

const HEADERS = { Authorization: 'Bearer let-me-in' };

let server: McpOverHttp;
before(async () => {
  server = await openMcpOverHttp();
});
after(() => server.close());

async function open(
  t: TestContext,
  options: Partial<RemoteAddressOptions> = {},
): Promise<{ readonly backend: Backend; readonly events: RemoteEvent[] }> {
  const events: RemoteEvent[] = [];
  const backend = await openRemoteBackend({
    url: server.url,
    headers: HEADERS,
    version: '0.0.0',
    onEvent: (event) => events.push(event),
    ...options,
  });
  t.after(() => backend.close());
  return { backend, events };
}

async function failureOf(backend: Backend, tool: string, params: JsonObject = {}): Promise<BackendFailure> {
  const answer = await backend.call(backendCall(tool, null, params));
  assert.equal(answer.ok, false, JSON.stringify(answer));
  return answer as BackendFailure;
}

async function echoOf(backend: Backend): Promise<any> {
  const answer = await backend.call(backendCall('echo', null, { a: 1 }));
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.value;
}

describeBackend('a remote MCP server over HTTP', async () => {
  const own = await openMcpOverHttp();
  return {
    backend: await openRemoteBackend({
      url: own.url,
      headers: {},
      version: '0.0.0',
      onEvent: () => undefined,
    }),
    sample: { tool: 'several', operation: 'echo', params: { query: 'x' } },
    dispose: own.close,
  };
});

test('headers go with every request, and the session is ended', async (t) => {
  const { backend } = await open(t);
  assert.equal(backend.name, 'far 1 (MCP over HTTP)');
  const { got, headers } = await echoOf(backend);
  assert.deepEqual([got, headers.authorization], [{ a: 1 }, HEADERS.Authorization]);
  await backend.close();
  assert.equal(server.verbs.at(-1), 'DELETE');
});

test('what the server reports of a call is heard', async (t) => {
  const { backend } = await open(t);
  const reports: CallProgress[] = [];
  const call = { ...backendCall('report', null), onProgress: (report: CallProgress) => reports.push(report) };
  assert.equal((await backend.call(call)).ok, true);
  assert.deepEqual(reports, [{ progress: 1, total: 2, message: 'half' }]);
});

test('a server that has forgotten the session took nothing: the calls are made again', async (t) => {
  const { backend } = await open(t);
  server.forget();
  const answers = await Promise.all(Array.from({ length: 20 }, () => echoOf(backend)));
  assert.equal(answers.length, 20);
});

test('a server that is gone is unavailable, and used again when it is back', async (t) => {
  const own = await openMcpOverHttp();
  const { backend, events } = await open(t, { url: own.url });
  await own.close();
  // The first one may have gone out over a connection that was just being closed.
  await failureOf(backend, 'echo');
  const failure = await failureOf(backend, 'echo');
  assert.equal(failure.code, 'BACKEND_UNAVAILABLE');
  assert.match(
    failure.message,
    /^far 1 \(MCP over HTTP\) cannot be reached: the backend at http:.*ECONNREFUSED/,
  );
  assert.deepEqual(
    [...new Set(events.map(({ kind }) => kind))].filter((kind) => kind !== 'protocol_error'),
    ['connected', 'lost', 'reconnect_failed'],
  );
  const again = await openMcpOverHttp(own.port);
  t.after(() => again.close());
  await until(async () => (await backend.call(backendCall('echo', null))).ok);
});

test('a call in flight is lost with the connection, and the next one makes a new one', async (t) => {
  const { backend, events } = await open(t);
  const waiting = failureOf(backend, 'wait');
  const dying = await failureOf(backend, 'die');
  assert.deepEqual([dying.code, (await waiting).code], ['BACKEND_LOST', 'BACKEND_LOST']);
  assert.match(dying.message, /^the backend was lost while the call was in flight: /);
  assert.ok(events.some(({ kind }) => kind === 'lost'));
  assert.deepEqual((await echoOf(backend)).got, { a: 1 });
});

for (const [tool, params] of [
  ['huge', { bytes: 300_000 }],
  ['bomb', {}],
] as const) {
  test(`a message beyond the limit ends the connection: ${tool}`, async (t) => {
    const { backend } = await open(t, { maxMessageBytes: 200_000 });
    const failure = await failureOf(backend, tool, params);
    assert.equal(failure.code, 'BACKEND_LOST');
    assert.match(failure.message, /it sent a message of more than 200000 bytes/);
    assert.deepEqual((await echoOf(backend)).got, { a: 1 });
  });
}

test('many messages that are each within the limit are read', async (t) => {
  const { backend } = await open(t, { maxMessageBytes: 200_000 });
  for (let i = 0; i < 3; i++) {
    const answer = await backend.call(backendCall('huge', null, { bytes: 150_000 }));
    assert.ok(answer.ok);
  }
});

test('cancelling a call breaks its request off, and loses nothing else', async (t) => {
  const { backend, events } = await open(t);
  const aborted = server.nextAbort();
  const stop = new AbortController();
  const posts = (): number => server.verbs.filter((verb) => verb === 'POST').length;
  const before = posts();
  const call = backend.call(backendCall('wait', null, {}, stop.signal));
  await until(() => posts() > before);
  stop.abort();
  assert.equal((await call).ok, false);
  await aborted;
  assert.deepEqual((await echoOf(backend)).got, { a: 1 });
  assert.deepEqual(
    events.filter(({ kind }) => kind === 'lost'),
    [],
  );
});

test('a redirect leads neither elsewhere nor above the address, and no header with it', async (t) => {
  const elsewhere = await openShop();
  t.after(() => elsewhere.close());
  const { backend } = await open(t);
  for (const to of [`${elsewhere.origin}/mcp`, '/admin', '/mcp2']) {
    const failure = await failureOf(backend, 'moved', { to });
    assert.equal(failure.code, 'OPERATION_FAILED');
    assert.match(failure.message, /redirect/i);
  }
  assert.deepEqual(elsewhere.received, []);
  assert.equal((await echoOf(backend)).got.a, 1);
});

test('what is no MCP server is told when it is opened', async (t) => {
  const shop = await openShop('');
  t.after(() => shop.close());
  for (const [path, message] of [
    ['missing', /did not answer as an MCP server over streamable HTTP: it answered HTTP 404/],
    ['refusing', /it answered HTTP 403: no no/],
    ['text', /Unexpected content type: text\/plain/],
    ['dying', /did not answer as an MCP server/],
    [`moved?to=${encodeURIComponent('http://127.0.0.1:1/mcp')}`, /redirect/i],
  ] as const) {
    const url = new URL(`${shop.origin}/${path}`);
    await assert.rejects(open(t, { url, startTimeoutMs: 5_000 }), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(error.message.length < 5_000);
      assert.doesNotMatch(error.message, /let-me-in/);
      return true;
    });
  }
});
