import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../codegen-process.ts';
import { published, runImport } from './import-process.ts';

test('a backend without a name given is called after what it calls itself', async () => {
  const { code, stdout } = await runImport(['--dry-run', '--stdio', published('sequential-thinking')]);
  assert.equal(code, 0);
  assert.match(stdout, /Would write schemas\/sequentialThinking: 1 operation/);
});

test('a folder keeps the name that it was imported under', async (t) => {
  const folder = join(temporaryFolder(t), 'schemas');
  const source = ['--stdio', published('memory'), '--schemas', folder];
  assert.equal((await runImport(['notebook', ...source])).code, 0);
  const again = await runImport(source);
  assert.match(again.stdout, /0 added, 0 changed, 0 removed/);
  assert.equal(JSON.parse(readFileSync(join(folder, 'backend.json'), 'utf8')).name, 'notebook');
});

test('a name that programs could not write is asked for', async (t) => {
  const document = join(temporaryFolder(t), 'openapi.json');
  writeFileSync(
    document,
    JSON.stringify({ openapi: '3.1.0', info: { title: '3D Server', version: '1' }, paths: {} }),
  );
  const { code, stderr } = await runImport(['--openapi', document]);
  assert.equal(code, 2);
  assert.match(stderr, /The backend calls itself "3D Server".*Give one: codegen import <name>/);
});
