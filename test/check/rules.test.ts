// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are programs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import { NAME_RULES, SYNTAX_RULES } from '../../runtime/check/rules.ts';
import { accepted, openFixture, refused } from './fixture.ts';

let check: Check;
before(async () => {
  check = await openFixture();
});
after(() => check.close());

async function codesOf(code: string): Promise<readonly string[]> {
  return refused(await check.check(code)).map((error) => error.code);
}

/** Each name, and the code that refuses it. Written out, so that a row cannot vanish unnoticed. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  FORBIDDEN_EVALUATOR: [
    ...[
      'eval',
      'Function',
      'Compartment',
      'ShadowRealm',
      'ModuleSource',
      'lockdown',
      'harden',
      'HandledPromise',
    ],
  ],
  FORBIDDEN_IMPORT: ['require', 'module', 'exports'],
  FORBIDDEN_GLOBAL: [
    ...[
      'process',
      'Deno',
      'Bun',
      '__dirname',
      '__filename',
      'global',
      'window',
      'self',
      'document',
      'navigator',
    ],
    ...['location', 'localStorage', 'sessionStorage', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'],
    ...[
      'Request',
      'Response',
      'Headers',
      'FormData',
      'URL',
      'URLSearchParams',
      'Buffer',
      'Blob',
      'File',
      'atob',
    ],
    ...['btoa', 'structuredClone', 'performance', 'crypto', 'WebAssembly', 'SharedArrayBuffer', 'Atomics'],
    ...['TextEncoder', 'TextDecoder', 'Temporal'],
    ...['WeakRef', 'FinalizationRegistry', 'Worker', 'MessageChannel', 'BroadcastChannel', 'setInterval'],
    ...['clearInterval', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'Intl', 'arguments'],
  ],
};

for (const [code, names] of Object.entries(NAMES)) {
  for (const name of names) {
    test(`the name ${name} is refused with ${code}`, async () => {
      for (const use of [`return ${name};`, `${name}.x();`, `const f = () => ({ ${name} }); f();`])
        assert.ok((await codesOf(use)).includes(code), use);
    });

    test(`the name ${name} passes where it is a member, a type, or the program's own`, async () => {
      const own = name === 'eval' || name === 'arguments' ? 'other' : name;
      for (const use of [
        `const o: any = { ${name}: 1 }; return o.${name} + o?.${name} + o['${name}'];`,
        `const ${own} = 1; return ${own};`,
        `const f = (${own}: number) => ${own}; return f(1);`,
        `const { ${own} } = JSON.parse('{}'); return ${own};`,
        `try { throw 1 } catch (${own}) { return ${own}; }`,
        `return '${name}' + \`${name}\`; // ${name}`,
      ])
        accepted(await check.check(use));
    });
  }
}

test('every name of the table is tested', () => {
  const inTable = NAME_RULES.flatMap((rule) => rule.names.map((name) => `${rule.code} ${name}`));
  const tested = Object.entries(NAMES).flatMap(([code, names]) => names.map((name) => `${code} ${name}`));
  assert.deepEqual(inTable.toSorted(), tested.toSorted());
});

/** A row of the syntax table: programs that fire it, and near misses that pass. */
const SYNTAX: Readonly<
  Record<string, { code: string; fires: readonly string[]; passes: readonly string[] }>
