import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { catalogue } from '../../generated/catalogue.ts';
import { runCodegen, temporaryFolder, typeCheck } from './codegen-process.ts';

test('generated/ is what schemas/ compile to', () => {
  const { code, stderr } = runCodegen(['--check']);
  assert.equal(code, 0, stderr);
});

test('Athena has 34 tools, 271 operations and eight layers', () => {
  assert.equal(catalogue.name, 'athena');
  assert.equal(catalogue.operations.length, 271);
  assert.equal(new Set(catalogue.operations.map(({ tool }) => tool)).size, 34);
  assert.deepEqual(
    catalogue.tree.layers.map(({ layer }) => layer),
    ['episodic', 'semantic', 'procedural', 'prospective', 'graph', 'meta', 'consolidation', 'rag'],
  );
  const counted = catalogue.tree.layers
    .flatMap(({ tools }) => tools)
    .reduce((sum, tool) => sum + tool.operations, 0);
  assert.equal(counted, 271);
});

test('every operation has its adapter, signature, details and search document', async () => {
  const documents = new Set((await catalogue.searchDocuments()).map(({ id }) => id));
  for (const entry of catalogue.operations) {
    const adapter = (await catalogue.adapters(entry.namespace))?.[entry.method];
    assert.ok(adapter !== undefined, entry.id);
    const { validateParams, validateResult, ...rest } = adapter;
    assert.deepEqual(rest, entry);
    const details = (await catalogue.details(entry.namespace))?.[entry.id];
    assert.ok(details !== undefined, entry.id);
    for (const { parameters, result } of details.examples) {
      assert.ok(validateParams(structuredClone(parameters)), entry.id);
      assert.ok(result === undefined || validateResult(result), entry.id);
    }
    const signature = (await catalogue.signatures(entry.namespace))?.[entry.id];
    assert.ok(signature?.startsWith(`${entry.method}(params`), entry.id);
    assert.ok(documents.has(entry.id), entry.id);
  }
});

test('what is not there is undefined, even under a name that every object has', async () => {
  for (const namespace of ['nothing', 'constructor', '__proto__', '../memory']) {
    assert.equal(await catalogue.adapters(namespace), undefined);
    assert.equal(await catalogue.signatures(namespace), undefined);
    assert.equal(await catalogue.details(namespace), undefined);
  }
});

test('the provenance and the catalogue name the same schemas', () => {
  const provenance = JSON.parse(
    readFileSync(new URL('../../generated/provenance.json', import.meta.url), 'utf8'),
  );
  assert.equal(provenance.schemaHash, catalogue.schemaHash);
  assert.match(catalogue.schemaHash, /^[0-9a-f]{64}$/);
  assert.equal(provenance.generatorVersion, catalogue.generatorVersion);
  assert.deepEqual(provenance.counts, { tools: 34, operations: 271 });
  assert.equal(Object.keys(provenance.schemas).length, 34);
});

test('every first example type checks as a program', async (t) => {
  const calls = await Promise.all(
    catalogue.operations.map(async ({ id, namespace }) => {
      const example = (await catalogue.details(namespace))?.[id]?.examples[0];
      return `await athena.${id}(${JSON.stringify(example?.parameters ?? {})});`;
    }),
  );
  const faults = typeCheck(temporaryFolder(t), {
    'athena.d.ts': await catalogue.typings(),
    'program.mts': `${calls.join('\n')}\nexport {};\n`,
  });
  assert.deepEqual(faults, []);
});
