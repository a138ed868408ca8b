import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FORBIDDEN_CHARACTERS } from '../../runtime/check/characters.ts';
import type { Check } from '../../runtime/check/check.ts';
import { accepted, describe, openFixture, refused, run } from './fixture.ts';

let check: Check;
before(async () => {
  check = await openFixture({ limits: { codeBytes: 200_000 } });
});
after(() => check.close());

test('code beyond the limit is refused with both sizes', async () => {
  const small = await openFixture({ limits: { codeBytes: 1_024 } });
  accepted(await small.check(`return 1; //${'x'.repeat(1_012)}`));
  const [error] = refused(await small.check(`return 1; //${'x'.repeat(1_013)}`));
  assert.equal(error?.code, 'CODE_TOO_LARGE');
  assert.match(error?.message ?? '', /1025 bytes.*1024/);
  assert.equal(refused(await small.check('é'.repeat(600)))[0]?.code, 'CODE_TOO_LARGE');
  await small.close();
});

test('10 MB of source is refused before it is looked at', async () => {
  assert.equal(refused(await check.check('x'.repeat(10_000_000)))[0]?.code, 'CODE_TOO_LARGE');
});

for (const { from, to, name } of FORBIDDEN_CHARACTERS)
  for (const point of new Set([from, to]))
    test(`U+${point.toString(16)} (${name}) is refused at its place, also in a string`, async () => {
      const [error] = refused(await check.check(`const a = 1;\nreturn "x${String.fromCodePoint(point)}y";`));
      assert.equal(error?.code, 'FORBIDDEN_CHARACTER');
      assert.deepEqual([error?.line, error?.column], [2, 10]);
    });

test('characters next to the forbidden ones, and those of other scripts, pass', async () => {
  const text = 'é 日本 \u00a0 \u2028 \u202f \u2070 👩‍💻 می‌خواهم 🇩🇪 ❤️';
  assert.equal(await run(accepted(await check.check(`return "${text}";`))), text);
});

test('a zero-width joiner between ASCII letters is refused', async () => {
  assert.equal(refused(await check.check('const a\u200db = 1;'))[0]?.code, 'FORBIDDEN_CHARACTER');
});

test('a byte order mark at the very start is harmless, and moves nothing', async () => {
  assert.equal(await run(accepted(await check.check('\ufeffreturn 42;'))), 42);
  assert.equal(refused(await check.check('return 1; \ufeff'))[0]?.code, 'FORBIDDEN_CHARACTER');
});

test('a hashbang is refused', async () => {
  const [error] = refused(await check.check('#!/usr/bin/env node\nreturn 1;'));
  assert.deepEqual([error?.code, error?.line], ['FORBIDDEN_SYNTAX', 1]);
});

test('a string literal beyond the limit is refused, one below passes', async () => {
  const limit = 10_240;
  accepted(await check.check(`return "${'x'.repeat(limit - 2)}";`));
  for (const literal of [
    `"${'x'.repeat(limit)}"`,
    `\`${'x'.repeat(limit)}\``,
    `\`\${1}${'x'.repeat(limit)}\``,
    `/${'x'.repeat(limit)}/`,
    `"${'é'.repeat(limit / 2)}"`,
  ]) {
    const [error] = refused(await check.check(`return ${literal};`));
    assert.equal(error?.code, 'STRING_TOO_LONG');
  }
});

test('brackets within the limit of depth pass, one more is refused at its place', async () => {
  accepted(await check.check(`return ${'['.repeat(256)}${']'.repeat(256)};`));
  const [error] = refused(await check.check(`\nreturn ${'['.repeat(257)}${']'.repeat(257)};`));
  assert.deepEqual([error?.code, error?.line, error?.column], ['NESTING_TOO_DEEP', 2, 264]);
});

test('brackets in strings, templates and comments do not count', async () => {
  const many = '(['.repeat(300);
  accepted(
    await check.check(
      `const a = "${many}", b = '${many}', c = \`${many}\`; // ${many}\n/* ${many} */ return a + b + c;`,
    ),
  );
});

/** Texts that would overflow a stack in one of the steps. */
const DEEP: Readonly<Record<string, string>> = {
  parentheses: '('.repeat(100_000),
  'a long sum': `return ${'a+'.repeat(50_000)}a`,
  'a long chain of members': `let a: any; a${'.a'.repeat(45_000)}`,
  'else-if': `let a; ${'if(a);else '.repeat(9_000)};`,
  negations: `return ${'!'.repeat(90_000)}1`,
  arrows: `return ${'a=>'.repeat(30_000)}1`,
  templates: `return ${'`${'.repeat(2_000)}1${'}`'.repeat(2_000)}`,
};
for (const [name, program] of Object.entries(DEEP))
  test(`${name}: too deep a program is refused, and the next one is checked`, async () => {
    assert.equal(refused(await check.check(program))[0]?.code, 'NESTING_TOO_DEEP');
    accepted(await check.check(`return "after ${name}";`));
  });

test('long flat programs pass', async () => {
  const lines = Array.from(
    { length: 1_000 },
    (_, n) => `console.log("line ${n}", [${n}].map((x) => x + 1));`,
  );
  accepted(await check.check(lines.join('\n')));
  accepted(await check.check(`return [${'{ a: 1 },'.repeat(3_000)}];`));
  accepted(await check.check(`return ${Array.from({ length: 200 }, () => '"text"').join(' + ')};`));
});

/** Programs that are no programs, each with the place of the first error. */
const BROKEN: readonly (readonly [string, number, number])[] = [
  ['const a = ;', 1, 11],
  ['return 1;\n}); evil(', 2, 1],
  ['foo(', 1, 5],
  ['return `abc', 1, 12],
  ['return "abc\n";', 1, 12],
  ['let a; let a;', 1, 12],
  ['return 1 ?? 2 || 3;', 1, 15],
  ['break;', 1, 1],
  ['for (;;) { (() => { continue; })() }', 1, 21],
  ['return /(/;', 1, 10],
  ['return 010;', 1, 8],
  ['return "\\01";', 1, 9],
  ['function f(a, a) { return a } return f(1, 2)', 1, 15],
  ['await: for (;;) break;', 1, 6],
  ['const yield = 1;', 1, 7],
  ['x\n--> y', 2, 3],
  ['function f() { await 1 }', 1, 16],
  ['const f = () => { await 1 }', 1, 19],
  ['delete undeclared;', 1, 8],
  ['eval = 1', 1, 1],
  ['new.target', 1, 5],
  ['super.x', 1, 1],
  ['class A { constructor() {} constructor() {} }', 1, 28],
  ['// @ts-ignore\nconst a = ;', 2, 11],
  ['<div>hello</div>', 1, 12],
  ['def f(): return 1', 1, 1],
  ['@@@', 1, 4],
];
for (const [program, line, column] of BROKEN)
  test(`${JSON.stringify(program)} is refused at ${line}:${column}`, async () => {
    const [error] = refused(await check.check(program));
    assert.deepEqual([error?.line, error?.column], [line, column], describe(error));
  });

test('source comments name no file that is read', async () => {
  const program =
    '/// <reference path="/etc/passwd" />\n/// <reference types="node" />\nreturn 1; //# sourceMappingURL=file:///etc/passwd\n//# sourceURL=x';
  assert.equal(await run(accepted(await check.check(program))), 1);
});
