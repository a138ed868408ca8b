import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationEntry } from '../../runtime/contract/catalogue.ts';
import { createDisclosure } from '../../runtime/disclosure/disclosure.ts';
import { stem, wordsOf } from '../../runtime/disclosure/words.ts';
import { createFixtureCatalogue, type FixtureTool } from './fixture-catalogue.ts';

async function search(
  query: string,
  serves = (_: OperationEntry): boolean => true,
  tools?: readonly FixtureTool[],
) {
  const disclosure = createDisclosure({
    catalogue: createFixtureCatalogue(tools),
    serves,
    rootName: 'athena',
  });
  const shown = await disclosure.discover({ query });
  assert.ok(shown.ok);
  assert.equal(shown.level, 'search');
  return {
    text: shown.text,
    operations: shown.operations,
    ids: shown.operations.map(({ id }) => id as string),
  };
}

for (const [query, id] of [
  ['store a fact', 'memory.remember'],
  ['keep this fact', 'memory.remember'],
  ['erase a memory', 'memory.forget'],
  ['remembering facts', 'memory.remember'],
  ['add a todo', 'taskManagement.createTask'],
  ['slow parts of the project', 'monitoring.detectBottlenecks'],
  ['conversatoin history', 'conversation.getConversationHistory'],
  ['consolid', 'consolidation.runConsolidation'],
  ['memory.recall', 'memory.recall'],
  ['athena.memory.recall({})', 'memory.recall'],
  ['recall', 'memory.recall'],
  ['update_task_status', 'taskManagement.updateTaskStatus'],
  ['how do I call update_task_status?', 'taskManagement.updateTaskStatus'],
  ['updateTaskStatus please', 'taskManagement.updateTaskStatus'],
] as const) {
  test(`${JSON.stringify(query)} finds ${id} first`, async () => {
    assert.equal((await search(query)).ids[0], id);
  });
}

test('a tool’s name brings its operations first', async () => {
  for (const query of ['conversation_tools', 'conversation']) {
    const { ids } = await search(query);
    assert.deepEqual(new Set(ids.slice(0, 3).map((id) => id.split('.')[0])), new Set(['conversation']));
  }
});

test('words that say nothing match nothing, and letters are no beginnings of words', async () => {
  for (const query of ['a', 'how do I', 'the and of it', 'z', 'xyzzy plugh', '日本', '...', '"']) {
    const { text, ids } = await search(query);
    assert.deepEqual(ids, [], query);
    assert.match(text, /No operation matches .* browse: discover\(\{\}\)/);
  }
});

test('only the last word may be unfinished', async () => {
  assert.deepEqual((await search('cons')).ids, ['consolidation.runConsolidation']);
  assert.deepEqual((await search('cons xyzzy')).ids, []);
});

test('another name of an operation comes after it, unless it is asked for by its id', async () => {
  const { ids } = await search('record something that happened');
  assert.ok(ids.indexOf('episodic.recordEvent') < ids.indexOf('memory.recordEvent'));
  assert.equal((await search('record_event')).ids[0], 'episodic.recordEvent');
  assert.equal((await search('memory.recordEvent')).ids[0], 'memory.recordEvent');
});

test('of two that match alike, the one that is served comes first, and the other says that it is not', async () => {
  const tools: readonly FixtureTool[] = [
    { tool: 'one_tools', layer: 'semantic', operations: [{ name: 'paint', summary: 'Paint a wall' }] },
    { tool: 'two_tools', layer: 'semantic', operations: [{ name: 'paint', summary: 'Paint a wall' }] },
  ];
  for (const namespace of ['one', 'two']) {
    const { ids, text, operations } = await search(
      'paint a wall',
      (entry) => entry.namespace === namespace,
      tools,
    );
    assert.equal(ids[0], `${namespace}.paint`);
    assert.match(text, /\(not served\): Paint a wall/);
    assert.deepEqual(
      operations.map(({ served }) => served),
      [true, false],
    );
  }
});

test('the answer lists at most eight, with scores, and the signatures of the best three', async () => {
  const { text, operations } = await search(
    'list memories, tasks, hooks, events and conversations of a project',
  );
  assert.equal(operations.length, 8);
  const scores = operations.map(({ score }) => score ?? 0);
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  );
  assert.equal(text.match(/Promise<Answer>;/g)?.length, 3);
  assert.ok(Buffer.byteLength(text) <= 5_120);
});

test('a query of any length and content is answered', async () => {
  for (const query of ['x '.repeat(500), 'task '.repeat(200), '{"a": [1]} <script> $(rm)', '\u0000\u202e']) {
    assert.ok(Buffer.byteLength((await search(query)).text) <= 5_120);
  }
});

test('the index is not built before the first query, and once for queries at the same time', async () => {
  let reads = 0;
  const catalogue = createFixtureCatalogue();
  const disclosure = createDisclosure({
    catalogue: {
      ...catalogue,
      searchDocuments: () => {
        reads++;
        return catalogue.searchDocuments();
      },
    },
    serves: () => true,
    rootName: 'athena',
  });
  await disclosure.discover({});
  await disclosure.discover({ path: 'memory' });
  assert.equal(reads, 0);
  await Promise.all([disclosure.discover({ query: 'task' }), disclosure.discover({ query: 'memory' })]);
  assert.equal(reads, 1);
});

for (const [text, words] of [
  ['updateTaskStatus', ['update', 'task', 'status']],
  ['update_task_status', ['update', 'task', 'status']],
  ['memory.recall', ['memory', 'recall']],
  ['parseJSONFile2', ['parse', 'json', 'file2']],
  ['It’s 日本!', ['it', 's', '日本']],
] as const) {
  test(`${text} is the words ${words.join(', ')}`, () => {
    assert.deepEqual(wordsOf(text), words);
  });
}

for (const forms of [
  ['memory', 'memories'],
  ['store', 'stores', 'stored', 'storing'],
  ['plan', 'plans', 'planned', 'planning'],
  ['consolidate', 'consolidation', 'consolidated'],
  ['optimize', 'optimization', 'optimizing'],
  ['class', 'classes'],
  ['risk', 'risks', 'risky'],
  ['automated', 'automation', 'automatic', 'automatically'],
]) {
  test(`${forms.join(', ')} have one stem`, () => {
    assert.equal(new Set(forms.map(stem)).size, 1, forms.map(stem).join(' '));
  });
}

for (const [one, other] of [
  ['status', 'state'],
  ['string', 'stray'],
  ['speed', 'spend'],
  ['analysis', 'analyst'],
] as const) {
  test(`${one} and ${other} keep their own stems`, () => {
    assert.notEqual(stem(one), stem(other));
  });
}
