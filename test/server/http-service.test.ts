import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../await-state.ts';
import { runCodegen } from '../codegen/codegen-process.ts';
import { openWorkshop, type Workshop } from '../codegen/import/import-process.ts';
import { openShop, type Shop } from './fixtures/shop.ts';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const DOCUMENT = resolve(import.meta.dirname, 'fixtures/shop.yaml');
const SECRET = 'h4rd-to-guess-key';
const HEADERS = `Authorization: Bearer ${SECRET}\n\nX-Api-Key: of-the-operator\n`;

async function compileShop(t: TestContext): Promise<Workshop> {
  const workshop = openWorkshop(t, 'shop');
  const imported = await workshop.importFrom(['--openapi', DOCUMENT]);
  assert.equal(imported.code, 0, imported.stderr);
  const compiled = workshop.compile();
  assert.equal(compiled.code, 0, compiled.stderr);
  return workshop;
}

async function openServer(t: TestContext, out: string, shop: Shop, flags: readonly string[] = []) {
  const directory = openTemporaryDirectory();
  const also = `--also=${out}=${shop.origin}/v1`;
  const server = await openClient(directory.path, [also, ...flags], undefined, {
    ATHENA_HEADERS_SHOP: HEADERS,
    ATHENA_HEADERS_SHIP: 'X-Typo: 1',
  });
  t.after(async () => {
    await server.close();
    directory.dispose();
  });
  return { server, directory: directory.path };
}

/** What a call throws inside a program. */
async function thrownBy(server: Connection, call: string): Promise<any> {
  const reply = await server.execute(
    `try { return { value: await ${call} }; } catch (error) { return { code: error.code, message: error.message, limit: error.limit }; }`,
  );
  assert.equal(reply.ok, true, JSON.stringify(reply));
  return reply.value;
}

test('an HTTP service that was imported from its OpenAPI document', async (t) => {
  const shop = await openShop();
  t.after(() => shop.close());
  const { out } = await compileShop(t);
  const { server, directory } = await openServer(t, out, shop);

  await t.test('is called with parameters in path, query, headers and bodies', async () => {
    shop.received.length = 0;
    const reply = await server.execute(`
      const got = await shop.pets.getPet({
        petId: 'a/b', fields: ['name', 'age'], sort: ['x', 'y'], filter: { kind: 'cat' }, 'X-Trace': 't1',
      });
      const put = await shop.pets.replacePet({ petId: '7', name: 'Rex', age: 3 });
      const order = await shop.pets.order({ pet: 'Rex', tags: ['a', 'b'] });
      return { got: got.target, put: [put.verb, put.body], order: order.body, nothing: await shop.answers.nothing({}) };`);
    assert.deepEqual(
      reply.value,
      {
        got: '/v1/pets/a%2Fb?fields=name&fields=age&sort=x,y&filter%5Bkind%5D=cat',
        put: ['PUT', '{"name":"Rex","age":3}'],
        order: 'pet=Rex&tags=a&tags=b',
        nothing: null,
      },
      JSON.stringify(reply),
    );
    assert.equal(shop.received[0]?.headers['x-trace'], 't1');
    assert.deepEqual(reply.effects, {
      read: ['shop.answers.nothing', 'shop.pets.getPet'],
      write: ['shop.pets.order', 'shop.pets.replacePet'],
    });
  });

  await t.test('answers text as text, and its failures can be caught', async () => {
    assert.deepEqual(await thrownBy(server, 'shop.answers.text({})'), { value: 'as it is' });
    for (const [call, code, message] of [
      ['answers.missing({})', 'OPERATION_FAILED', /^shop\.answers\.missing: the service answered HTTP 404: /],
      ['answers.broken({})', 'OPERATION_FAILED', /HTTP 500: <h1>Oops/],
      ['answers.wrong({})', 'OPERATION_FAILED', /says it is JSON and is not/],
      ['answers.dying({})', 'BACKEND_LOST', /lost while the call was in flight/],
      ["pets.getPet({ petId: '..' })", 'OPERATION_FAILED', /no request was made: parameter petId/],
      ["pets.getPet({ petId: '1', 'X-Trace': 'a\\r\\nX-Admin: 1' })", 'OPERATION_FAILED', /is a header/],
      ["answers.moved({ to: 'http://127.0.0.1:1/' })", 'OPERATION_FAILED', /not below its address/],
      ["pets.setPhoto({ petId: '1', body: 'x' })", 'OPERATION_NOT_SERVED', /shop|setPhoto/],
    ] as const) {
      const thrown = await thrownBy(server, `shop.${call}`);
      assert.equal(thrown.code, code, JSON.stringify(thrown));
      assert.match(thrown.message, message);
    }
    assert.match(await server.discover({ path: 'shop.pets.setPhoto' }), /not served/i);
  });

  await t.test('is read no further than the limit, packed or not', async () => {
    for (const name of ['huge', 'bomb']) {
      const { code, limit } = await thrownBy(server, `shop.answers.${name}({})`);
      assert.equal(code, 'CALL_RESULT_TOO_LARGE');
      assert.deepEqual(limit, { name: 'callResultBytes', value: 10_485_760 });
    }
  });

  await t.test('sees its request broken off when the run is over', async () => {
    const aborted = shop.nextAbort();
    const reply = await server.execute('await shop.answers.slow({})', { timeoutMs: 2_000 });
    assert.equal(reply.error?.code, 'TIMEOUT');
    await aborted;
  });

  await t.test('sees its request broken off when the client cancels, and gets the next one', async () => {
    shop.received.length = 0;
    const aborted = shop.nextAbort();
    const cancel = new AbortController();
    const call = { name: 'execute', arguments: { code: 'await shop.answers.slow({})', timeoutMs: 30_000 } };
    const reply = server.client.callTool(call, undefined, { signal: cancel.signal });
    await until(() => shop.received.length > 0);
    cancel.abort('enough');
    await assert.rejects(reply, /enough/);
    await aborted;
    assert.deepEqual(await thrownBy(server, 'shop.answers.text({})'), { value: 'as it is' });
  });

  await t.test('gets the credentials of the environment, and nobody else does', async () => {
    shop.received.length = 0;
    const reply = await server.execute(`
      return await shop.pets.getPet({ petId: '1', 'X-Api-Key': 'of a program' });`);
    const { authorization, 'x-api-key': key, cookie } = shop.received[0]?.headers ?? {};
    assert.deepEqual([authorization, key, cookie], [`Bearer ${SECRET}`, 'of-the-operator', undefined]);
    const inside = await server.execute(`
      const got = JSON.stringify(await shop.pets.getPet({ petId: '1' }));
      return [got.includes('Bearer [concealed]') || got.includes('"[concealed]"'), got.includes('${SECRET.slice(0, 6)}' + '${SECRET.slice(6)}')];`);
    assert.deepEqual(
      inside.value,
      [true, false],
      'the service echoes what it got, and programs do not see it',
    );
    assert.doesNotMatch(JSON.stringify(reply) + server.log(), new RegExp(SECRET));
    assert.match(server.log(), /ATHENA_HEADERS_SHIP is set, and no backend of that name is at an address/);
    const audit = await runToEnd(['--data-dir', directory, 'audit', 'show']);
    assert.match(audit.stdout, /shop\.pets\.getPet/);
    assert.doesNotMatch(audit.stdout + audit.stderr, new RegExp(SECRET));
  });

  await t.test('has no parameter for a header that is not a program’s to set', async () => {
    for (const name of ['Cookie', 'X-HTTP-Method-Override']) {
      const reply = await server.execute(`await shop.pets.getPet({ petId: '1', '${name}': 'DELETE' })`);
      assert.equal(reply.error?.code, 'TYPE_ERROR');
    }
  });
});

