import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { headersVariable, readHeaders, strayHeaders } from '../../runtime/backend-headers.ts';
import type { Catalogue } from '../../runtime/contract/catalogue.ts';
import { joinCatalogues } from '../../runtime/join-backends.ts';
import { loadFurther, placeOf } from '../../runtime/load-further.ts';

const parent = mkdtempSync(join(tmpdir(), 'further-'));
after(() => rmSync(parent, { recursive: true }));

/** As much of a compiled folder as is looked at. */
function compiled(routes?: string): string {
  const folder = mkdtempSync(join(parent, 'compiled-'));
  writeFileSync(join(folder, 'catalogue.ts'), "export const catalogue = { name: 'shop' };\n");
  if (routes !== undefined) writeFileSync(join(folder, 'routes.json'), routes);
  return folder;
}

const ROUTES = JSON.stringify({
  look: { verb: 'GET', path: '/x', inPath: {}, inQuery: {}, inHeader: {}, body: 'whole' },
});

async function refusalOf(choice: string, plainHttp: readonly string[] = []): Promise<string> {
  try {
    await loadFurther([choice], plainHttp);
  } catch (error: any) {
    assert.equal(error.code, 'INVALID_SETTING', error.stack);
    return error.message;
  }
  assert.fail(`${choice} was taken`);
}

describe('where a further backend is follows from its folder', () => {
  test('with routes it is a service, without them an MCP server, at an address or by a command', async () => {
    const kinds = async (folder: string, target: string) =>
      (await loadFurther([`${folder}=${target}`], []))[0]?.place.kind;
    assert.equal(await kinds(compiled(ROUTES), 'https://shop.example.org/mcp'), 'service');
    assert.equal(await kinds(compiled(), 'https://shop.example.org/v1'), 'server');
    assert.equal(await kinds(compiled(), 'npx some-server --url https://shop.example.org'), 'command');
  });

  test('an MCP server may have a query in its address', async () => {
    const [one] = await loadFurther([`${compiled()}=https://shop.example.org/mcp?profile=a=b`], []);
    assert.ok(one?.place.kind === 'server' && one.place.url.search === '?profile=a=b');
  });
});

describe('what is no address of a service is told, and nothing of it repeated', () => {
  const folder = compiled(ROUTES);
  for (const [target, message] of [
    ['', /the command that starts the backend or its address/],
    ['  ', /the command that starts the backend or its address/],
    ['npx s3cret', /imported from an OpenAPI document, and needs the address of the service/],
    ['s3cret.example.org/v1', /needs the address of the service/],
    ['ftp://s3cret.example.org', /needs an http or https address/],
    ['https://', /needs an http or https address/],
    ['https://user:s3cret@example.org', /credentials in an address/],
    ['https://s3cret@example.org', /credentials in an address/],
    ['https://example.org/?key=s3cret', /nothing after a \?/],
    ['https://example.org/#s3cret', /nothing after a #/],
  ] as const) {
    test(JSON.stringify(target), async () => {
      const said = await refusalOf(`${folder}=${target}`);
      assert.match(said, message);
      assert.doesNotMatch(said, /s3cret/);
    });
  }

  test('routes that are none', async () => {
    for (const text of ['{', '{ "look": 1 }', '{ "look": { "verb": "GET" } }'])
      assert.match(await refusalOf(`${compiled(text)}=https://example.org`), /its routes cannot be read/);
  });
});

describe('http:// is for this machine, and for hosts that are named', () => {
  const choice = (host: string) => `${compiled(ROUTES)}=http://${host}/v1`;
  for (const host of ['localhost:1', '127.0.0.1', '127.9.9.9:8080', '0x7f.1', '[::1]:80']) {
    test(`${host} is this machine`, async () => {
      assert.equal((await loadFurther([choice(host)], [])).length, 1);
    });
  }
  for (const host of [
    '10.0.0.1',
    'example.org',
    '127.0.0.1.example.org',
    'localhost.example.org',
    '[::2]',
    '0.0.0.0',
  ]) {
    test(`${host} is not`, async () => {
      assert.match(await refusalOf(choice(host), ['other.example.org']), /not encrypted; .*--plain-http/);
    });
  }
  test('a named host may', async () => {
    assert.equal((await loadFurther([choice('10.0.0.1:8080')], ['10.0.0.1'])).length, 1);
    assert.equal(placeOf('http://a.example.org/mcp', '--backend', ['a.example.org']).kind, 'server');
  });
});

describe('headers come from a variable with the backend’s name', () => {
  test('one a line', () => {
    const text = 'Authorization: Bearer a:b \r\n\n  X-Api-Key:k\n';
    assert.equal(headersVariable('petShop'), 'ATHENA_HEADERS_PETSHOP');
    assert.deepEqual(readHeaders('petShop', { ATHENA_HEADERS_PETSHOP: text }), {
      Authorization: 'Bearer a:b',
      'X-Api-Key': 'k',
    });
    assert.deepEqual(readHeaders('petShop', {}), {});
  });

  for (const [text, message] of [
    ['s3cret', /^ATHENA_HEADERS_SHOP, line 1: it must be "Name: value"\.$/],
    [': s3cret', /line 1: it must be "Name: value"/],
    ['A: b\nX-Key: s3cret\u0001', /line 2: the value of X-Key is empty, or has characters/],
    ['X-Key:', /the value of X-Key is empty/],
    ['Content-Length: 3', /the header Content-Length is set by the client itself/],
    ['Transfer-Encoding: chunked', /set by the client itself/],
  ] as const) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(
        () => readHeaders('shop', { ATHENA_HEADERS_SHOP: text }),
        (error: any) =>
          error.code === 'INVALID_SETTING' && message.test(error.message) && !/s3cret/.test(error.message),
      );
    });
  }

  test('a variable that no backend has is found', () => {
    const environment = { ATHENA_HEADERS_SHIP: 'A: b', ATHENA_HEADERS_SHOP: 'A: b', PATH: '' };
    assert.deepEqual(strayHeaders(environment, ['shop']), ['ATHENA_HEADERS_SHIP']);
  });

  test('names that differ by case only are refused: both would get the same credentials', () => {
    const named = (name: string) => ({ name, operations: [], tree: { layers: [] } }) as unknown as Catalogue;
    assert.throws(
      () => joinCatalogues(named('athena'), [named('petShop'), named('petshop')]),
      /names of their own/,
    );
    assert.equal(joinCatalogues(named('athena'), [named('a'), named('b')]).name, 'athena');
  });
});
