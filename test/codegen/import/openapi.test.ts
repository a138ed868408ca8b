import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../codegen-process.ts';
import { openCompiled, openWorkshop, type Workshop } from './import-process.ts';
import { typeCheckOutput } from './imported-engine.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

async function importDocument(t: TestContext, location: string): Promise<Workshop & { operations: any[] }> {
  const workshop = await openCompiled(t, 'shop', ['--openapi', location]);
  assert.equal(typeCheckOutput(workshop.out), '');
  return { ...workshop, operations: workshop.read('pet.json').operations };
}

test('an OpenAPI 3.1 document becomes a namespace for each tag and an operation for each operationId', async (t) => {
  const { operations, read } = await importDocument(t, join(FIXTURES, 'pets-3.1.yaml'));
  assert.deepEqual(
    operations.map(({ tool, effect, idempotent, tags, deprecated }) => [
      tool,
      effect,
      idempotent,
      tags,
      deprecated,
    ]),
    [
      ['getPet', 'read', true, [], undefined],
      ['replacePet', 'write', true, [], undefined],
      ['delete /pets/{petId}', 'delete', true, [], true],
      ['create_pet', 'write', false, [], undefined],
    ],
  );
  assert.deepEqual(
    read('api.json').operations.map(({ tool }: any) => tool),
    ['searchAll'],
  );
});

test('parameters of path, query, headers and body are one object, and it is noted where each goes', async (t) => {
  const { operations, read } = await importDocument(t, join(FIXTURES, 'pets-3.1.yaml'));
  const [get, replace, , create] = operations.map(({ parameters }) => parameters);
  assert.deepEqual(Object.keys(get.properties), ['petId', 'fields', 'X-Trace']);
  assert.deepEqual(get.required, ['petId']);
  assert.deepEqual(
    Object.keys(create.properties),
    ['name', 'kind', 'parent'],
    'the read-only id is not sent',
  );
  assert.deepEqual(Object.keys(replace.properties), ['petId', 'body'], 'the body has a petId of its own');
  const { routes } = read('backend.json');
  assert.deepEqual(routes.create_pet, {
    verb: 'POST',
    path: '/pets',
    inPath: {},
    inQuery: {},
    inHeader: {},
    body: ['name', 'kind', 'parent'],
  });
  assert.equal(routes.replacePet.body, 'whole');
});

test('how a parameter is written and what a body is are noted where they are not the usual', async (t) => {
  const path = join(temporaryFolder(t), 'api.json');
  const schema = { type: 'array', items: { type: 'string' } };
  const text = (type: string) => ({ requestBody: { content: { [type]: { schema: { type: 'string' } } } } });
  const parameters = [
    { name: 'plain', in: 'query', style: 'form', explode: true, schema },
    { name: 'joined', in: 'query', explode: false, schema },
    { name: 'deep', in: 'query', style: 'deepObject', explode: true, schema: { type: 'object' } },
    { name: 'json', in: 'query', content: { 'application/json': { schema } } },
    { name: 'id', in: 'path', required: true, style: 'matrix', schema },
    { name: 'X-Ids', in: 'header', explode: true, schema },
    ...['Host', 'cookie', 'X-HTTP-Method-Override'].map((name) => ({ name, in: 'header', schema })),
    { name: 'session', in: 'cookie', schema },
  ];
  const responses = { 200: { description: 'ok' } };
  const post = (operationId: string, more: object) => ({
    post: { tags: ['pet'], operationId, responses, ...more },
  });
  const paths = {
    '/x/{id}': { get: { tags: ['pet'], operationId: 'look', parameters, responses } },
    '/merge': post('merge', text('application/merge-patch+json')),
    '/any': post('any', text('*/*')),
    '/form': post('form', {
      requestBody: {
        content: {
          'multipart/form-data': {},
          'application/x-www-form-urlencoded': { schema: { type: 'string' } },
        },
      },
    }),
    '/parts': post('parts', text('multipart/form-data')),
  };
  writeFileSync(path, JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths }));
  const { operations, read } = await importDocument(t, path);
  const { routes } = read('backend.json');
  assert.deepEqual(Object.keys(operations[0].parameters.properties), [
    'plain',
    'joined',
    'deep',
    'json',
    'id',
    'X-Ids',
  ]);
  assert.deepEqual(routes.look.writings, {
    joined: { style: 'form', explode: false },
    deep: { style: 'deepObject', explode: true },
    json: { style: 'json', explode: false },
    id: { style: 'matrix', explode: false },
    'X-Ids': { style: 'simple', explode: true },
  });
  const types = ['merge', 'any', 'form', 'parts'].map((name) => routes[name].bodyType);
  assert.deepEqual(types, [
    'application/merge-patch+json',
    undefined,
    'application/x-www-form-urlencoded',
    'multipart/form-data',
  ]);
});

test('OpenAPI 3.0 is read as well: nullable, flags as bounds', async (t) => {
  const { read } = await importDocument(t, join(FIXTURES, 'pets-3.0.json'));
  const { Pet } = read('pet.json').$defs;
  assert.deepEqual(Pet.properties.nick, { type: ['string', 'null'] });
  assert.deepEqual(Pet.properties.age, { type: 'integer', exclusiveMinimum: 0 });
});

