import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listFolders } from '../../../codegen/folders.ts';
import { REPOSITORY } from '../../../codegen/generator-files.ts';
import { rootFault } from '../../../codegen/root-names.ts';
import { temporaryFolder } from '../codegen-process.ts';

/** A repository with folders of schemas; each value is what its `backend.json` holds, if it has one. */
function repositoryWith(t: TestContext, folders: Readonly<Record<string, string | undefined>>): string {
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'schemas'));
  for (const [name, text] of Object.entries(folders)) {
    mkdirSync(join(root, 'schemas', name));
    if (text !== undefined) writeFileSync(join(root, 'schemas', name, 'backend.json'), text);
  }
  return root;
}

test('without a choice, Athena and every imported backend are compiled, each to a folder of its own', async (t) => {
  const root = repositoryWith(t, {
    files: '{ "name": "files" }',
    web: '{ "name": "web" }',
    drafts: undefined,
    'web.codegen-new-12-abc': '{ "name": "web" }',
  });
  const folders = await listFolders({}, root);
  assert.deepEqual(
    folders.map(({ schemas, out, target }) => [schemas, out, target.name, target.isImported]),
    [
      [join(root, 'schemas'), join(root, 'generated'), 'athena', false],
      [join(root, 'schemas/files'), join(root, 'generated/files'), 'files', true],
      [join(root, 'schemas/web'), join(root, 'generated/web'), 'web', true],
    ],
  );
});

test('what is generated finds the runtime from wherever it lies', async () => {
  const runtimeOf = async (out: string) => (await listFolders({ out }))[0]?.target.runtime;
  assert.equal(await runtimeOf(join(REPOSITORY, 'generated')), '../runtime/adapter/v1.ts');
  assert.equal(await runtimeOf(join(REPOSITORY, 'generated/files')), '../../runtime/adapter/v1.ts');
  assert.equal(await runtimeOf(REPOSITORY), './runtime/adapter/v1.ts');
});

test('two backends of one name are refused with both folders', async (t) => {
  const root = repositoryWith(t, { one: '{ "name": "files" }', two: '{ "name": "fileS" }' });
  await assert.rejects(
    listFolders({}, root),
    /schemas\/one and .*schemas\/two are both called "fileS"; change "name"/,
  );
});

for (const text of ['{}', 'no json', '{ "name": 7 }', '{ "name": "athena" }', '{ "name": "session" }']) {
  test(`a folder is not compiled under the name in ${text}`, async (t) => {
    const root = repositoryWith(t, { odd: text });
    await assert.rejects(listFolders({}, root), /schemas\/odd\/backend\.json must have a name/);
  });
}

test('no name of a backend hides anything that programs have', () => {
  for (const name of [
    'sleep',
    'setTimeout',
    'structuredClone',
    'parseInt',
    'undefined',
    'await',
    'then',
    'globalThis',
  ])
    assert.notEqual(rootFault(name), undefined, name);
  for (const name of ['files', 'type', 'of', 'everything', 'gitHub2'])
    assert.equal(rootFault(name), undefined, name);
});