test('a call that takes too long is broken off, and one beyond the size for requests not made', async (t) => {
  const shop = await openShop();
  t.after(() => shop.close());
  const { out } = await compileShop(t);
  const { server } = await openServer(t, out, shop, ['--limit=callMs=2000', '--limit=callRequestBytes=2048']);
  // A connection is there when the time begins to count.
  await thrownBy(server, 'shop.answers.text({})');
  const aborted = shop.nextAbort();
  assert.equal((await thrownBy(server, 'shop.answers.slow({})')).code, 'CALL_TIMEOUT');
  await aborted;
  const sent = shop.received.length;
  const large = await thrownBy(server, "shop.pets.getPet({ petId: '#'.repeat(1_000) })");
  assert.deepEqual([large.code, large.limit], ['CALL_TOO_LARGE', { name: 'callRequestBytes', value: 2_048 }]);
  assert.equal(shop.received.length, sent);
});

test('the routes are a part of what is compiled', async (t) => {
  const { out, schemas, read, write } = await compileShop(t);
  const check = () => runCodegen(['--check', '--schemas', schemas, '--out', out]);
  assert.equal(check().code, 0);
  const notes = read('backend.json');
  notes.routes.getPet.path = '/animals/{petId}';
  write('backend.json', notes);
  assert.match(check().stderr, /different \S+routes\.json/);
  assert.equal(runCodegen(['--schemas', schemas, '--out', out]).code, 0);
  assert.equal(JSON.parse(readFileSync(join(out, 'routes.json'), 'utf8')).getPet.path, '/animals/{petId}');
});

test('a service without an address, or a folder without routes, is told, and nothing is started', async (t) => {
  const { out } = await compileShop(t);
  const directory = openTemporaryDirectory();
  t.after(() => directory.dispose());
  const start = (target: string) => runToEnd(['--data-dir', directory.path, `--also=${out}=${target}`]);
  const command = await start('npx some-server');
  assert.equal(command.code, 1);
  assert.match(command.stderr, /INVALID_SETTING: --also .*needs the address of the service/);
  rmSync(join(out, 'routes.json'));
  const shop = await openShop();
  t.after(() => shop.close());
  const server = await start(`${shop.origin}/v1/missing`);
  assert.equal(server.code, 1);
  assert.match(server.stderr, /BACKEND_START_FAILED: .*HTTP 404.*The folder has no routes\.json/);
});
