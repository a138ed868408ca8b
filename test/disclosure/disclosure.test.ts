import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OperationEntry } from '../../runtime/contract/catalogue.ts';
import { createDisclosure, type DiscoverRequest } from '../../runtime/disclosure/disclosure.ts';
import { createFixtureCatalogue } from './fixture-catalogue.ts';

const catalogue = createFixtureCatalogue();

async function show(request: DiscoverRequest, serves = (_: OperationEntry): boolean => true) {
  const shown = await createDisclosure({ catalogue, serves, rootName: 'athena' }).discover(request);
  assert.ok(shown.ok, shown.ok ? '' : shown.message);
  return shown;
}

async function refuse(request: DiscoverRequest) {
  const refused = await createDisclosure({ catalogue, serves: () => true, rootName: 'athena' }).discover(
    request,
  );
  assert.ok(!refused.ok);
  return refused;
}

describe('level 1', () => {
  test('names the layers, their namespaces with counts, the total, and how to go on', async () => {
    const { level, text } = await show({});
    assert.equal(level, 1);
    assert.match(text, /^athena: 37 operations in 13 tools\.$/m);
    assert.match(text, /^- episodic: episodic 4, conversation 3$/m);
    assert.match(text, /discover\(\{query: /);
    assert.match(text, /await athena\.memory\.recall\(\{\.\.\.\}\)/);
  });

  test('says how many operations are served where not all are', async () => {
    const { text } = await show({}, ({ effect }) => effect === 'read');
    assert.match(text, /37 operations in 13 tools, 15 of them not served by this backend/);
    assert.match(text, /episodic 2\/4, conversation 2\/3/);
  });

  test('an empty catalogue says so', async () => {
    const disclosure = createDisclosure({
      catalogue: createFixtureCatalogue([]),
      serves: () => true,
      rootName: 'athena',
    });
    const shown = await disclosure.discover({});
    assert.ok(shown.ok);
    assert.equal(shown.text, 'athena: 0 operations in 0 tools.');
  });

  test('a catalogue of a thousand tools keeps within its size by showing counts', async () => {
    const tools = Array.from({ length: 1_000 }, (_, index) => ({
      tool: `imported_number_${index}_tools`,
      layer: 'semantic' as const,
      operations: [{ name: 'run', summary: `Run what is number ${index}` }],
    }));
    const disclosure = createDisclosure({
      catalogue: createFixtureCatalogue(tools),
      serves: () => true,
      rootName: 'athena',
    });
    const [overview, layer, layerSignatures] = await Promise.all([
      disclosure.discover({}),
      disclosure.discover({ path: 'semantic' }),
      disclosure.discover({ path: 'semantic', level: 3 }),
    ]);
    assert.ok(overview.ok && layer.ok && layerSignatures.ok);
    assert.match(overview.text, /- semantic: 1000 operations in 1000 namespaces/);
    assert.ok(Buffer.byteLength(overview.text) <= 1_024);
    assert.match(layer.text, /… \d+ more namespaces: search with/);
    assert.ok(Buffer.byteLength(layer.text) <= 5_120);
    assert.match(layerSignatures.text, /… \d+ more namespaces: search with/);
    assert.ok(Buffer.byteLength(layerSignatures.text) <= 10_240);
  });
});

describe('level 2', () => {
  test('is a line an operation, with its effect, under its namespace', async () => {
    const { level, text, operations } = await show({ path: 'semantic' });
    assert.equal(level, 2);
    assert.match(text, /^## athena\.memory \(memory_tools, 9\)$/m);
    assert.match(text, /^- recall: Find memories by meaning$/m);
    assert.match(text, /^- forget \[delete\]: Delete a memory for good$/m);
    assert.match(text, /^- recordEvent \[write\]: = alias of episodic\.recordEvent$/m);
    assert.equal(operations.length, 9);
  });

  test('marks what the backend does not carry out', async () => {
    const { text, operations } = await show({ path: 'semantic' }, ({ method }) => method !== 'forget');
    assert.match(text, /^- forget \[delete\] \(not served\): /m);
    assert.match(text, /^# semantic layer: 9 operations, 1 of them not served/);
    assert.deepEqual(
      operations.filter(({ served }) => !served).map(({ id }) => id),
      ['memory.forget'],
    );
  });

  test('of a namespace is its part of the layer', async () => {
    const { operations } = await show({ path: 'conversation', level: 2 });
    assert.equal(operations.length, 3);
  });
});

describe('level 3', () => {
  test('of a namespace is its signatures; a type that several use is told once', async () => {
    const { level, text, operations } = await show({ path: 'memory' });
    assert.equal(level, 3);
    assert.match(text, /^recall\(params: \{ query: string; k: number \}\): Promise<Answer>;$/m);
    assert.equal(text.split('type Answer =').length, 2);
    assert.equal(operations.length, 9);
  });

  test('of an operation adds its description and an example that can be run as it is', async () => {
    const { level, text } = await show({ path: 'memory.recall' });
    assert.equal(level, 3);
    assert.match(text, /It ranks memories by how well they match\./);
    assert.match(text, /^const result = await athena\.memory\.recall\(\{"query":"words","k":7\}\);$/m);
    assert.match(text, /^- memory\.forget \[delete\]: /m);
  });

  test('of an operation that is not served says that a call fails', async () => {
    const { text } = await show({ path: 'memory.recall' }, () => false);
    assert.match(text, /^# athena\.memory\.recall \(not served\)$/m);
    assert.match(text, /OPERATION_NOT_SERVED/);
  });

  test('of a small layer is all of its namespaces', async () => {
    const { text, operations } = await show({ path: 'meta', level: 3 });
    assert.equal(operations.length, 4);
    assert.match(text, /^# athena\.performance: /m);
  });
});

describe('level 4', () => {
  test('holds schema, examples, source and what is related', async () => {
    const { level, text } = await show({ path: 'memory.recall', level: 4 });
    assert.equal(level, 4);
    for (const heading of [
      'Signature',
      'Example: Call recall',
      'Parameters',
      'Result',
      'Adapter',
      'Related',
    ]) {
      assert.match(text, new RegExp(`^## ${heading}`, 'm'));
    }
    assert.match(text, /defineOperation\(\{ tool: 'memory_tools' \}\)/);
  });

  test('a part that is too large is left out whole, and its size said', async () => {
    const huge = {
      ...catalogue,
      details: async (namespace: string) => {
        const details = await catalogue.details(namespace);
        return Object.fromEntries(
          Object.entries(details ?? {}).map(([id, detail]) => [
            id,
            { ...detail, source: 'x'.repeat(60_000) },
          ]),
        );
      },
    };
    const disclosure = createDisclosure({ catalogue: huge, serves: () => true, rootName: 'athena' });
    const one = await disclosure.discover({ path: 'memory.recall', level: 4 });
    assert.ok(one.ok);
    assert.match(one.text, /^## Adapter\nleft out: 60000 bytes/m);
    assert.match(one.text, /^## Related$/m);
    const all = await disclosure.discover({ path: 'memory', level: 4 });
    assert.ok(all.ok);
    assert.match(all.text, /… 9 more: names with discover\(\{path: "athena\.memory", level: 2\}\)/);
  });
});

describe('a path', () => {
  for (const path of [
    'memory.recall',
    'memory_tools.recall',
    'athena.memory.recall',
    'athena.memory.recall({ query: "x" })',
    'memory/recall',
    ' recall ',
  ]) {
    test(`${JSON.stringify(path)} names the operation memory.recall`, async () => {
      const { operations } = await show({ path });
      assert.deepEqual(
        operations.map(({ id }) => id),
        ['memory.recall'],
      );
    });
  }

  for (const path of [
    'taskManagement.updateTaskStatus',
    'task_management_tools/update_task_status',
    'task_management.update_task_status',
    'taskmanagement.updatetaskstatus',
    'update_task_status',
  ]) {
    test(`${path} names the operation whichever way its words are joined`, async () => {
      const { operations } = await show({ path });
      assert.equal(operations[0]?.id, 'taskManagement.updateTaskStatus');
    });
  }

  test('a tool’s name on the wire names its namespace', async () => {
    const { level, operations } = await show({ path: 'task_management_tools' });
    assert.equal(level, 3);
    assert.equal(operations.length, 5);
  });

  test('a name that a layer and a namespace share is the layer, from level 3 on the namespace', async () => {
    const ids = async (request: DiscoverRequest) => (await show(request)).operations.length;
    assert.equal(await ids({ path: 'episodic' }), 7);
    assert.equal(await ids({ path: 'episodic', level: 2 }), 7);
    assert.equal(await ids({ path: 'episodic', level: 3 }), 4);
    assert.equal(await ids({ path: 'episodic', level: 4 }), 4);
    assert.equal(await ids({ path: 'episodic_tools', level: 2 }), 4);
  });

  test('the root is level 1', async () => {
    assert.equal((await show({ path: 'athena' })).level, 1);
  });
});

describe('a refusal', () => {
  for (const [path, near] of [
    ['memory.recal', /Near: memory\.recall\b/],
    ['episodic.remember', /Near: memory\.remember/],
    ['procedurall', /Near: procedural\b/],
    ['recommend_strategy', /Near: planning\.recommendStrategy, mlIntegration\.recommendStrategy/],
    ['a.b.c', /Search with `query`/],
    ['../../etc/passwd', /Search with `query`/],
    ['__proto__', /Search with `query`/],
    ['constructor.constructor', /Search with `query`/],
  ] as const) {
    test(`of the unknown path ${path} names it and what is near`, async () => {
      const { code, message } = await refuse({ path });
      assert.equal(code, 'UNKNOWN_PATH');
      assert.ok(message.includes(JSON.stringify(path)));
      assert.match(message, near);
    });
  }

  for (const [request, message] of [
    [{ query: 'x', path: 'memory' }, /Give either `query`, or `path`/],
    [{ query: 'x', level: 2 }, /Give either `query`, or `path`/],
    [{ level: 3 }, /Level 3 needs a `path`/],
    [{ path: 'athena', level: 2 }, /Level 2 needs a `path`/],
    [{ path: 'memory', level: 1 }, /Level 1 shows all layers/],
    [{ path: 'memory.recall', level: 2 }, /An operation has level 3/],
  ] as const) {
    test(`of ${JSON.stringify(request)} says what to give`, async () => {
      const refused = await refuse(request);
      assert.equal(refused.code, 'INVALID_REQUEST');
      assert.match(refused.message, message);
    });
  }
});
