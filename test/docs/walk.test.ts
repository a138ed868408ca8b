import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '../..');

test('the operation that docs/codegen.md adds is whole: it says what its neighbours say', () => {
  const page = readFileSync(resolve(ROOT, 'docs/codegen.md'), 'utf8');
  const [, block = ''] = /^ {3}```json\n(.*?)^ {3}```$/ms.exec(page) ?? [];
  const { operations } = JSON.parse(readFileSync(resolve(ROOT, 'schemas/zettelkasten_tools.json'), 'utf8'));
  const neighbour = operations.find(
    ({ operation }: { operation: string }) => operation === 'get_memory_evolution_history',
  );
  assert.deepEqual(Object.keys(JSON.parse(block)).toSorted(), Object.keys(neighbour).toSorted());
});
