import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import { accepted, OPERATIONS, openFixture, refused } from './fixture.ts';

let check: Check;
before(async () => {
  check = await openFixture();
});
after(() => check.close());

const ALL = OPERATIONS.map(({ id }) => id).toSorted();
const MEMORY = ALL.filter((id) => id.startsWith('memory.'));
const NAMESPACES = ['consolidation', 'graph', 'memory', 'procedural', 'taskManagement'];

/** A program, the operations it reaches and the namespaces it opens. */
const REACHES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['return 1', [], []],
  ['athena.memory.recall({ query: "x" })', ['memory.recall'], []],
  ['athena["memory"]["recall"]({ query: "x" })', ['memory.recall'], []],
  ['athena[`memory`].recall({ query: "x" })', ['memory.recall'], []],
  ['athena?.memory?.recall?.({ query: "x" })', ['memory.recall'], []],
  ['(athena as any).memory!.recall({ query: "x" })', ['memory.recall'], []],
  ['(athena).memory.recall({ query: "x" })', ['memory.recall'], []],
  ['globalThis.athena.memory.recall({ query: "x" })', ['memory.recall'], []],
  ['(globalThis as any)["athena"].memory.recall({})', ['memory.recall'], []],
  ['const { memory } = athena; memory.recall({ query: "x" })', ['memory.recall'], []],
  ['const { memory: m } = athena; m.recall({ query: "x" })', ['memory.recall'], []],
  ['const { recall } = athena.memory; recall({ query: "x" })', ['memory.recall'], []],
  [
    'const { recall: find, remember } = athena.memory; find({ query: "x" })',
    ['memory.recall', 'memory.remember'],
    [],
  ],
  ['const { memory: { recall } } = athena; recall({ query: "x" })', ['memory.recall'], []],
  ['const { ["memory"]: m } = athena; m.recall({ query: "x" })', ['memory.recall'], []],
  ['let { recall } = athena.memory; recall({ query: "x" })', ['memory.recall'], []],
  ['const a = athena; a.memory.recall({ query: "x" })', ['memory.recall'], []],
  ['const a = athena, m = a.memory, r = m.recall; r({ query: "x" })', ['memory.recall'], []],
  ['const m = athena.memory; const f = () => m.recall({ query: "x" }); f()', ['memory.recall'], []],
  ['const f = athena.memory.recall; [{ query: "x" }].map(f)', ['memory.recall'], []],
  ['athena.memory.recall.bind(null)', ['memory.recall'], []],
  ['const op = "recall"; athena.memory[op]({ query: "x" })', ['memory.recall'], []],
  ['const ns = "memory" as const; athena[ns].recall({ query: "x" })', ALL, NAMESPACES],
  ['function later() { return athena.memory.recall({ query: "x" }) } return 1', ['memory.recall'], []],
  ['if (typeof athena === "undefined") throw new Error("no root"); return 1', [], []],
  ['if (athena.memory) return 1; return 2', [], []],
  ['const t: typeof athena.memory | undefined = undefined; return t', [], []],
  // A name of the program's own is not the root.
  ['const f = (athena: any) => athena.memory.anything(); f({ memory: { anything() {} } })', [], []],
  ['{ const athena: any = { x: { y() {} } }; athena.x.y(); } return 1', [], []],
  ['{ const memory = 1; console.log(memory) } athena.memory.recall({ query: "x" })', ['memory.recall'], []],
  // What cannot be followed opens its namespace, or all of them.
  ['const name = JSON.parse("1"); (athena.memory as any)[name]({})', MEMORY, ['memory']],
  ['for (const name of ["recall"]) (athena.memory as any)[name]({})', MEMORY, ['memory']],
  ['let m = athena.memory; m.recall({ query: "x" })', MEMORY, ['memory']],
  ['const f = (m: any) => m.recall({ query: "x" }); f(athena.memory)', MEMORY, ['memory']],
  ['Object.keys(athena.memory)', MEMORY, ['memory']],
  ['const { recall, ...rest } = athena.memory; rest', MEMORY, ['memory']],
  ['const api = { m: athena.memory }; api.m.recall({ query: "x" })', MEMORY, ['memory']],
  [
    'const m = Math.random() > 1 ? athena.memory : athena.memory; m.recall({ query: "x" })',
    MEMORY,
    ['memory'],
  ],
  ['const [first] = [athena.memory]; first', MEMORY, ['memory']],
  ['const f = () => athena.memory; f().recall({ query: "x" })', MEMORY, ['memory']],
  ['const { [JSON.parse("1")]: m } = athena as any; m', ALL, NAMESPACES],
  ['const key = JSON.parse("1"); (athena as any)[key]', ALL, NAMESPACES],
  ['let a = athena; a', ALL, NAMESPACES],
  ['JSON.stringify(athena)', ALL, NAMESPACES],
  ['Object.entries(athena)', ALL, NAMESPACES],
  ['return { athena }', ALL, NAMESPACES],
  ['return { ...athena }', ALL, NAMESPACES],
  ['const f = (a = athena) => a; f()', ALL, NAMESPACES],
  ['let memory: any; ({ memory } = athena); memory', ALL, NAMESPACES],
  ['(athena as any)["mem" + "ory"].recall({})', ALL, NAMESPACES],
  ['athena.memory', MEMORY, ['memory']],
];
for (const [program, operations, open] of REACHES)
  test(`${JSON.stringify(program)} reaches ${operations.length} operations`, async () => {
    const { effects, openNamespaces } = accepted(await check.check(program));
    assert.deepEqual(
      effects.map(({ operation }) => operation),
      operations,
    );
    assert.deepEqual(openNamespaces, open);
  });

