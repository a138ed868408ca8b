import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { catalogue } from '../../generated/catalogue.ts';
import { checkCode } from '../../runtime/check/ladder.ts';
import { type MendableTypes, openTypes } from '../../runtime/check/open-types.ts';
import { indexOperations } from '../../runtime/check/operation-index.ts';
import { sliceTypings } from '../../runtime/check/slice-typings.ts';
import { TYPINGS_LIMITS } from '../../runtime/check/touched-parts.ts';
import { createTypeFiles, PROGRAM_FILE } from '../../runtime/check/type-files.ts';
import { readTypings } from '../../runtime/check/typings.ts';
import { GLOBALS_HEADING } from '../../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import type { CheckResult } from '../../runtime/contract/program.ts';
import { createChance } from '../fuzz/chance.ts';
import { PROGRAMS } from './corpus-programs.ts';

/** So little that parts leave and return all the time: Athena's are 4,000 to 30,000. */
const TINY = { whole: 0, kept: 20_000, touched: 300_000 };

const typings = await catalogue.typings();
const facts = { ...readTypings(typings), index: indexOperations('athena', catalogue.operations) };
const resultOf = (code: string, types: MendableTypes): CheckResult =>
  checkCode(code, { ...facts, limits: DEFAULT_LIMITS, types }).result;

/** Ways to come to a namespace, right and wrong, and to types of it. */
const WAYS: readonly string[] = [
  'const { memory } = athena; return await memory.recall({ query: 1 });',
  'const { memory: m } = athena; return await m.recal({ query: "a" });',
  'const { memory: { recall } } = athena; return await recall({ quer: "a" });',
  'const a = athena; const g = a.graph; return (await g.searchGraph({ query: "x" })).nowhere;',
  'return await athena["memory"]["recall"]({ query: true });',
  'return await athena.m\\u0065mory.recall({ query: 1 });',
  'return await athena["\\x6demory"].recall({ query: 1 });',
  'return await athena["m\\u{65}mory"].recall({ query: 1 });',
  'return await athena["mem\\\nory"].recall({ query: 1 });',
  'return await athena[`memory`].recall({ query: 1 });',
  'const p: Athena.Memory.RecallParams = { query: 1 }; return await athena.memory.recall(p);',
  'type P = Parameters<Athena.MemoryNamespace["recall"]>[0]; const p: P = { query: 1 }; return p;',
  'type P = Parameters<(typeof athena)["memory"]["recall"]>[0]; const p: P = {}; return p;',
  'const p: Athena.Memory.NoSuchType = { query: 1 }; return p;',
  'const p: Athena.Memroy.RecallParams = { query: 1 }; return p;',
  'const name: keyof typeof athena = "nothing"; return name;',
  'const name: keyof typeof athena = "memory"; return Object.keys(athena[name]);',
  'for (const name of Object.keys(athena)) console.log(athena[name]);',
  'const all = athena as Record<string, any>; return await all.memory.recall({});',
  'const { memory, ...rest } = athena; return [memory, rest];',
  'const { memory, graph } = athena; return Promise.all([memory.recall({}), graph.nothing({})]);',
  'const use = (a: typeof athena) => a.memory.recall({ query: [] }); return await use(athena);',
  'return await athena.memroy.recall({ query: "a" });',
  'return await athena.toString.recall({ query: "a" });',
  'return await athena.constructor.recall({ query: "a" });',
  'return athena.nothing;',
  'return athena.hasOwnProperty("memory");',
  'return await memory.recall({ query: "a" });',
  'return await recall({ query: "a" });',
  'import { memory } from "athena"; return await memory.recall({ query: 1 });',
  'const t = await athena.taskManagement.createTask({ content: "a" }); return await athena.memory.forget({ memory_id: t.id });',
  'const x: number = "a"; return x;',
];

