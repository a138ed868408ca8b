import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { concealCredentials, createConceal } from '../../backend/conceal.ts';
import { openHttpBackend } from '../../backend/http/http-backend.ts';
import type { Backend, BackendFailure, CallProgress } from '../../runtime/contract/backend.ts';
import type { JsonObject, JsonValue } from '../../runtime/contract/json.ts';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { Route } from '../../runtime/contract/route.ts';
import { openShop, type Received, type Shop } from '../server/fixtures/shop.ts';
import { backendCall, describeBackend } from './contract.ts';

const SECRET = 'Bearer s3cret-of-the-shop';

let shop: Shop;
let elsewhere: Shop;
before(async () => {
  shop = await openShop();
  elsewhere = await openShop();
});
after(async () => {
  await shop.close();
  await elsewhere.close();
});
beforeEach(() => {
  shop.received.length = 0;
  elsewhere.received.length = 0;
});

function route(more: Partial<Route> & Pick<Route, 'path'>): Route {
  return { verb: 'GET', inPath: {}, inQuery: {}, inHeader: {}, ...more };
}

function open(routes: Readonly<Record<string, Route>>, limits: Partial<Limits> = {}): Backend {
  return openHttpBackend({
    name: 'shop',
    routes: new Map(Object.entries(routes)),
    base: new URL(`${shop.origin}/v1/`),
    headers: { Authorization: SECRET },
    version: '0.0.0',
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
}

/** One call of one route. */
async function answerOf(
  one: Route,
  params: JsonObject = {},
  limits: Partial<Limits> = {},
): Promise<JsonValue | BackendFailure> {
  const backend = open({ one }, limits);
  const answer = await backend.call(backendCall('one', null, params));
  await backend.close();
  return answer.ok ? answer.value : answer;
}

async function failureOf(...args: Parameters<typeof answerOf>): Promise<BackendFailure> {
  const answer = (await answerOf(...args)) as unknown as BackendFailure;
  assert.equal(answer?.ok, false, JSON.stringify(answer));
  return answer;
}

/** What one call sends. */
async function sentBy(one: Route, params: JsonObject): Promise<Received> {
  await answerOf(one, params);
  assert.equal(shop.received.length, 1, 'one request was sent');
  return shop.received[0]!;
}

describeBackend('an HTTP service', async () => {
  const own = await openShop();
  return {
    backend: openHttpBackend({
      name: 'shop',
      routes: new Map([['echo', route({ path: '/pets', inQuery: { name: 'name' } })]]),
      base: new URL(`${own.origin}/v1`),
      headers: {},
      version: '0.0.0',
      limits: DEFAULT_LIMITS,
    }),
    sample: { tool: 'echo', operation: null, params: { name: 'Rex' } },
    dispose: own.close,
  };
});

const STYLES: readonly (readonly [what: string, one: Partial<Route>, params: JsonObject, target: string])[] =
  [
    ['a list in a query', { inQuery: { a: 'A' } }, { a: ['x', 'y&z'] }, '/p?A=x&A=y%26z'],
    ['an object in a query', { inQuery: { a: 'A' } }, { a: { k: 1, l: true } }, '/p?k=1&l=true'],
    ['null and an empty list in a query', { inQuery: { a: 'A', b: 'B' } }, { a: null, b: [] }, '/p'],
    [
      'a list joined by commas',
      { inQuery: { a: 'A' }, writings: { a: { style: 'form', explode: false } } },
      { a: ['x', 'y,z'] },
      '/p?A=x,y%2Cz',
    ],
    [
      'a list joined by spaces',
      { inQuery: { a: 'A' }, writings: { a: { style: 'spaceDelimited', explode: false } } },
      { a: ['x', 'y'] },
      '/p?A=x%20y',
    ],
    [
      'a list joined by bars',
      { inQuery: { a: 'A' }, writings: { a: { style: 'pipeDelimited', explode: false } } },
      { a: ['x', 'y'] },
      '/p?A=x%7Cy',
    ],
    [
      'a deep object',
      { inQuery: { a: 'A' }, writings: { a: { style: 'deepObject', explode: false } } },
      { a: { k: 1, l: ['m'] } },
      '/p?A%5Bk%5D=1&A%5Bl%5D=%5B%22m%22%5D',
    ],
    [
      'JSON in a query',
      { inQuery: { a: 'A' }, writings: { a: { style: 'json', explode: false } } },
      { a: { k: [1] } },
      '/p?A=%7B%22k%22%3A%5B1%5D%7D',
    ],
    ['a list in a path', { path: '/p/{A}', inPath: { a: 'A' } }, { a: ['x', 'y'] }, '/p/x,y'],
    [
      'labels in a path',
      { path: '/p/{A}', inPath: { a: 'A' }, writings: { a: { style: 'label', explode: true } } },
      { a: ['x', 'y'] },
      '/p/.x.y',
    ],
    [
      'a matrix in a path',
      { path: '/p/{A}', inPath: { a: 'A' }, writings: { a: { style: 'matrix', explode: true } } },
      { a: { k: 1, l: 2 } },
      '/p/;k=1;l=2',
    ],
    [
      'two parameters of one step',
      { path: '/p/{A}-{B}.json', inPath: { a: 'A', b: 'B' } },
      { a: 'x', b: 2 },
      '/p/x-2.json',
    ],
  ];

describe('parameters go where the route says', () => {
  for (const [what, one, params, target] of STYLES) {
    test(what, async () => {
      assert.equal((await sentBy(route({ path: '/p', ...one }), params)).target, `/v1${target}`);
    });
  }

  test('into headers', async () => {
    const { headers } = await sentBy(route({ path: '/p', inHeader: { a: 'X-A', b: 'X-B' } }), {
      a: ['x', 'y'],
      b: null,
    });
    assert.equal(headers['x-a'], 'x,y');
    assert.equal(headers['x-b'], undefined);
  });

  test('into a JSON body of the type that the document gives it', async () => {
    const one = route({ verb: 'PATCH', path: '/p', body: ['a'], bodyType: 'application/merge-patch+json' });
    const { verb, body, headers } = await sentBy(one, { a: null, other: 1 });
    assert.deepEqual([verb, body], ['PATCH', '{"a":null}']);
    assert.equal(headers['content-type'], 'application/merge-patch+json');
  });

  test('into a form', async () => {
    const one = route({
      verb: 'POST',
      path: '/p',
      body: ['a', 'b'],
      bodyType: 'application/x-www-form-urlencoded',
    });
    const { body } = await sentBy(one, { a: ['x', 'y'], b: { k: '&' } });
    assert.equal(body, 'a=x&a=y&b=%7B%22k%22%3A%22%26%22%7D');
  });

  test('as a text that is the whole body', async () => {
    const one = route({ verb: 'POST', path: '/p', body: 'whole', bodyType: 'text/csv' });
    assert.equal((await sentBy(one, { body: 'a,b' })).body, 'a,b');
  });
});

describe('answers', () => {
  for (const [path, value] of [
    ['/nothing', null],
    ['/empty', null],
    ['/text', 'as it is'],
  ] as const) {
    test(`${path} is ${JSON.stringify(value)}`, async () => {
      assert.equal(await answerOf(route({ path })), value);
    });
  }

  for (const [path, message] of [
    ['/missing', /^the service answered HTTP 404: \{"error":"no such pet"\}$/],
    ['/broken', /^the service answered HTTP 500: <h1>Oops<\/h1>$/],
    ['/wrong', /says it is JSON and is not/],
    ['/image', /image\/png.*neither JSON nor text/],
    ['/deep', /limit jsonDepth \(50\)/],
  ] as const) {
    test(`${path} is a failure that says why`, async () => {
      const { code, message: said } = await failureOf(route({ path }));
      assert.equal(code, 'OPERATION_FAILED');
      assert.match(said, message);
    });
  }

  test('a service that breaks off is lost; one that is not there is unavailable', async () => {
    assert.equal((await failureOf(route({ path: '/dying' }))).code, 'BACKEND_LOST');
    const gone = await openShop();
    await gone.close();
    const backend = openHttpBackend({
      name: 'gone',
      routes: new Map([['one', route({ path: '/p' })]]),
      base: new URL(gone.origin),
      headers: {},
      version: '0',
      limits: DEFAULT_LIMITS,
    });
    const answer = await backend.call(backendCall('one', null));
    assert.equal(!answer.ok && answer.code, 'BACKEND_UNAVAILABLE');
  });
});

describe('attacks on the address', () => {
  const byId = route({ path: '/pets/{id}', inPath: { id: 'id' } });

  for (const [id, step] of [
    ['a/b', 'a%2Fb'],
    ['a?admin=1', 'a%3Fadmin%3D1'],
    ['a#b', 'a%23b'],
    ['a\\b', 'a%5Cb'],
    ['%2e%2e%2f', '%252e%252e%252f'],
    ['a\r\nX: y', 'a%0D%0AX%3A%20y'],
    ['//elsewhere.example', '%2F%2Felsewhere.example'],
    ['@elsewhere.example', '%40elsewhere.example'],
    ['\ud800', '%EF%BF%BD'],
  ] as const) {
    test(`${JSON.stringify(id)} stays one step`, async () => {
      assert.equal((await sentBy(byId, { id })).target, `/v1/pets/${step}`);
    });
  }

  for (const id of [
    '',
    '.',
    '..',
    '../admin',
    '../../admin',
    'a/../..',
    '..\\admin',
    'x/./y',
    '%2E%2e',
    null,
    [],
    ['..'],
    ['a/..'],
  ]) {
    test(`${JSON.stringify(id)} is refused, and nothing is sent`, async () => {
      const { code, message } = await failureOf(byId, { id });
      assert.equal(code, 'OPERATION_FAILED');
      assert.match(message, /^no request was made: parameter id/);
      assert.deepEqual(shop.received, []);
    });
  }

  test('a step that would be empty or a dot for want of a parameter is refused', async () => {
    for (const path of ['/pets/{id}', '/pets/{id}/x', '/pets/.{id}', '/{id}.']) {
      const { message } = await failureOf({ ...byId, path });
      assert.match(message, /^no request was made: its path would be .*, with a step that is none$/);
    }
    assert.deepEqual(shop.received, []);
  });

  for (const path of [
    '/../admin',
    '/a/%2e%2e/b',
    '/a?b',
    '/a#b',
    '\\\\elsewhere',
    'elsewhere',
    '/{unknown}',
  ]) {
    test(`a document's path ${path} is not served`, async () => {
      const backend = open({ one: route({ path }) });
      assert.equal(backend.serves({ tool: 'one', operation: null }), false);
      const answer = await backend.call(backendCall('one', null));
      assert.equal(!answer.ok && answer.code, 'OPERATION_NOT_SERVED');
      assert.deepEqual(shop.received, []);
    });
  }

  for (const status of [301, 302, 303, 307, 308]) {
    test(`a redirect (${status}) to another origin is not followed, and no credential leaves`, async () => {
      const to = `${elsewhere.origin}/v1/taken`;
      const moved = route({ path: '/moved', inQuery: { to: 'to', status: 'status' } });
      const { code, message } = await failureOf(moved, { to, status });
      assert.equal(code, 'OPERATION_FAILED');
      assert.match(
        message,
        new RegExp(`redirects \\(HTTP ${status}\\) to ${to}, which is not below its address`),
      );
      assert.deepEqual(elsewhere.received, []);
    });
  }

  for (const to of [
    '/admin',
    '/v1/../admin',
    '/v10/x',
    '//127.0.0.1:1/v1/x',
    'file:///etc/passwd',
    'data:,x',
  ]) {
    test(`a redirect to ${to} is not followed`, async () => {
      const moved = route({ path: '/moved', inQuery: { to: 'to' } });
      assert.match((await failureOf(moved, { to })).message, /not below its address/);
      assert.equal(shop.received.length, 1);
    });
  }

  test('a redirect below the address is followed, a loop of them is not', async () => {
    const moved = route({ path: '/moved', inQuery: { to: 'to' } });
    const value = (await answerOf(moved, { to: '/v1/pets/7?a=b' })) as { target: string };
    assert.equal(value.target, '/v1/pets/7?a=b');
    assert.match((await failureOf(route({ path: '/circle' }))).message, /redirected more than 5 times/);
  });

  test('a POST that is told to look elsewhere (303) asks there, and sends its body no more', async () => {
    const one = route({ verb: 'POST', path: '/moved', inQuery: { to: 'to', status: 'status' }, body: ['a'] });
    const value = (await answerOf(one, { to: '/v1/pets/7', status: 303, a: 1 })) as unknown as Received;
    assert.deepEqual([value.verb, value.body, value.headers['content-type']], ['GET', '', undefined]);
  });
});

describe('attacks on headers', () => {
  test('a value cannot begin another header', async () => {
    const one = route({ path: '/p', inHeader: { trace: 'X-Trace' } });
    for (const trace of ['a\r\nX-Admin: 1', 'a\nb', 'a\0b', 'ключ']) {
      const { message } = await failureOf(one, { trace });
      assert.match(message, /^no request was made: parameter trace is a header/);
    }
    assert.deepEqual(shop.received, []);
  });

  test('a parameter replaces no credential that the operator gave', async () => {
    const one = route({ path: '/p', inHeader: { key: 'X-Key' } });
    const backend = openHttpBackend({
      name: 'shop',
      routes: new Map([['one', one]]),
      base: new URL(shop.origin),
      headers: { 'x-KEY': 'of the operator' },
      version: '0',
      limits: DEFAULT_LIMITS,
    });
    await backend.call(backendCall('one', null, { key: 'of a program' }));
    assert.equal(shop.received[0]?.headers['x-key'], 'of the operator');
  });

  for (const name of [
    'Host',
    'authorization',
    'Cookie',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'Proxy-Authorization',
    'X-HTTP-Method-Override',
    'X-Forwarded-For',
    'Bad Name',
    'X\r\nY',
  ]) {
    test(`a route that would let a parameter set ${JSON.stringify(name)} is not served`, async () => {
      const backend = open({ one: route({ path: '/p', inHeader: { value: name } }) });
      assert.equal(backend.serves({ tool: 'one', operation: null }), false);
    });
  }

  for (const [what, one] of [
    ['the verb TRACE', { verb: 'TRACE' }],
    ['a GET with a body', { body: 'whole' }],
    ['a body of several parts', { verb: 'POST', body: 'whole', bodyType: 'multipart/form-data' }],
  ] as const) {
    test(`${what} is not served`, () => {
      const backend = open({ one: route({ path: '/p', ...one }) });
      assert.equal(backend.serves({ tool: 'one', operation: null }), false);
    });
  }
});

describe('attacks on size and time', () => {
  for (const path of ['/huge', '/bomb']) {
    test(`${path} is read no further than the limit`, async () => {
      const failure = await failureOf(route({ path }), {}, { callResultBytes: 100_000 });
      assert.equal(failure.code, 'CALL_RESULT_TOO_LARGE');
      assert.deepEqual(failure.limit, { name: 'callResultBytes', value: 100_000 });
    });
  }

  test('of a long refusal only the beginning is told', async () => {
    const { message } = await failureOf(route({ path: '/refusing' }));
    assert.match(message, /^the service answered HTTP 403: no no no/);
    assert.ok(message.length < 1_100);
  });

  test('a request beyond the limit is not sent', async () => {
    const one = route({ path: '/p', inQuery: { a: 'a' } });
    const failure = await failureOf(one, { a: '#'.repeat(1_000) }, { callRequestBytes: 2_000 });
    assert.equal(failure.code, 'CALL_TOO_LARGE');
    assert.deepEqual(failure.limit, { name: 'callRequestBytes', value: 2_000 });
    assert.deepEqual(shop.received, []);
  });

  for (const path of ['/slow', '/dripping']) {
    test(`cancelling a call breaks its request off: ${path}`, async () => {
      const backend = open({ one: route({ path }) });
      const stop = new AbortController();
      const aborted = shop.nextAbort();
      const call = backend.call(backendCall('one', null, {}, stop.signal));
      while (shop.received.length === 0) await new Promise((settle) => setTimeout(settle, 5));
      stop.abort();
      assert.equal((await call).ok, false);
      await aborted;
    });
  }

  test('a thousand calls at once open no thousand connections, and all are answered', async () => {
    const own = await openShop();
    const backend = openHttpBackend({
      name: 'shop',
      routes: new Map([['one', route({ path: '/p' })]]),
      base: new URL(`${own.origin}/v1`),
      headers: {},
      version: '0',
      limits: DEFAULT_LIMITS,
    });
    const calls = Array.from({ length: 1_000 }, () => backend.call(backendCall('one', null)));
    const answers = await Promise.all(calls);
    assert.equal(answers.filter(({ ok }) => ok).length, 1_000);
    assert.ok(own.mostConnections() <= 64, `${own.mostConnections()} at once`);
    await own.close();
  });
});

test('answers and errors do not repeat the credentials that were sent', async () => {
  const conceal = createConceal({ Authorization: SECRET, 'X-Colour': 'ultramarine' });
  const echo = route({ path: '/echo' });
  const moved = route({ path: '/moved', inQuery: { to: 'to' } });
  const backend = concealCredentials(open({ echo, moved }), conceal);
  const answer = await backend.call(backendCall('echo', null));
  assert.equal(shop.received[0]?.headers.authorization, SECRET, 'it was sent');
  assert.ok(answer.ok && JSON.stringify(answer.value).includes('[concealed]'));
  assert.doesNotMatch(JSON.stringify(answer), /s3cret-of-the-shop/);
  const to = 'http://elsewhere.example/s3cret-of-the-shop';
  const failure = await backend.call(backendCall('moved', null, { to }));
  assert.match(failure.ok ? '' : failure.message, /elsewhere\.example\/\[concealed\]/);
  assert.equal(conceal('ultramarine'), 'ultramarine', 'what is no credential stays');
  const cookies = createConceal({ Cookie: 'sid=1234567890; theme=dark', 'X-Key': 'with "quotes"' });
  assert.equal(cookies('at 1234567890 in the dark'), 'at [concealed] in the dark');
  assert.equal(cookies(JSON.stringify({ key: 'with "quotes"' })), '{"key":"[concealed]"}');
});

test('what is reported of a call does not repeat the credentials that were sent', async () => {
  const reports: CallProgress[] = [];
  const report: CallProgress = { progress: 1, total: undefined, message: `with ${SECRET}` };
  const reporting: Backend = {
    name: 'reporting',
    serves: () => true,
    call: async ({ onProgress }) => {
      onProgress?.(report);
      onProgress?.({ ...report, message: undefined });
      return { ok: true, value: onProgress !== undefined };
    },
    close: async () => undefined,
  };
  const backend = concealCredentials(reporting, createConceal({ Authorization: SECRET }));
  const listening = { ...backendCall('echo', null), onProgress: (one: CallProgress) => reports.push(one) };
  assert.deepEqual(await backend.call(listening), { ok: true, value: true });
  assert.deepEqual(reports, [
    { ...report, message: 'with [concealed]' },
    { ...report, message: undefined },
  ]);
  assert.deepEqual(await backend.call(backendCall('echo', null)), { ok: true, value: false });
});
