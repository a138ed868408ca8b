// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are programs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import { accepted, describe, openFixture, refused, run } from './fixture.ts';

let check: Check;
before(async () => {
  check = await openFixture();
});
after(() => check.close());

/** What models write, and the value it must come to. */
const SHAPES: readonly (readonly [string, unknown])[] = [
  ['return 6 * 7', 42],
  ['', undefined],
  ['// nothing but a comment', undefined],
  ['```ts\nreturn 42;\n```', 42],
  ['```typescript\nreturn 42;\n```\n', 42],
  ['\n\n  ```javascript\nreturn 42\n  ```  \n', 42],
  ['```\r\nreturn 42;\r\n```', 42],
  ['~~~ts\nreturn 42;\n~~~', 42],
  ['````md\nreturn `${42}`;\n````', '42'],
  ['```ts\nreturn 42;', 42],
  ['const x = await Promise.resolve(42);\nreturn x;', 42],
  ['async () => {\n  return 42;\n}', 42],
  ['async () => {\n  return 42;\n};', 42],
  ['() => 42', 42],
  ['(async () => {\n  return 42;\n})', 42],
  ['(async () => {\n  return 42;\n})()', 42],
  ['(async () => {\n  return 42;\n})();', 42],
  ['(async function () { return 42; })()', 42],
  [';(async () => 42)()', 42],
  ['await (async () => 42)()', 42],
  ['return await (async () => 42)();', 42],
  ['void (async () => 42)();', 42],
  ['(async () => 42)().then((x) => x + 1)', 43],
  ['(async () => { throw new Error("no"); })().catch(() => 42)', 42],
  ['async function main() { return 42 }', 42],
  ['const main = (): number => <number>42', 42],
  ['let a: any = 42\nexport type A = string\n;[a] = [a]\na', 42],
  ['let a: any = 40\na += 2\nexport type A = string\n[0].map((x) => x)\nexport interface B {}\n(a)', 42],
  ['async () => 42 as number', 42],
  ['async (x = 1) => x && (await 42)! as number satisfies number', 42],
  ['export default JSON.parse("null") ?? 42 as number', 42],
  ['export default [] ? 42 : 0 as number', 42],
  ['export default async () => 42 as number', 42],
  ['export default <any>(async () => <number>42)', 42],
  ['async function main() {\n  return 42;\n}\nmain()', 42],
  ['async function main() {\n  return 42;\n}\n\nmain();', 42],
  ['async function main() {\n  return 42;\n}\nawait main();', 42],
  ['async function main() {\n  return 42;\n}\nreturn main();', 42],
  ['async function main(): Promise<number> {\n  return 42;\n}\nreturn await main();', 42],
  ['async function main() { return 42; }\nmain().then((r) => r).catch(console.error);', 42],
  ['main();\nasync function main() {\n  return 42;\n}', 42],
  ['function main() { return 42; }', 42],
  ['const main = async () => 42;', 42],
  ['const main = async (): Promise<number> => {\n  return 42;\n};\nmain();', 42],
  ['const run = async function () { return 42 }', 42],
  ['const value = 40;\nconst main = async () => value + 2;\nawait main()', 42],
  ['export default async function () { return 42; }', 42],
  ['export default async function main() { return 42; }', 42],
  ['export default async function main() { return 42; }\nmain();', 42],
  ['export default async () => 42', 42],
  ['export default async () => {\n  return 42;\n};', 42],
  ['export default 42', 42],
  ['export default { a: 42 };', { a: 42 }],
  ['export default (40 + 2) as number;', 42],
  ['const value = 42;\nexport default value;', 42],
  ['export async function main() { return 42; }', 42],
  ['export const main = async () => 42;', 42],
  ['async function main() { return 42; }\nexport { main };', 42],
  ['async function main() { return 42; }\nexport default main;', 42],
  ['const main = async () => 42;\nexport default main', 42],
  ['const main = async () => 42;\nmain', 42],
  ['export {};\nreturn 42;', 42],
  [
    'export type Row = { a: number };\nexport interface Other { a: number }\nconst r: Row = { a: 42 };\nr.a',
    42,
  ],
  ['import type { Memory } from "athena";\nreturn 42;', 42],
  ['import { athena } from "athena";\nreturn typeof athena.memory.recall;', 'function'],
  ['import { athena, session, sleep } from "@athena/sdk";\nreturn typeof session.get;', 'function'],
  ['import athena from "./generated/athena.js"\nreturn typeof athena.memory.recall', 'function'],
  ['import * as athena from "athena-code-mode";\nreturn typeof athena.memory.recall', 'function'],
  ['import { athena, type Memory } from "athena";\nconst m: Memory[] = [];\nreturn m.length', 0],
  ['import { athena, Memory } from "athena";\nconst m: Memory[] = [];\nreturn m.length', 0],
  ['import type Foo from "anything";\nimport { type Bar } from "something";\n42', 42],
  ['const x = 1\nimport { athena } from "athena"\n;[x].length', 1],
  ['const x = 40\nx + 2', 42],
  ['const x = 40;\nx + 2; // the answer', 42],
  ['const x = 40;\nx + 2 /* the answer */\n// the end', 42],
  ['const x: unknown = 42;\nx as number', 42],
  ['const x = 42;\nx satisfies number;', 42],
  ['const x = 42;\nx!;', 42],
  ['const x = 42;\n(x)', 42],
  ['({ a: 42 })', { a: 42 }],
  ['[1, 2].map((x) => x * 2)', [2, 4]],
  ['`a${42}`', 'a42'],
  ['if (1 > 2) return "early";\n42', 42],
  ['const x = <number>(<unknown>42);\nreturn x', 42],
  ['const f = () => <{ a: number }>{ a: 42 };\nreturn f()', { a: 42 }],
  ['await athena.memory.recall({ query: "x" })', { id: 'memory.recall', params: { query: 'x' } }],
  [
    'async ({ athena }) => athena.memory.recall({ query: "x" })',
    { id: 'memory.recall', params: { query: 'x' } },
  ],
  ['async (athena: any, session: any) => {\n  return typeof athena.memory.recall;\n}', 'function'],
  ['async athena => typeof athena.memory.recall', 'function'],
  ['export default async ({ athena, session }: Context) => typeof session.get', 'function'],
  ['async function run({ athena }: { athena: any }) {\n  return typeof athena.memory.recall;\n}', 'function'],
  ['async (limit = 42) => limit', 42],
  ['declare const athena: any;\nreturn typeof athena.memory.recall', 'function'],
  ['"use strict";\nreturn 42', 42],
  ['function used() { return 41; }\nfunction main() { return used() + 1; }', 42],
  ['class A { x = 42 }\nnew A().x', 42],
];

