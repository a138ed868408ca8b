import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe as suite, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import { TYPE_RULES } from '../../runtime/check/type-rules.ts';
import { accepted, describe, openFixture, refused } from './fixture.ts';

const RECALL = 'const r = await athena.memory.recall({ query: "x" });\n';

/** Programs that would break when they run, and the suggestion where there is one. */
const BREAKS: readonly (readonly [string, string?])[] = [
  // Names
  ['return undefinedName'],
  ['const total = 1; return totl', 'did you mean `total`?'],
  ['counter = 1'],
  ['return { missing }'],
  ['type T = string; return T'],
  ['return $("x")'],
  ['describe("x", () => {})'],
  ['return document2.title'],
  ['return Buffr.from("x")'],
  ['return memory.recall({ query: "x" })', 'did you mean `athena.memory`?'],
  ['return recall({ query: "x" })', 'did you mean `athena.memory.recall`?'],
  ['return TextEncodr'],
  [
    'try { return await athena.memory.recall({ query: "x" }) } catch (e) { return e instanceof AthenaError }',
    'read `code`: only errors of calls have one',
  ],
  // Members
  [`${RECALL}return r.memoriez`, 'did you mean `memories`?'],
  [`${RECALL}return r.items.length`],
  [`${RECALL}return r.memories[0]!.text.length`],
  [`${RECALL}return r.memories.map((m) => m.tilte)`],
  [`${RECALL}const { items } = r; return items`],
  [`${RECALL}r.memories.contains(1)`],
  [`${RECALL}return r.length`],
  ['const r = athena.memory.recall({ query: "x" }); return r.memories', 'write `await` before the call'],
  ['return "x".trimm()', 'did you mean `trim`?'],
  ['class A { process() {} } new A().proces()', 'did you mean `process`?'],
  ['class A { x = 1 } const o = { y: 1 }; Object.assign(o, { z: 2 }); return new A().z'],
  ['class Shape { x = 1 } class Circle extends Shape { r = 1 } return new Circle().radius'],
  ['class A { x = 1 } class B extends A { y = 1 } class C { z = 1 } return new C().y'],
  ['class A { *[Symbol.iterator]() { yield 1 } } return new A().items'],
  ['class A<T> { x?: T } return new A<string>().y'],
  [
    'const { projects } = await athena.memory.searchProjects({ query: "x" }); return projects.map((p) => ({ title: p.title }))',
  ],
  [`const n = ["a"].reduce((all, t) => [...all, t], []); ${RECALL}return r.memoriez + n.length`],
  ['class A extends Array {} return new A("x").map((x) => x)()'],
  ['const n = ["a"].map((t) => ({ t })); n.push("x"); return n.map((x) => x.u)'],
  ['const rows = [{ id: 1, label: "x" }]; return rows.map((row) => ({ name: row.name }))'],
  [
    'function f({ limit = 5 }: { limit?: number } = {}) { return limit } const o = { limit: 1 }; return f(o) + o.max',
  ],
  ['return RegExp.escape("a.b")'],
  ['return new DisposableStack()'],
  ['console.table([1])'],
  ['session.put("a", 1)'],
  ['const totals = { count: 1 }; return totals.cuont', 'did you mean `count`?'],
  // Uses
  [`${RECALL}for (const m of r) console.log(m)`],
  [`${RECALL}return [...r]`],
  [`${RECALL}return r()`],
  [`${RECALL}return new r()`],
  ['return Map()', 'write `new` before it'],
  ['return new Map().size()'],
  ['for await (const m of athena.memory.recall({ query: "x" })) console.log(m)'],
  ['const x = 1; x = 2; return x'],
  // Arguments of operations
  ['await athena.memory.recall()'],
  ['await athena.memory.recall({})'],
  ['await athena.memory.recall("x")'],
  ['await athena.memory.recall("x", 5)'],
  ['await athena.memory.recall({ query: "x" }, 5)'],
  ['await athena.memory.recall({ query: 5 })'],
  ['await athena.memory.recall({ query: null })'],
  ['await athena.memory.recall({ query: undefined })'],
  ['await athena.memory.recall({ query: ["x"] })'],
  ['await athena.memory.recall({ query: "x", k: "5" })'],
  ['await athena.memory.recall({ query: "x", limit: 5 })'],
  ['await athena.memory.recall({ qury: "x" })', 'did you mean `query`?'],
  ['await athena.memory.remember({ content: "x", memory_type: "facts" })', 'did you mean `"fact"`?'],
  ['await athena.memory.remember({ content: "x", memoryType: "fact" })', 'did you mean `memory_type`?'],
  ['await athena.memory.remember({ content: "x", memory_type: "fact", tags: "a" })'],
  ['await athena.memory.remember({ content: "x", memory_type: "fact", tags: [1] })'],
  ['await athena.memory.listMemories("useful")'],
  ['await athena.memory.listMemories({ sortBy: "useful" })', 'did you mean `sort_by`?'],
  ['const { recall } = athena.memory; await recall({ q: "x" })'],
  ['const m = athena.memory; await m.recall({ q: "x" })'],
  ['const p = { q: "x" }; await athena.memory.recall(p)'],
  ['const p = { k: 3 }; await athena.memory.recall(p)'],
  ['const p = { k: 3 }; p.tags = ["x"]; await athena.memory.recall(p)'],
  ['await athena.memory.recall({ ...{ k: 3 } })'],
  ['await athena.memory.remember({ tags: ["x"] })'],
  ['await Promise.all([1].map((id) => athena.memory.forget({ memoryId: id })))', 'did you mean `memory_id`?'],
  ['await athena.taskManagement.updateTaskStatus({ task_id: 1 })'],
  ['await athena.graph.createRelation({ from: "a", to: "b", relation_type: "c" })'],
  ['await session.set("key")'],
  ['await session.get(5)'],
  ['await sleep("100")'],
];