/** A letter of some name is missing or doubled: programs that are mostly refused, with suggestions. */
function misspell(code: string, index: number): string {
  const chance = createChance(7, index);
  const names = [...code.matchAll(/\b[a-z]\w{4,}\b/gi)];
  if (names.length === 0) return code;
  const { index: start, 0: name } = chance.pick(names);
  const at = start + 1 + chance.below(name.length - 2);
  const doubled = chance.happens(0.5) ? code.charAt(at).repeat(2) : '';
  return code.slice(0, at) + doubled + code.slice(at + 1);
}

/** The same programs for the same seed, in an order that has nothing to do with what they touch. */
function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
  return items
    .map((item, at) => ({ item, place: createChance(seed, at).below(1_000_000) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

const realistic = PROGRAMS.map(({ code }) => code);
const programs = [...WAYS, ...realistic, ...realistic.map(misspell)];

for (const { kind, share } of [
  { kind: 'native', share: 2 },
  // Each takes it 30 ms, and twice that where parts come and go.
  { kind: 'javascript', share: 8 },
] as const) {
  let whole: MendableTypes;
  let lazy: MendableTypes;
  before(async () => {
    [whole, lazy] = await Promise.all([openTypes(typings, kind), openTypes(typings, kind, TINY)]);
  });
  after(() => {
    whole.close();
    lazy.close();
  });

  test(`${kind}: a program is judged as if all typings were loaded, whatever came before it`, () => {
    let refused = 0;
    shuffle(programs, 3).forEach((code, at) => {
      if (at % share !== 0 && !WAYS.includes(code)) return;
      const expected = resultOf(code, whole);
      if (!expected.ok) refused += 1;
      assert.deepEqual(resultOf(code, lazy), expected, code);
    });
    assert.ok(refused > 30, `${refused} were refused`);
  });
}

test('the typings of Athena are loaded whole, once and for all', () => {
  const files = createTypeFiles(typings, TYPINGS_LIMITS);
  assert.deepEqual(files.take('await athena.memory.recall({})'), [PROGRAM_FILE]);
});

test('a part for each namespace is taken out of the typings, and the rest is for all programs', () => {
  const { base, parts } = sliceTypings(typings);
  const namespaces = new Set(catalogue.operations.map(({ namespace }) => namespace));
  assert.equal(parts.length, namespaces.size);
  for (const namespace of namespaces)
    assert.equal(parts.filter(({ words }) => words.includes(namespace)).length, 1, namespace);
  assert.equal(base.length + parts.reduce((sum, { text }) => sum + text.length, 0), typings.length);
  for (const global of facts.globals) assert.match(base, new RegExp(`\\b${global}\\b`));
});

test('no program loads more than the limit, and none keeps more than it', () => {
  const limits = { whole: 0, kept: 50_000, touched: 100_000 };
  const files = createTypeFiles(typings, limits);
  const heldBy = (program: string): number => {
    files.take(program);
    const held = [...files.texts.values()].join('');
    return sliceTypings(typings)
      .parts.filter(({ words }) => held.includes(`interface ${words.at(-1)} {\n`))
      .reduce((sum, { text }) => sum + text.length, 0);
  };
  const all = catalogue.operations.map(({ id }) => `athena.${id}`).join(';');
  const most = heldBy(all);
  assert.ok(most > limits.kept && most <= limits.touched, `${most}`);
  const left = heldBy('return 1;');
  assert.ok(left > 0 && left <= limits.kept, `${left}`);
});

test('roots whose namespaces have the same names are told apart', async () => {
  const other = typings.slice(0, typings.indexOf(GLOBALS_HEADING)).replaceAll('Athena', 'Other');
  const both = `${other.replaceAll('athena', 'other').replaceAll('query: string', 'query: boolean')}\n${typings}`;
  const types = await openTypes(both, 'native', TINY);
  const messages = (text: string): readonly string[] =>
    types.check(`export default async () => { return await ${text}; };`).flatMap(({ lines }) => lines);
  try {
    assert.deepEqual(messages('athena.memory.recall({ query: "a" })'), []);
    assert.deepEqual(messages('other.memory.recall({ query: true })'), []);
    assert.deepEqual(messages('other.memory.recall({ query: "a" })'), [
      "Type 'string' is not assignable to type 'boolean'.",
    ]);
  } finally {
    types.close();
  }
});