for (const [code, value] of SHAPES) {
  test(`a program written as ${JSON.stringify(code)} gives its value`, async () => {
    assert.deepEqual(await run(accepted(await check.check(code))), value);
  });
}

test('a function that is called already is not called twice', async () => {
  const program = accepted(await check.check('let n = 0;\nfunction main() { n++; return n; }\nmain()'));
  assert.equal(await run(program), 1);
});

test('a function that needs an argument is not called', async () => {
  const program = accepted(await check.check('const twice = (x: number) => x * 2;'));
  assert.equal(await run(program), undefined);
});

test('a helper after other work is not called', async () => {
  const program = accepted(
    await check.check('if (1) console.log(1);\nfunction helper() { throw new Error("called"); }'),
  );
  assert.equal(await run(program), undefined);
});

/** Imports that would change something. */
const FOREIGN_IMPORTS: readonly string[] = [
  'import fs from "node:fs";\nreturn fs',
  'import { readFile } from "fs/promises";\nreturn 1',
  'import "side-effect";\nreturn 1',
  'import * as path from "path";\nreturn 1',
  'import { setTimeout } from "node:timers/promises";\nawait setTimeout(1)',
  'import { athena as a } from "athena";\nreturn a',
  'import { createClient } from "athena";\nreturn createClient()',
  'import { session as sleep } from "elsewhere";\nreturn sleep',
  'import defer * as athena from "athena";\nreturn athena',
];
for (const code of FOREIGN_IMPORTS) {
  test(`the import in ${JSON.stringify(code)} is refused`, async () => {
    assert.deepEqual(
      refused(await check.check(code)).map((it) => it.code),
      ['FORBIDDEN_IMPORT'],
    );
  });
}

test('what follows an `export default` must not be lost', async () => {
  const [error] = refused(await check.check('export default 1;\nconsole.log(2);'));
  assert.equal(error?.code, 'FORBIDDEN_SYNTAX');
  assert.match(error?.suggestion ?? '', /last/);
});

test('prose around the code is refused with the advice to send the code alone', async () => {
  const [error] = refused(await check.check('Here is the code:\n```ts\nreturn 1;\n```'));
  assert.equal(error?.code, 'SYNTAX_ERROR');
  assert.match(error?.suggestion ?? '', /code alone/);
});

test('a fence inside a template literal is text', async () => {
  const program = accepted(await check.check('return `\n\\`\\`\\`ts\n`;'));
  assert.equal(await run(program), '\n```ts\n');
});

test('a result is the same object each time, and cannot be changed', async () => {
  const code = 'return "cached";';
  const [first, second] = [await check.check(code), await check.check(code)];
  assert.equal(first, second);
  assert.ok(Object.isFrozen(first) && Object.isFrozen(accepted(first).effects));
});

test('half of a surrogate pair, whose hash is that of U+FFFD, neither gets nor gives another program’s result', async () => {
  assert.equal((await check.check('return "\ud800";')).ok, false);
  assert.equal((await check.check('return "\ufffd";')).ok, true);
  assert.equal((await check.check('return "\ud800";')).ok, false);
});

test('the hash is the SHA-256 of the code as it was sent', async () => {
  const { hash } = accepted(await check.check('return 1'));
  assert.equal(hash, '486d9affb60dbb0063b03d8e23a6ccf6364ce203dc3a9f56f20e750eb41ecade');
});

test('warnings come with the place', async () => {
  const result = await check.check('const unused = 1;\nreturn 2;');
  assert.deepEqual(result.warnings.map(describe), [
    "TYPE_WARNING 1:7 'unused' is declared but its value is never read.",
  ]);
});
