import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalogue } from '../../generated/catalogue.ts';
import { LAYERS } from '../../runtime/contract/catalogue.ts';
import { createDisclosure, type DiscoverRequest } from '../../runtime/disclosure/disclosure.ts';
import { INDIRECT_INTENTS, INTENTS, type Intent } from './intents.ts';

const SIZES = { 1: 1_024, 2: 5_120, 3: 10_240, 4: 51_200, search: 5_120 } as const;

const disclosure = createDisclosure({ catalogue, serves: () => true, rootName: 'athena' });
const { operations } = catalogue;
const namespaces = [...new Set(operations.map(({ namespace }) => namespace))];
const tools = [...new Set(operations.map(({ tool }) => tool))];

async function show(request: DiscoverRequest, from = disclosure) {
  const shown = await from.discover(request);
  assert.ok(shown.ok, shown.ok ? '' : `${JSON.stringify(request)}: ${shown.message}`);
  const bytes = Buffer.byteLength(shown.text);
  assert.ok(bytes <= SIZES[shown.level], `${JSON.stringify(request)}: ${bytes} bytes`);
  return shown;
}

async function firstFive(query: string): Promise<readonly string[]> {
  return (await show({ query })).operations.slice(0, 5).map(({ id }) => id);
}

async function recallAtFive(
  intents: readonly Intent[],
): Promise<{ share: number; missed: readonly string[] }> {
  const missed: string[] = [];
  for (const { intent, operations: wanted } of intents) {
    const found = await firstFive(intent);
    if (!wanted.some((id) => found.includes(id))) missed.push(`${intent} → ${found.join(', ')}`);
  }
  return { share: 1 - missed.length / intents.length, missed };
}

describe('every level of Athena’s catalogue fits its size', () => {
  test('level 1 names all namespaces, also when only half of the operations are served', async () => {
    const half = createDisclosure({ catalogue, serves: ({ id }) => id.length % 2 === 0, rootName: 'athena' });
    for (const from of [disclosure, half]) {
      const { text } = await show({}, from);
      for (const namespace of namespaces) assert.ok(text.includes(` ${namespace} `), namespace);
    }
  });

  test('level 2 names every operation of every layer', async () => {
    let named = 0;
    for (const path of LAYERS) named += (await show({ path })).operations.length;
    assert.equal(named, operations.length);
  });

  test('level 3 shows every signature of every namespace', async () => {
    for (const path of tools) {
      const shown = await show({ path });
      assert.equal(shown.operations.length, operations.filter(({ tool }) => tool === path).length, path);
    }
    for (const path of LAYERS) await show({ path, level: 3 });
  });

  test('levels 3 and 4 of every operation are whole', async () => {
    for (const { id } of operations) {
      for (const level of [3, 4] as const) {
        const { text } = await show({ path: id, level });
        assert.doesNotMatch(text, /^left out: /m, id);
        assert.match(text, new RegExp(`^const result = await athena\\.${id}\\(`, 'm'));
      }
    }
  });

  test('level 4 of every namespace and layer is cut between operations', async () => {
    for (const path of [...tools, ...LAYERS]) await show({ path, level: 4 });
  });
});

describe('an exact name comes first', () => {
  test('an id, in any of its spellings', async () => {
    for (const { id, tool, operation } of operations) {
      for (const query of [id, `athena.${id}`, `${tool}.${operation}`]) {
        assert.equal((await firstFive(query))[0], id, query);
      }
    }
  });

  test('a method and an operation’s name on the wire', async () => {
    for (const { method, operation } of operations) {
      for (const query of [method, operation ?? method]) {
        const [first = ''] = await firstFive(query);
        assert.equal(first.split('.')[1], method, query);
      }
    }
  });

  test('a tool’s name brings only operations of that tool first', async () => {
    for (const tool of tools) {
      const inside = operations.filter((operation) => operation.tool === tool).map(({ id }) => id as string);
      const found = (await firstFive(tool)).slice(0, inside.length);
      assert.ok(found.length > 0 && found.every((id) => inside.includes(id)), `${tool}: ${found.join(', ')}`);
    }
  });
});

describe('intents', () => {
  test('every intent asks for operations that exist', () => {
    const known = new Set<string>(operations.map(({ id }) => id));
    for (const { intent, operations: wanted } of [...INTENTS, ...INDIRECT_INTENTS]) {
      for (const id of wanted) assert.ok(known.has(id), `${intent}: ${id}`);
    }
  });

  test('of the plain ones at least 95 in 100 find what they mean among the first five', async () => {
    const { share, missed } = await recallAtFive(INTENTS);
    assert.ok(INTENTS.length >= 80);
    assert.ok(share >= 0.95, `${share}\n${missed.join('\n')}`);
  });

  test('of the indirect ones at least 85 in 100 do', async () => {
    const { share, missed } = await recallAtFive(INDIRECT_INTENTS);
    assert.ok(share >= 0.85, `${share}\n${missed.join('\n')}`);
  });
});
