import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { indexNumber } from '../../../backend/embedded/zettelkasten/index-number.ts';
import { findKeywords } from '../../../backend/embedded/zettelkasten/keywords.ts';
import { type OpenTool, openTool } from '../embedded-graph/open-tool.ts';

const TOOL = 'zettelkasten_tools';

async function remember(
  { athena }: OpenTool,
  content: string,
  tags: readonly string[] = [],
): Promise<number> {
  return (await athena.call('memory_tools.remember', { content, tags, memory_type: 'fact' })).memory_id;
}

test('every operation answers as its schema says, and what it stored survives a restart', async (t) => {
  const tool = await openTool(t, TOOL);
  const { call } = tool;
  const memory_id = await remember(tool, 'The limit is 100');
  await call('create_memory_version', { memory_id, content: 'The limit is 200' });
  await call('compute_memory_attributes', { memory_id });
  await call('create_hierarchical_index', { label: 'Limits' });
  await call('create_hierarchical_index', { parent_id: '1' });
  await call('assign_memory_to_index', { memory_id, index_id: '1a' });
  const read = async () => [
    await call('get_memory_evolution_history', { memory_id }),
    await call('get_memory_attributes', { memory_id }),
    await call('assign_memory_to_index', { memory_id, index_id: '1a' }),
  ];
  const before = await read();
  await tool.athena.reopen();
  assert.deepEqual(await read(), before);
  assert.equal(before[2].previous_index_id, '1a');
  assert.deepEqual(await tool.unused(), []);
});

test('a new version becomes the content, is found by search, and keeps the one before', async (t) => {
  const tool = await openTool(t, TOOL);
  const memory_id = await remember(tool, 'Backups run on Sunday', ['backup']);
  tool.wait(10);
  const made = await tool.call('create_memory_version', { memory_id, content: 'Backups run on Friday' });
  assert.equal(made.created, true);
  assert.deepEqual(made.version.added_words, ['friday']);
  assert.deepEqual(made.version.removed_words, ['sunday']);
  assert.equal(made.version.similarity, 0.6);
  const history = await tool.call('get_memory_evolution_history', { memory_id });
  assert.deepEqual(
    history.versions.map(({ version, content, created_at }: any) => [version, content, created_at]),
    [
      [1, 'Backups run on Sunday', '2026-03-02T09:00:00.000Z'],
      [2, 'Backups run on Friday', '2026-03-02T09:10:00.000Z'],
    ],
  );
  const { memories } = await tool.athena.call('memory_tools.recall', { query: 'friday' });
  assert.equal(memories[0].content, 'Backups run on Friday');
  assert.deepEqual((await tool.athena.call('memory_tools.recall', { query: 'sunday' })).memories, []);
});

test('the same content makes no version, and one version has the SHA-256 of its content', async (t) => {
  const tool = await openTool(t, TOOL);
  const memory_id = await remember(tool, 'Same');
  const { created, version } = await tool.call('create_memory_version', { memory_id, content: 'Same' });
  assert.equal(created, false);
  assert.equal(version.hash, createHash('sha256').update('Same').digest('hex'));
  const history = await tool.call('get_memory_evolution_history', { memory_id });
  assert.equal(history.versions.length, 1);
  assert.equal(history.current_version, 1);
});

test('attributes grow with connections and revisions, and are outdated after a change', async (t) => {
  const tool = await openTool(t, TOOL);
  const memory_id = await remember(tool, 'Tokens expire after an hour', ['auth']);
  const seed = await tool.call('compute_memory_attributes', { memory_id });
  assert.equal(seed.evolution_stage, 'seed');
  assert.equal(seed.connectivity, 0);
  assert.equal(seed.word_count, 5);
  assert.equal(seed.index_id, null);
  await remember(tool, 'Passwords are hashed', ['auth']);
  await remember(tool, 'Expired tokens are refused');
  await remember(tool, 'Lunch is at noon');
  const grown = await tool.call('compute_memory_attributes', { memory_id });
  assert.equal(grown.connectivity, 2);
  assert.equal(grown.evolution_stage, 'growing');
  assert.ok(grown.importance > seed.importance);
  assert.equal((await tool.call('get_memory_attributes', { memory_id })).outdated, false);
  await tool.call('create_memory_version', { memory_id, content: 'Tokens expire after a day' });
  assert.equal((await tool.call('get_memory_attributes', { memory_id })).outdated, true);
});

