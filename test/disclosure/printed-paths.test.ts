import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { catalogue as athena } from '../../generated/catalogue.ts';
import type { Catalogue, OperationEntry } from '../../runtime/contract/catalogue.ts';
import { createDisclosure } from '../../runtime/disclosure/disclosure.ts';
import { joinCatalogues } from '../../runtime/join-backends.ts';
import { temporaryFolder } from '../codegen/codegen-process.ts';
import { fixture, openCompiled, published } from '../codegen/import/import-process.ts';

const PETS = join(import.meta.dirname, '../codegen/import/fixtures/pets-3.1.yaml');

/** The catalogue of a backend that was imported and compiled. */
async function importedCatalogue(
  t: TestContext,
  name: string,
  source: readonly string[],
): Promise<Catalogue> {
  const { out } = await openCompiled(t, name, source);
  const module: { catalogue: Catalogue } = await import(pathToFileURL(join(out, 'catalogue.ts')).href);
  return module.catalogue;
}

/** Every path that a text says to ask for, with its level. */
function pathsIn(text: string): readonly { readonly path: string; readonly level?: 2 | 3 | 4 }[] {
  const calls = text.matchAll(/discover\(\{path: "([^"<]+)"(?:, level: ([234]))?\}\)/g);
  const found = [...calls].map(([, path = '', level]) => ({
    path,
    ...(level === undefined ? {} : { level: Number(level) as 2 | 3 | 4 }),
  }));
  return [...found, ...namedNamespace(text)];
}

/** The namespace that the overview names, without a call around it. */
function namedNamespace(text: string): readonly { readonly path: string }[] {
  const [, path] = /a namespace \("([^"]+)": signatures\)/.exec(text) ?? [];
  return path === undefined ? [] : [{ path }];
}

/** Asks for everything that is printed anywhere; returns how many paths led to a namespace. */
async function followAll(catalogue: Catalogue): Promise<number> {
  const disclosure = createDisclosure({ catalogue, serves: () => true, rootName: catalogue.name });
  const { operations } = catalogue;
  const written = ({ root, namespace }: OperationEntry): string =>
    root === undefined ? `${catalogue.name}.${namespace}` : namespace;
  const namespaces = Map.groupBy(operations, written);
  const ids = new Set<string>(operations.map(({ id }) => id));
  const layers = [...new Set(operations.map(({ layer }) => layer))];
  const requests = [
    {},
    ...[...layers, ...namespaces.keys()].flatMap((path) =>
      ([2, 3, 4] as const).map((level) => ({ path, level })),
    ),
  ];
  let followed = 0;
  for (const request of requests) {
    const shown = await disclosure.discover(request);
    assert.ok(shown.ok, JSON.stringify([request, shown]));
    for (const next of pathsIn(shown.text)) {
      const answer = await disclosure.discover(next);
      const asked = `${JSON.stringify(request)} prints ${JSON.stringify(next)}`;
      assert.ok(answer.ok, `${asked}: ${answer.ok || answer.message}`);
      assert.notDeepEqual(next, request, `${asked}, which is no way on`);
      if (ids.has(next.path)) {
        assert.deepEqual(
          answer.operations.map(({ id }) => id as string),
          [next.path],
          asked,
        );
        continue;
      }
      const inside = namespaces.get(next.path);
      assert.ok(inside !== undefined, `${asked}, which is no namespace`);
      const [head = ''] = answer.text.split('\n');
      assert.ok(head.includes(`: ${inside.length} operation`), `${asked}: ${head}`);
      const first = inside.slice(0, answer.operations.length).map(({ id }) => id);
      assert.deepEqual(
        answer.operations.map(({ id }) => id),
        first,
        asked,
      );
      followed += 1;
    }
  }
  return followed;
}

/** Each namespace stands in a list at level 2 with the way to its signatures. */
const leastFollowed = ({ operations }: Catalogue): number =>
  new Set(operations.map(({ namespace }) => namespace)).size;

test('every path that is printed leads to what it promises: Athena', async () => {
  assert.ok((await followAll(athena)) >= leastFollowed(athena));
});

test('… backends beside Athena, also those that are called like its namespaces', async (t) => {
  const joined = joinCatalogues(athena, [
    await importedCatalogue(t, 'everything', ['--stdio', published('everything')]),
    await importedCatalogue(t, 'memory', ['--stdio', published('memory')]),
    await importedCatalogue(t, 'pet', ['--openapi', PETS]),
  ]);
  assert.ok((await followAll(joined)) >= leastFollowed(joined));
});

test('… an imported backend by itself, whose layer has the name of a namespace', async (t) => {
  const pet = await importedCatalogue(t, 'pet', ['--openapi', PETS]);
  assert.ok(pet.operations.some(({ namespace, layer }) => namespace === layer));
  assert.ok((await followAll(pet)) >= leastFollowed(pet));
});

test('… a collection of 300 tools, which no level shows whole', async (t) => {
  const list = join(temporaryFolder(t), 'tools.json');
  const tools = Array.from({ length: 300 }, (_, i) => ({
    name: `do_thing_${i}`,
    description: `Does thing ${i}, and nothing but thing ${i}.`,
    inputSchema: { type: 'object', properties: { how: { type: 'string' } } },
  }));
  writeFileSync(list, JSON.stringify(tools));
  const large = await importedCatalogue(t, 'large', ['--stdio', fixture('odd-server.ts', list)]);
  assert.ok((await followAll(joinCatalogues(athena, [large]))) >= leastFollowed(athena));
});