> = {
  'import()': {
    code: 'FORBIDDEN_IMPORT',
    fires: [
      'await import("fs")',
      'await import ("fs")',
      'await import\n("fs")',
      'await import/* x */("fs")',
      'await import// x\n("fs")',
      'await import\u00a0("fs")',
      'await import\u2028("fs")',
      'const f = () => [...import("fs")]',
      'import("fs").then(console.log)',
    ],
    passes: [
      'const o: any = { import: 1 }; return o.import',
      'return "import(x)"',
      'const important = (x: number) => x; important(1)',
    ],
  },
  'import.meta, import.source, import.defer': {
    code: 'FORBIDDEN_IMPORT',
    fires: ['return import.meta.url', 'await import.source("x")', 'await import.defer("x")', 'import . meta'],
    passes: [
      'const o: any = { meta: 1 }; return o.meta',
      'class A { constructor() { console.log(new.target); } } new A()',
    ],
  },
  'import x = require()': {
    code: 'FORBIDDEN_IMPORT',
    fires: ['import fs = require("fs");', 'import x = Athena.Memory;'],
    passes: ['const fs = 1; return fs'],
  },
  'export … from': {
    code: 'FORBIDDEN_IMPORT',
    fires: [
      'export { type A } from "x";',
      'export { a } from "x";',
      'export * from "x";',
      'export * as ns from "x";',
    ],
    passes: [
      'const a = 1; export { a };',
      'export {};',
      'export type { A } from "x"; return 1',
      'export type * from "x"; return 1',
    ],
  },
  'export =, export as namespace': {
    code: 'FORBIDDEN_SYNTAX',
    fires: ['export = 1;', 'export as namespace X;'],
    passes: ['export default 1;'],
  },
  enum: {
    code: 'FORBIDDEN_SYNTAX',
    fires: [
      'enum Color { Red }',
      'const enum Color { Red }',
      'declare enum Color { Red }',
      'export enum Color { Red }',
    ],
    passes: [
      'const Color = { Red: 0 } as const; type Color = (typeof Color)[keyof typeof Color]; return Color.Red',
    ],
  },
  'namespace, module, declare global': {
    code: 'FORBIDDEN_SYNTAX',
    fires: [
      'namespace A { export const x = 1 }',
      'declare global { var x: number }',
      'declare module "x" {}',
      'module A {}',
    ],
    passes: ['const namespace = { x: 1 }; return namespace.x'],
  },
  decorators: {
    code: 'FORBIDDEN_SYNTAX',
    fires: ['const d: any = 1; @d class A {}', 'const d: any = 1; class A { @d x = 1 }'],
    passes: ['return "@decorator"'],
  },
  'parameter properties': {
    code: 'FORBIDDEN_SYNTAX',
    fires: ['class A { constructor(private x: number) {} }', 'class A { constructor(readonly x = 1) {} }'],
    passes: [
      'class A { private x = 1; constructor(y: number) { this.x = y; } public get() { return this.x; } } return new A(2).get()',
    ],
  },
  'a type where a statement belongs': {
    code: 'FORBIDDEN_SYNTAX',
    fires: [
      'if (1 > 2) console.log(1); else type A = string\nreturn 1',
      'if (1 > 2) interface A {}\nreturn 1',
      'for (const x of [1]) declare const y: number;\nreturn 1',
      'while (1 > 2) function f(): void\nreturn 1',
      'label: declare class A {}\nreturn 1',
    ],
    passes: [
      'if (1 > 2) { type A = string; } else { interface B {} } return 1',
      'switch (1 as number) { case 1: type A = string; break; default: interface B {} } return 1',
      'declare const y: any; function f(): void; function f(x?: number) { type A = 1; } return f()',
    ],
  },
  'a shift of an asserted comparison': {
    code: 'FORBIDDEN_SYNTAX',
    fires: [
      'const a: any = 1; return a < a as any >> a',
      'const a: any = 1; return a in a satisfies any as any >>> 1',
    ],
    passes: [
      'const a: any = 1; return (a < a as any) >> a',
      'const a: any = 1; return a as any >> a',
      'const a: any = 1; return a < a as any > a',
    ],
  },
  with: {
    code: 'FORBIDDEN_SYNTAX',
    fires: ['const o = {}; with (o) { console.log(1) }'],
    passes: ['const o: any = { with: 1 }; return [1].with(0, o.with)'],
  },
  debugger: {
    code: 'FORBIDDEN_SYNTAX',
    fires: ['debugger;'],
    passes: ['const o: any = { debugger: 1 }; return o.debugger'],
  },
};

for (const [refuses, { code, fires, passes }] of Object.entries(SYNTAX)) {
  for (const program of fires)
    test(`${refuses}: ${JSON.stringify(program)} is refused with ${code}`, async () => {
      assert.equal((await codesOf(program))[0], code);
    });
  for (const program of passes)
    test(`${refuses}: ${JSON.stringify(program)} passes`, async () => {
      accepted(await check.check(program));
    });
}

test('every row of the syntax table is tested', () => {
  assert.deepEqual(SYNTAX_RULES.map((rule) => rule.refuses).toSorted(), Object.keys(SYNTAX).toSorted());
});

test('every refusal of the tables says what to do instead', () => {
  for (const rule of [...NAME_RULES, ...SYNTAX_RULES]) assert.ok(rule.suggestion, JSON.stringify(rule));
});

for (const program of [
  'const a: any = 1; return a + a as any * a',
  'const a: any = 1; return a ?? a as any && a',
  'let a: any = 1;\n<any>a++\n(a as any)',
])
  test(`an assertion that other code leans on is refused: ${JSON.stringify(program)}`, async () => {
    assert.deepEqual(await codesOf(program), ['FORBIDDEN_SYNTAX']);
  });