test('keywords are the words that others do not have, and forms of a word count as one', () => {
  const others = [new Set(['serv', 'start']), new Set(['serv'])];
  const { keywords, particularity } = findKeywords('Server cache: servers cache caches', others);
  assert.deepEqual(
    keywords.map(({ term }) => term),
    ['cache', 'server'],
  );
  assert.equal(particularity, 0.5);
  assert.deepEqual(findKeywords('', others).keywords, []);
});

const NUMBERS: readonly (readonly [parent: string | null, position: number, number: string])[] = [
  [null, 1, '1'],
  [null, 12, '12'],
  ['1', 1, '1a'],
  ['1', 26, '1z'],
  ['1', 27, '1aa'],
  ['1', 702, '1zz'],
  ['1', 703, '1aaa'],
  ['1a', 1, '1a1'],
  ['1a10', 2, '1a10b'],
];

for (const [parent, position, number] of NUMBERS)
  test(`node ${position} below ${parent ?? 'nothing'} is ${number}`, () => {
    assert.equal(indexNumber(parent, position), number);
  });

test('nodes are numbered below their parent, and a memory moves from one to the other', async (t) => {
  const tool = await openTool(t, TOOL);
  const add = async (label: string, parent_id?: string | null) =>
    tool.call('create_hierarchical_index', { label, ...(parent_id !== undefined && { parent_id }) });
  assert.equal((await add('Architecture')).index_id, '1');
  assert.equal((await add('People', null)).index_id, '2');
  assert.equal((await add('Storage', '1')).index_id, '1a');
  assert.equal((await add('Network', '1')).index_id, '1b');
  const leaf = await add('SQLite', '1a');
  assert.deepEqual([leaf.index_id, leaf.depth, leaf.path], ['1a1', 2, ['Architecture', 'Storage', 'SQLite']]);
  const memory_id = await remember(tool, 'WAL lets readers read');
  const placed = await tool.call('assign_memory_to_index', { memory_id, index_id: '1a1' });
  assert.deepEqual([placed.previous_index_id, placed.node.memory_ids], [null, [memory_id]]);
  const moved = await tool.call('assign_memory_to_index', { memory_id, index_id: '1b' });
  assert.deepEqual([moved.previous_index_id, moved.node.memory_ids], ['1a1', [memory_id]]);
  assert.equal((await tool.call('compute_memory_attributes', { memory_id })).index_id, '1b');
});

test('what does not exist or does not belong together is refused', async (t) => {
  const tool = await openTool(t, TOOL);
  const { refusal } = tool;
  for (const operation of [
    'get_memory_evolution_history',
    'compute_memory_attributes',
    'get_memory_attributes',
  ])
    assert.match(await refusal(operation, { memory_id: 9 }), /no memory 9; none is stored yet/);
  const memory_id = await remember(tool, 'x', ['project:other']);
  assert.match(await refusal('create_memory_version', { memory_id: 9, content: 'y' }), /no memory 9; .* 1/);
  assert.match(await refusal('get_memory_attributes', { memory_id }), /computeMemoryAttributes/);
  assert.match(
    await refusal('assign_memory_to_index', { memory_id, index_id: '7' }),
    /createHierarchicalIndex/,
  );
  await tool.call('create_hierarchical_index', { label: 'here' });
  assert.match(
    await refusal('assign_memory_to_index', { memory_id, index_id: '7' }),
    /no index node 7; there are 1/,
  );
  assert.match(
    await refusal('assign_memory_to_index', { memory_id, index_id: '1' }),
    /project 2, index node 1 to project 1/,
  );
  assert.match(
    await refusal('create_hierarchical_index', { parent_id: '1', project_id: 2 }),
    /belongs to project 1, not 2/,
  );
  assert.match(await refusal('create_hierarchical_index', { project_id: 5 }), /no project 5/);
});

test('a memory that is forgotten takes its versions, attributes and place with it', async (t) => {
  const tool = await openTool(t, TOOL);
  const memory_id = await remember(tool, 'x');
  await tool.call('create_memory_version', { memory_id, content: 'y' });
  await tool.call('compute_memory_attributes', { memory_id });
  await tool.call('create_hierarchical_index', {});
  await tool.call('assign_memory_to_index', { memory_id, index_id: '1' });
  await tool.athena.call('memory_tools.forget', { memory_id });
  const other = await remember(tool, 'z');
  const { node } = await tool.call('assign_memory_to_index', { memory_id: other, index_id: '1' });
  assert.deepEqual(node.memory_ids, [other]);
});
