import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCodegen } from '../codegen-process.ts';
import { openWorkshop, published } from '../import/import-process.ts';

test('a live backend is compared with the folder that it was imported into', async (t) => {
  const command = published('everything');
  const workshop = openWorkshop(t, 'everything');
  const imported = await workshop.importFrom(['--stdio', command]);
  assert.equal(imported.code, 0, imported.stderr);
  const compare = () => runCodegen(['diff', workshop.schemas, `stdio:${command}`, '--json']);

  const same = compare();
  assert.equal(same.code, 0, same.stderr);
  assert.deepEqual(JSON.parse(same.stdout).changes, []);

  const file = workshop.read('tools.json');
  const sum = file.operations.find(({ tool }: any) => tool === 'get-sum');
  Object.assign(sum, { summary: 'Add two numbers, as we say it', effect: 'read', tags: ['ours'] });
  workshop.write('tools.json', file);
  const edited = compare();
  assert.deepEqual(JSON.parse(edited.stdout).changes, [], 'what a hand wrote is no change of the backend');

  file.operations = file.operations.filter(({ tool }: any) => tool !== 'echo');
  workshop.write('tools.json', file);
  const more = compare();
  assert.equal(more.code, 3, more.stderr);
  assert.deepEqual(
    JSON.parse(more.stdout).changes.map(({ rule, operation }: any) => [rule, operation]),
    [['operation-added', 'tools.echo']],
  );
});