/** Spellings that hide a forbidden name. */
const HIDDEN: readonly (readonly [string, string])[] = [
  ['\\u0065val("1")', 'FORBIDDEN_EVALUATOR'],
  ['\\u{65}val("1")', 'FORBIDDEN_EVALUATOR'],
  ['(0, eval)("1")', 'FORBIDDEN_EVALUATOR'],
  ['eval?.("1")', 'FORBIDDEN_EVALUATOR'],
  ['new Function("return 1")()', 'FORBIDDEN_EVALUATOR'],
  ['class A extends Function {}', 'FORBIDDEN_EVALUATOR'],
  ['const { fetch } = globalThis;', 'FORBIDDEN_GLOBAL'],
  ['globalThis.fetch("x")', 'FORBIDDEN_GLOBAL'],
  ['globalThis["fetch"]("x")', 'FORBIDDEN_GLOBAL'],
  ['globalThis[`fetch`]("x")', 'FORBIDDEN_GLOBAL'],
  ['globalThis["fe" + "tch"]("x")', 'FORBIDDEN_GLOBAL'],
  ['(globalThis as any).process', 'FORBIDDEN_GLOBAL'],
  ['(globalThis as any)["eval"]("1")', 'FORBIDDEN_EVALUATOR'],
  ['globalThis.globalThis.fetch', 'FORBIDDEN_GLOBAL'],
  ['const g = globalThis; g', 'FORBIDDEN_GLOBAL'],
  ['Object.keys(globalThis)', 'FORBIDDEN_GLOBAL'],
  ['globalThis.x = 1', 'FORBIDDEN_GLOBAL'],
  ['delete (globalThis as any).x', 'FORBIDDEN_GLOBAL'],
  ['if (true) { const fetch = 1; console.log(fetch) }\nfetch("x")', 'FORBIDDEN_GLOBAL'],
  ['function f(process: any) { return process }\nreturn process', 'FORBIDDEN_GLOBAL'],
  ['for (const fetch of [1]) console.log(fetch);\nfetch("x")', 'FORBIDDEN_GLOBAL'],
  ['type fetch = string;\nfetch("x")', 'FORBIDDEN_GLOBAL'],
  ['declare const fetch: any;\nfetch("x")', 'FORBIDDEN_GLOBAL'],
  ['declare function require(name: string): any;\nrequire("fs")', 'FORBIDDEN_IMPORT'],
  ['const { x = process } = {} as any; return x', 'FORBIDDEN_GLOBAL'],
  ['const f = (x = process) => x; f()', 'FORBIDDEN_GLOBAL'],
  ['return { process }', 'FORBIDDEN_GLOBAL'],
  ['return `${process}`', 'FORBIDDEN_GLOBAL'],
  ['class A { x = process } new A()', 'FORBIDDEN_GLOBAL'],
  ['class A { [process.x]() {} } new A()', 'FORBIDDEN_GLOBAL'],
  ['return arguments[0]', 'FORBIDDEN_GLOBAL'],
  ['const f = () => arguments[0]; f()', 'FORBIDDEN_GLOBAL'],
];
for (const [program, code] of HIDDEN)
  test(`the hidden name in ${JSON.stringify(program)} is found`, async () => {
    assert.equal((await codesOf(program))[0], code);
  });

/** What looks forbidden and is not. */
const HARMLESS: readonly string[] = [
  'return globalThis.Math.max(1, 2)',
  'return (globalThis as any).athena.memory.recall({ query: "x" })',
  'function f(this: any) { return arguments.length } return f.call(null)',
  'var fetch = 1; return fetch',
  'return (() => { if (true) { var process = 1 } return process })()',
  'const callbacks: Function[] = []; return callbacks.length',
  'function outer() { return performance; var performance = 1 } return outer()',
  'const { process: p } = { process: 1 }; return p',
  'label: for (const x of [1]) { continue label }',
  'fetch: for (const x of [1]) { break fetch }',
  'class Worker { run() { return 1 } } return new Worker().run()',
  'const o: any = {}; o.eval = 1; return o.eval',
  'import type { Worker } from "x"; const f = (w: Worker) => w; return f.length',
  'const x: typeof globalThis = null as any; return x',
];
for (const program of HARMLESS)
  test(`${JSON.stringify(program)} passes`, async () => {
    accepted(await check.check(program));
  });

test('all refusals of one program come at once, in the order of the code', async () => {
  const program = 'fetch("x");\nenum E { A }\nathena.memory.recal({});\nprocess.exit();';
  assert.deepEqual(
    refused(await check.check(program)).map(({ code, line }) => `${code} ${line}`),
    ['FORBIDDEN_GLOBAL 1', 'FORBIDDEN_SYNTAX 2', 'UNKNOWN_OPERATION 3', 'FORBIDDEN_GLOBAL 4'],
  );
});