/** Programs that run, whatever the types say. */
const RUNS: readonly string[] = [
  // Not knowing better
  'function f(a, b) { return a + b } return f(1, 2)',
  'const f = (x) => x.anything.at.all; return f({ anything: { at: { all: 1 } } })',
  'const o = {}; o.count = 1; o["other"] = 2; return o.count',
  'const counts = {}; for (const k of ["a"]) counts[k] = (counts[k] || 0) + 1; return counts',
  'function f(options = {}) { return options.limit || 5 } return f()',
  'const acc = ["a"].reduce((sum, k) => { sum[k] = 1; return sum }, {}); return acc.a',
  'class A { constructor() { this.x = 1 } get() { return this.x } } return new A().get()',
  'const state = { items: [] }; state.items.push({ a: 1 }); return state.items[0].a',
  'let best = null; [{ s: 1 }].forEach((x) => { if (!best || x.s > best.s) best = x }); return best.s',
  'const f = (x: Foo) => x; return f(1 as any)',
  'const rows: Missing[] = []; return rows.length',
  'await new Promise((resolve) => resolve())',
  'await new Promise((resolve) => setTimeout(resolve, 1))',
  'await new Promise<void>((resolve) => setTimeout(() => resolve(), 1))',
  'try { throw new Error("x") } catch (e) { return e.code + e.message }',
  'try { throw 1 } catch (e: any) { return e.code }',
  'try { throw 1 } catch (e: unknown) { if (e instanceof Error) return e.code; return String(e) }',
  'try { await athena.memory.recall({ query: "x" }) } catch (error) { return (error as AthenaError).code }',
  'const e = new Error("x"); e.code = "MINE"; throw e',
  'return JSON.parse("{}").any.thing',
  'return typeof undefinedName',
  'return (athena as any).memory.recall({ whatever: 1 })',
  'const x: any = 1; return x.y.z()',
  'interface Memory { mine: string } const m: Memory = { mine: "x" }; return m.mine',
  'type Athena = string; const a: Athena = "x"; return a',
  'interface AthenaSession { mine: string } const s = { mine: "x" } as AthenaSession; return s.mine',
  // Doubts about arguments
  'let type = "fact"; await athena.memory.remember({ content: "x", memory_type: type })',
  'for (const item of [{ content: "x", memory_type: "fact" }]) await athena.memory.remember(item)',
  'const types = ["fact", "pattern"]; await athena.memory.recall({ query: "x", memory_types: types })',
  'const found = [{ id: 1 }].find((x) => x.id > 1); await athena.taskManagement.getTaskHealth({ task_id: found?.id })',
  'const query = (await session.get<string>("q")); await athena.memory.recall({ query })',
  'const k: string | number = JSON.parse("5"); await athena.memory.recall({ query: "x", k })',
  'const u: unknown = "x"; await athena.memory.recall({ query: u })',
  'const p: { query?: string } = { query: "x" }; await athena.memory.recall(p)',
  'const p: any = {}; await athena.memory.recall(p)',
  'const p = { query: "x", extra: 1 }; await athena.memory.recall(p)',
  'const s = (await athena.taskManagement.listTasks()).tasks[0].status as string; await athena.taskManagement.listTasks({ status: s })',
  'await athena.memory.recordEvent({ content: "x", context: { a: [1, { b: null }] }, timestamp: Date.now() })',
  // Doubts about members
  `${RECALL}return r.memories ?? r.items ?? r.results ?? []`,
  `${RECALL}const list = Array.isArray(r) ? r : r.results || r.memories; return list`,
  `${RECALL}if (r.error) throw new Error(r.error.message); return r`,
  `${RECALL}return r.items?.length`,
  `${RECALL}const { items = [] } = r; return items`,
  `${RECALL}if ("items" in r) return r.items; return r.memories`,
  `${RECALL}return r.total !== undefined ? r.total : r.memories.length`,
  `${RECALL}return r.memories[0].score.toFixed(2)`,
  `${RECALL}return r.memories.map((m) => m.accessed_at.slice(0, 10))`,
  `${RECALL}r.note = "mine"; return r`,
  `${RECALL}if (Array.isArray(r.items)) return r.items; return r.memories`,
  `${RECALL}if (Object.hasOwn(r, "items")) return r.items; return r.memories`,
  `${RECALL}if ({}.hasOwnProperty.call(r, "items")) return r.items; return r.memories`,
  `${RECALL}while (r.next) break; return r.items instanceof Array ? r.items : []`,
  'const [r] = await Promise.allSettled([athena.memory.listMemories()]); return r.value.total',
  'const [{ value, reason }] = await Promise.allSettled([athena.memory.listMemories()]); return value ?? reason',
  'type S = { a: number; f: () => void } | { b: number }; const f = ({ b }: S) => b; return f({ b: 1 })',
  'const f = (x: { a: () => void } | { b: () => void }) => x.b; return f({ b() {} })',
  'type S = { kind: "a"; x: number } | { kind: "b"; y: number }; const f = (s: S) => s.x; return f({ kind: "a", x: 1 })',
  'function f<T>(rows: T[]) { return rows.map((row) => row.name) } return f([{ name: "x" }])',
  'const f = <T,>(x: T) => [...x]; return f([1])',
  'const f = <T, K extends keyof T>(x: T, k: K) => x[k].trim(); return f({ a: " " }, "a")',
  // A type taken from the first value only
  'let best = { score: -1 }; for (const m of (await athena.memory.recall({ query: "x" })).memories) if (m.score > best.score) best = m; return best.content',
  'const state = { current: { id: 0 } }; state.current = { id: 1, next: 2 }; return state.current.next',
  'const items = [{ a: 1 }]; items.push({ a: 2, b: 3 }); return items.map((i) => i.b)',
  'const stats = ["x"].reduce((acc, k) => { acc[k] = 1; return acc }, { total: 0 }); return stats.x + stats.y',
  'function f(q, opts = { limit: 5 }) { return opts.query.trim() } return f(1, { query: "x" })',
  'function f({ limit = 5, query } = {}) { return query + limit } return f({ query: "x" })',
  'const f = ({ a: { b = 1, c } = {}, d } = {}) => [b, c, d]; return f({ a: { c: 1 } })',
  'const m = /(?<a>x)/.exec("x"); const o = { ...m.groups, n: 1 }; return o.a',
  'const cfg: Record<string, number> = { a: 1 }; const merged = { ...cfg, z: 2 }; return merged.a',
  'class P { static make({ name, size = 1 } = {}) { return name + size } } return P.make({ name: "x" })',
  'const cache = new Map([["a", { x: 1 }]]); cache.set("b", { x: 2, y: 3 }); return cache.get("b").y',
  'let result = { ok: true }; try { result = { ok: true, value: await athena.memory.listMemories() } } catch (e) { result = { ok: false, error: e.message } } return result.value ? result.value.total : result.error',
  'let cursor = { page: 0 }; while (cursor) { cursor = cursor.page < 2 ? { page: cursor.page + 1, rows: [] } : null } return cursor',
  'const node = { value: 1, next: null }; const list = { value: 0, next: node }; node.next = { value: 3 }; return list.next.next.value',
  'const root = { name: "r", children: [] }; root.children.push({ name: "c", children: [], parent: root }); return root.children[0].parent.name',
  'const o = { count: 0, inc() { this.count++; return this }, add(n) { this.total = (this.total || 0) + n; return this } }; return o.inc().add(2).total',
  'const o = { a: 1, get b() { return this.a + this._c }, set c(v) { this._c = v } }; o.c = 2; return o.b',
  // A type made up after a call that could not be resolved
  'const ids = (await athena.taskManagement.listTasks()).tasks.reduce((all, t) => [...all, t.id], []); return ids.join(",")',
  'return (await athena.taskManagement.listTasks()).tasks.reduce((all, t) => [...all, t.id], []).join(",")',
  'const rows = ["a"].reduce((all, t) => [...all, { t }], []).filter((r) => r.t); const texts = rows.map((r) => r.t.trim()); return texts',
  'const p = await [1].reduce(async (all, n) => [...(await all), n], Promise.resolve([])); return p.length',
  'const p = await [1].reduce((all, n) => all.then((list) => [...list, n]), Promise.resolve([])); return p.map((x) => x)',
  'const [yes, no] = [1, 2].reduce(([y, n], x) => (x > 1 ? [[...y, x], n] : [y, [...n, x]]), [[], []]); return yes.length + no.length',
  'const m = new Map([["a", 1], ["b", "x"]]); return m.get("b").trim()',
  'for (const id of ["a"].reduce((all, t) => [...all, { t }], []).values()) console.log(id.t)',
  'const tags = (await athena.memory.listMemories()).memories.reduce((all, m) => [...all, ...m.tags], []); await athena.memory.remember({ content: "x", memory_type: "fact", tags })',
  'await athena.memory.remember({ content: "x", memory_type: "fact", tags: (await athena.memory.listMemories()).memories.reduce((all, m) => [...all, ...m.tags], []) })',
  // Members that others add
  'class Shape { describe() { return this.area() } } class Circle extends Shape { area() { return 3 } } return new Circle().describe()',
  'interface Shape { area(): number } class Circle implements Shape { radius = 1; area() { return 3 } } const shapes: Shape[] = [new Circle()]; return shapes.map((s) => s.radius)',
  'const app = () => app.handle(); function mixin(to, from) { for (const k in from) to[k] = from[k] } mixin(app, { handle() { return 1 } }); return app()',
  // Members under computed names
  'const p = new Proxy({ a: 1 }, { get: (t, k) => t[k] ?? k }); return p.anything',
  'class A { constructor() { return new Proxy(this, { get: (t, k) => t[k] ?? k }) } } return new A().anything',
  'const p = "get"; class A { [p + "X"]() { return 1 } } return new A().getX()',
  'class A { constructor(fields) { Object.assign(this, fields) } get label() { return this.title } } return new A({ title: "x" }).label',
  'const A = class { constructor(fields) { for (const [k, v] of Object.entries(fields)) this[k] = v } }; return new A({ x: 1 }).x',
  'class A {} Object.assign(A.prototype, { hello() { return 1 } }); return new A().hello()',
  'const o = { a: 1 }; Object.assign(o, { b: 2 }); return o.b',
  'const o = { a: 1 }; Object.defineProperty(o, "b", { value: 2 }); return o.b',
  'return typeof nowhere === "function" ? nowhere() : 1',
  // Arguments that get their members later, or from a loose type
  'const p = {}; p.query = "x"; await athena.memory.recall(p)',
  'const p = { k: 3 }; p.query = "x"; await athena.memory.recall(p)',
  'const p = { k: 3 }; Object.assign(p, { query: "x" }); await athena.memory.recall(p)',
  'const p = { k: 3 }; const key = "query"; p[key.trim()] = "x"; await athena.memory.recall(p)',
  'const p = {}; for (const k of ["query"]) p[k] = "x"; await athena.memory.recall({ ...p })',
  'const p = {}; p.content = "x"; p.memory_type = "fact"; await athena.memory.remember(p)',
  'const f = (p: Record<string, unknown>) => athena.memory.recall(p); return f({ query: "x" })',
  'const f = (p: { [key: string]: any }) => athena.memory.recall({ ...p }); return f({ query: "x" })',
  'const f = (p: object) => athena.memory.recall(p); return f({ query: "x" })',
  'const f = <T,>(p: T) => athena.memory.recall(p); return f({ query: "x" })',
  'const f = <T,>(q: T) => athena.memory.recall({ query: q }); return f("x")',
  // Not the guest's own functions
  'const f = (a: number, b: number) => a + b; return f("1")',
  'return parseInt(5.5) + Math.max("1") + "a".padStart("3")',
  'return (["fact", "pattern"] as const).includes(JSON.stringify(1))',
  'return encodeURIComponent({})',
  'const rows: { id: string }[] = (await athena.memory.listMemories()).memories; return rows',
  'const n: number = "5"; return n',
  'const tuple: [number, number] = [1, 2, 3]; return tuple',
  '// @ts-nocheck\nreturn 1',
  'return [3, 1].toSorted().at(-1) + Object.groupBy([1], () => "a").a.length',
  'return new Set([1]).union(new Set([2])).size',
  'return new Map([[1, 2]]).entries().map(([k]) => k).toArray()',
  'return Promise.withResolvers().promise',
  // What the sandbox has beyond ES2025
  'return Array.fromAsync([1])',
  'const r = { [Symbol.dispose]() {} }; { using x = r; } return 1',
  'const r = { async [Symbol.asyncDispose]() {} }; { await using x = r; } return 1',
  'class R implements Disposable { [Symbol.dispose]() {} } return new R()',
  'const m = new Map<string, number[]>(); m.getOrInsert("a", []).push(1); return [...m]',
  'return new Uint8Array(2).toBase64()',
  'return Iterator.concat([1], [2]).toArray()',
];

