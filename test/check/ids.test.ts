import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import { openAthenaCheck } from './athena-check.ts';

const TASKS = 'const { tasks } = await athena.taskManagement.listTasks({});';
const MEMORIES = "const { memories } = await athena.memory.recall({ query: 'x' });";

/** Programs that take one thing for another: what is given, and what is wanted. */
const MIXED: readonly (readonly [code: string, given: string, wanted: string])[] = [
  [
    `${TASKS} return athena.zettelkasten.getMemoryAttributes({ memory_id: tasks[0].id });`,
    'a task',
    'a memory',
  ],
  [
    `${TASKS} for (const { id } of tasks) await athena.memory.forget({ memory_id: id });`,
    'a task',
    'a memory',
  ],
  [
    `${TASKS} const ids = tasks.map((t) => t.id); return Promise.all(ids.map((memory_id) => athena.memory.forget({ memory_id })));`,
    'a task',
    'a memory',
  ],
  [`${TASKS} const p = { memory_id: tasks[0].id }; return athena.memory.forget(p);`, 'a task', 'a memory'],
  [`${MEMORIES} return athena.taskManagement.startTask({ task_id: memories[0].id });`, 'a memory', 'a task'],
  [
    "const { event_id } = await athena.episodic.recordEvent({ content: 'x', event_type: 'y' }); return athena.memory.forget({ memory_id: event_id });",
    'an event',
    'a memory',
  ],
  [
    `${TASKS} return athena.taskManagement.completeGoal({ goal_id: tasks[0].id, outcome: 'success' });`,
    'a task',
    'a goal',
  ],
];

/** Programs that are right, or that only the run can tell. */
const FINE: readonly string[] = [
  'return athena.memory.forget({ memory_id: 5 });',
  "const n: number = JSON.parse('1'); return athena.memory.forget({ memory_id: n + 1 });",
  "const id = await session.get('id'); return athena.memory.forget({ memory_id: id });",
  `${MEMORIES} for (const m of memories) await athena.memory.forget({ memory_id: m.id }); return memories.map((m) => m.id).sort((a, b) => a - b).reduce((a, b) => a + b, 0);`,
  `${MEMORIES} const by = new Map(memories.map((m) => [m.id, m])); return [by.get(3), [1, 2, 3][memories[0].id], \`\${memories[0].id}\`, memories.find((m) => m.id === 4), new Set<number>(memories.map((m) => m.id)).has(2), Math.max(...memories.map((m) => m.id))];`,
  `${MEMORIES} const seen: Record<number, string> = {}; for (const m of memories) seen[m.id] = m.content; const ids: number[] = memories.map((m) => m.id); return { seen, ids, n: typeof ids[0] === 'number' };`,
  "const { results } = await athena.memory.smartRetrieve({ query: 'x' }); return Promise.all(results.map((hit) => athena.zettelkasten.getMemoryAttributes({ memory_id: hit.id })));",
  `${TASKS} return athena.memory.forget({ memory_id: Number(tasks[0].id) });`,
  `${TASKS} const all: { id: number }[] = [...tasks]; return athena.memory.forget({ memory_id: all[0].id });`,
];

/** The slower checker says the same in other words: a few programs tell. */
const SHARE = { native: Number.POSITIVE_INFINITY, javascript: 2 } as const;

for (const checker of ['native', 'javascript'] as const) {
  describe(`ids, with the ${checker} type checker`, () => {
    let check: Check;
    before(async () => {
      check = await openAthenaCheck(checker);
    });
    after(() => check.close());

    for (const [code, given, wanted] of MIXED.slice(0, SHARE[checker])) {
      test(`the id of ${given} is refused for ${wanted}: ${code}`, async () => {
        const result = await check.check(code);
        assert.ok(!result.ok, 'it was accepted');
        assert.deepEqual(
          result.errors.map((error) => [error.code, error.message, error.suggestion]),
          [
            [
              'TYPE_ERROR',
              `The id of ${given} is given where the id of ${wanted} is wanted.`,
              `pass the id of ${wanted}; a plain number or string, such as \`Number(id)\`, passes for any`,
            ],
          ],
        );
      });
    }

    for (const code of FINE.slice(0, SHARE[checker])) {
      test(`passes without a word about ids: ${code}`, async () => {
        const result = await check.check(code);
        assert.ok(result.ok, JSON.stringify(result));
        assert.deepEqual(
          result.warnings.filter(({ message }) => /\bid\b/i.test(message)),
          [],
        );
      });
    }

    test('an id that may be of either kind is a warning, for the run to decide', async () => {
      const code = `${TASKS} ${MEMORIES} const id = tasks.length > 1 ? tasks[0].id : memories[0].id; return athena.memory.forget({ memory_id: id });`;
      const result = await check.check(code);
      assert.ok(result.ok, JSON.stringify(result));
      assert.equal(result.warnings.length, 1);
    });
  });
}
