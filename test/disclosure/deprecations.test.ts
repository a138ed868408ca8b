import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalogue, OperationEntry } from '../../runtime/contract/catalogue.ts';
import type { DiscoverRequest } from '../../runtime/disclosure/disclosed.ts';
import { createDisclosure } from '../../runtime/disclosure/disclosure.ts';
import { createFixtureCatalogue } from './fixture-catalogue.ts';

/** The fixture with one operation that is on its way out, and one that goes without a successor. */
const plain = createFixtureCatalogue();
const catalogue: Catalogue = {
  ...plain,
  operations: plain.operations.map((entry): OperationEntry => {
    if (entry.id === 'memory.recall') {
      const reason = 'It knows one layer only.';
      return { ...entry, deprecated: { since: '2.0.0', use: 'rag.retrieveSmart', reason } as const };
    }
    return entry.id === 'memory.forget' ? { ...entry, deprecated: {} } : entry;
  }),
};

async function show(request: DiscoverRequest, of = catalogue) {
  const shown = await createDisclosure({ catalogue: of, serves: () => true, rootName: 'athena' }).discover(
    request,
  );
  assert.ok(shown.ok);
  return shown;
}

test('a list marks what is deprecated and names what to call instead', async () => {
  const { text, operations } = await show({ path: 'memory', level: 2 });
  assert.match(text, /^- recall \(deprecated, use rag\.retrieveSmart\): Find memories by meaning$/m);
  assert.match(text, /^- forget \[delete\] \(deprecated\): Delete a memory for good$/m);
  const marked = operations.filter(({ deprecated }) => deprecated).map(({ id }) => id);
  assert.deepEqual(marked, ['memory.recall', 'memory.forget']);
});

test('signatures and details say so too, with since when and why', async () => {
  const { text } = await show({ path: 'memory', level: 3 });
  assert.match(text, /^\/\/ \(deprecated, use rag\.retrieveSmart\)/m);
  for (const level of [3, 4] as const) {
    const { text: one } = await show({ path: 'memory.recall', level });
    assert.match(
      one,
      /^Deprecated since 2\.0\.0\. Use athena\.rag\.retrieveSmart\. It knows one layer only\.$/m,
    );
  }
  assert.match((await show({ path: 'memory.forget' })).text, /^Deprecated\.$/m);
  assert.doesNotMatch((await show({ path: 'memory.remember' })).text, /^Deprecated/m);
});

test('in a search it is marked, and stands behind its successor and where it would not have', async () => {
  const query = 'search memories by meaning';
  const before = (await show({ query }, plain)).operations.map(({ id }) => id as string);
  const { operations, text } = await show({ query });
  const ids = operations.map(({ id }) => id as string);
  assert.equal(before[0], 'memory.recall');
  assert.match(text, /athena\.memory\.recall \(deprecated, use rag\.retrieveSmart\)/);
  assert.ok(ids.indexOf('memory.recall') > ids.indexOf('rag.retrieveSmart'), ids.join());
});

test('who asks for it by its name gets it first all the same', async () => {
  const { operations } = await show({ query: 'memory.recall' });
  assert.equal(operations[0]?.id, 'memory.recall');
});