for (const typeChecker of ['native', 'javascript'] as const)
  suite(`with the ${typeChecker} type checker`, () => {
    let check: Check;
    before(async () => {
      check = await openFixture({ typeChecker });
      assert.equal(check.typeChecker, typeChecker);
    });
    after(() => check.close());

    for (const [code, suggestion] of BREAKS)
      test(`${JSON.stringify(code)} is refused`, async () => {
        const [error] = refused(await check.check(code));
        assert.equal(error?.code, 'TYPE_ERROR', describe(error));
        if (suggestion) assert.equal(error?.suggestion, suggestion);
      });

    for (const code of RUNS)
      test(`${JSON.stringify(code)} passes`, async () => {
        accepted(await check.check(code));
      });

    test('comments do not silence what breaks a run', async () => {
      for (const comment of ['// @ts-ignore', '// @ts-expect-error', '/* @ts-ignore */', '// @ts-nocheck'])
        assert.equal(refused(await check.check(`${comment}\nreturn nowhere;`))[0]?.line, 2);
    });

    test('nothing that a program names is read from the disk: no type of it comes back', async (context) => {
      const directory = mkdtempSync(join(tmpdir(), 'types-'));
      context.after(() => rmSync(directory, { recursive: true }));
      const file = join(directory, 'index.d.ts');
      writeFileSync(file, 'export declare const secret: "FOUND"; declare global { var loot: "FOUND"; }');
      for (const code of [
        `const m: typeof import('${directory}') = JSON.parse('{}'); const n: number = m.secret; return n;`,
        `const m: typeof import('..${file}') = JSON.parse('{}'); const n: number = m.secret; return n;`,
        `import type { secret } from '${file}'; const n: typeof secret = JSON.parse('1'); const k: number = n; return k;`,
        `/// <reference path="${file}" />\nconst n: number = loot; return n;`,
        `/// <reference types="${directory}" />\nconst n: number = loot; return n;`,
      ]) {
        const result = await check.check(code);
        const told = JSON.stringify([result.warnings, result.ok ? [] : result.errors]);
        assert.doesNotMatch(told, /FOUND/);
      }
    });

    test('doubts are warnings with their place', async () => {
      const result = await check.check('function f(a) { return a }\nconst unused = f(1);');
      accepted(result);
      assert.deepEqual(
        result.warnings.map(({ code, line, column }) => [code, line, column]),
        [
          ['TYPE_WARNING', 1, 12],
          ['TYPE_WARNING', 2, 7],
        ],
      );
    });

    test('what the check itself blanked is no doubt', async () => {
      const result = await check.check(
        'import { athena, type Memory } from "athena";\nimport type { Context } from "x";\n' +
          'declare const brand: unique symbol;\ntype Id = number & { [brand]: Memory };\n' +
          'type Version = import("athena").Version;\n' +
          'const f = <T>(id: Id, of: Version) => <T>(id as unknown);\n' +
          'export default async ({ athena }: Context) => [typeof athena, f.length];',
      );
      accepted(result);
      assert.deepEqual(result.warnings, []);
    });

    test('an error comes with the warnings', async () => {
      const result = await check.check('const unused = 1;\nnowhere();');
      assert.equal(result.warnings.length, 1);
      assert.equal(refused(result).length, 1);
    });

    test('a program cannot import types from the disk', async () => {
      const result = await check.check('type A = import("/etc/passwd").X; const a: A = 1 as any; return a');
      accepted(result);
    });
  });

test('every code of the table belongs to one row, and every row has a reason', () => {
  const codes = TYPE_RULES.flatMap((rule) => rule.codes);
  assert.equal(new Set(codes).size, codes.length);
  for (const { why } of TYPE_RULES) assert.ok(why.length > 10);
});