test('each operation comes with its effect, sorted by id', async () => {
  const program = 'athena.memory.remember; athena.memory.forget; athena.memory.recall; return 1';
  assert.deepEqual(accepted(await check.check(program)).effects, [
    { operation: 'memory.forget', effect: 'delete' },
    { operation: 'memory.recall', effect: 'read' },
    { operation: 'memory.remember', effect: 'write' },
  ]);
});

/** A call of what does not exist, and the suggestion. */
const UNKNOWN: readonly (readonly [string, string, string])[] = [
  ['athena.memory.recal({ query: "x" })', 'memory.recal', 'did you mean `memory.recall`?'],
  ['athena.memory.list_memories({})', 'memory.list_memories', 'did you mean `memory.listMemories`?'],
  [
    'athena.memory.createTask({ content: "x" })',
    'memory.createTask',
    'did you mean `taskManagement.createTask`?',
  ],
  [
    'athena.memory.create_task({ content: "x" })',
    'memory.create_task',
    'did you mean `taskManagement.createTask`?',
  ],
  ['athena.memory_tools.recall({ query: "x" })', 'memory_tools.recall', 'did you mean `memory.recall`?'],
  [
    'athena.task_management.create_task({})',
    'task_management.create_task',
    'did you mean `taskManagement.createTask`?',
  ],
  ['athena.memry.recall({ query: "x" })', 'memry.recall', 'did you mean `memory.recall`?'],
  ['athena.Memory.recall({ query: "x" })', 'Memory.recall', 'did you mean `memory.recall`?'],
  ['athena.recall({ query: "x" })', 'recall', 'did you mean `memory.recall`?'],
  ['athena.memory.search_graph({})', 'memory.search_graph', 'did you mean `graph.searchGraph`?'],
  ['athena["memory"]["recal"]({})', 'memory.recal', 'did you mean `memory.recall`?'],
  ['const { recal } = athena.memory; recal', 'memory.recal', 'did you mean `memory.recall`?'],
  ['const { memori } = athena; memori', 'memori', 'did you mean `memory`?'],
  ['athena.memory.rec\u0430ll({ query: "x" })', 'memory.rec\u0430ll', 'did you mean `memory.recall`?'],
  ['athena.m\u0435mory.recall({ query: "x" })', 'm\u0435mory.recall', 'did you mean `memory.recall`?'],
  ['athena.memory.constructor', 'memory.constructor', '`discover` lists the operations'],
  ['athena.__proto__', '__proto__', '`discover` lists the operations'],
  ['athena.toString()', 'toString', '`discover` lists the operations'],
  ['athena.quux.frobnicate()', 'quux.frobnicate', '`discover` lists the operations'],
];
for (const [program, id, suggestion] of UNKNOWN)
  test(`${JSON.stringify(program)} is an unknown operation`, async () => {
    const errors = refused(await check.check(program));
    assert.deepEqual(
      errors.map((error) => [error.code, error.message, error.suggestion]),
      [['UNKNOWN_OPERATION', `\`${id}\` does not exist.`, suggestion]],
    );
  });