test('a document is read from an address, without what may be secret in it', async (t) => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'Far', version: '1' },
        paths: {
          '/x': { get: { tags: ['pet'], operationId: 'look', responses: { 200: { description: 'ok' } } } },
        },
      }),
    );
  }).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((settle) => server.once('listening', settle));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const origin = `http://127.0.0.1:${address.port}`;
  const { operations, read } = await importDocument(t, `${origin}/api.json?key=hidden`);
  assert.deepEqual(
    operations.map(({ tool }) => tool),
    ['look'],
  );
  assert.deepEqual(read('backend.json').importedFrom, { openapi: `${origin}/api.json` });
});

/** A document with one operation, `look`, and what a test is about. */
function document(operation: object, components: object = {}): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1' },
    paths: { '/x': { get: { tags: ['pet'], operationId: 'look', ...operation } } },
    components,
  });
}

async function importText(t: TestContext, text: string): Promise<Workshop & { operations: any[] }> {
  const path = join(temporaryFolder(t), 'api.json');
  writeFileSync(path, text);
  return importDocument(t, path);
}

const NOTHING = { responses: { 204: { description: 'nothing' } } };

test('deprecated operations and parameters are struck', async (t) => {
  const old = { name: 'old', in: 'query', deprecated: true, schema: { type: 'string' } };
  const text = document({ ...NOTHING, deprecated: true, parameters: [old] });
  const { operations, out } = await importText(t, text);
  assert.deepEqual(operations[0].parameters.properties.old, { type: 'string', deprecated: true });
  const typings = readFileSync(join(out, 'athena.d.ts'), 'utf8');
  assert.equal(typings.match(/@deprecated/g)?.length, 2);
});

test('a discriminator tells the branches of a choice apart', async (t) => {
  const animal = (name: string): object => ({
    type: 'object',
    properties: { kind: { type: 'string' }, [name]: { type: 'string' } },
  });
  const choice = (mapping: object): object => ({
    oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: { propertyName: 'kind', ...mapping },
  });
  const content = {
    'application/json': { schema: choice({ mapping: { cat: 'Cat', dog: '#/components/schemas/Dog' } }) },
  };
  const schemas = { Cat: animal('meow'), Dog: animal('bark'), Any: choice({}) };
  const body = { 'application/json': { schema: { $ref: '#/components/schemas/Any' } } };
  const text = document(
    { requestBody: { content: body }, responses: { 200: { description: 'ok', content } } },
    { schemas },
  );
  const { out, operations, read } = await importText(t, text);
  const { lookResult, lookParams } = await import(join(out, 'validators/pet.js'));
  assert.ok(lookResult({ kind: 'cat', meow: 'yes' }));
  assert.ok(!lookResult({ kind: 'cow' }));
  assert.equal(operations[0].result.oneOf.length, 2);
  // Without values a choice of one would fit nothing that several branches take.
  assert.ok(lookParams({ body: { kind: 'cat' } }));
  assert.equal(read('pet.json').$defs.Any.oneOf, undefined);
});

test('branches that tell themselves apart stay as they are, whatever the discriminator maps', async (t) => {
  const [cat, dog] = ['cat', 'dog'].map((kind) => ({
    type: 'object',
    properties: { kind: { enum: [kind] } },
    required: ['kind'],
  }));
  const Any = {
    oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: { propertyName: 'kind', mapping: { CAT: 'Cat', DOG: 'Dog' } },
  };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Any' } } };
  const text = document(
    { responses: { 200: { description: 'ok', content } } },
    { schemas: { Cat: cat, Dog: dog, Any } },
  );
  const { read } = await importText(t, text);
  assert.deepEqual(read('pet.json').$defs.Any, { oneOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }] });
});

test('what is wrong with how a service lets people in keeps nobody from its operations', async (t) => {
  const securitySchemes = { key: { type: 'http', scheme: 'Bearer', bearerFormat: 7 } };
  const { operations } = await importText(t, document(NOTHING, { securitySchemes }));
  assert.equal(operations.length, 1);
});

const REFUSED: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  [
    'of version 2',
    '{ "swagger": "2.0", "info": { "title": "x", "version": "1" }, "paths": {} }',
    /version "2\.0" of OpenAPI; 3\.0 and 3\.1 are read/,
  ],
  ['that is none', '{ "hello": 1 }', /cannot be read as an OpenAPI document/],
  ['that is no YAML', 'a: [', /cannot be read as an OpenAPI document/],
  [
    'without a title',
    '{ "openapi": "3.1.0", "info": { "version": "1" }, "paths": {} }',
    /cannot be read as an OpenAPI document: .*title/s,
  ],
];

for (const [what, text, message] of REFUSED) {
  test(`nothing is imported from a document ${what}`, async (t) => {
    const path = join(temporaryFolder(t), 'api.json');
    writeFileSync(path, text);
    const { code, stderr } = await openWorkshop(t, 'shop').importFrom(['--openapi', path]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  });
}

test('nothing is imported from a document that does not exist', async (t) => {
  const { code, stderr } = await openWorkshop(t, 'shop').importFrom(['--openapi', 'no/such/file.yaml']);
  assert.equal(code, 2);
  assert.match(stderr, /no\/such\/file\.yaml cannot be read as an OpenAPI document/);
});
