// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are programs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { Check } from '../../runtime/check/check.ts';
import { createPlaces } from '../../runtime/check/places.ts';
import type { Program } from '../../runtime/contract/program.ts';
import { accepted, describe, openFixture, refused } from './fixture.ts';

let check: Check;
before(async () => {
  check = await openFixture();
});
after(() => check.close());

/** Undoes the insertions of one line: the column in the agent's code for a column of the source. */
function originalColumn(program: Program, line: number, column: number): number {
  let shift = 0;
  for (const insertion of program.insertions) {
    if (insertion.line !== line || insertion.column + shift + insertion.length > column) continue;
    shift += insertion.length;
  }
  return column - shift;
}

/** A program with one mistake, marked by ^ below it. */
const MARKED: readonly string[] = [
  'return fetch("x");\n       ^',
  'const r = await athena.memory.recall({ query: "x" });\nreturn r.memoriez;\n         ^',
  '```ts\nconst r = await athena.memory.recall({ qury: "x" });\n                                       ^\n```',
  'async () => {\n  await athena.memory.recal({});\n                      ^\n}',
  'export default async ({ athena }: Context) => {\n  return undefinedName;\n         ^\n};',
  'const é = "日本 😀"; undeclared;\n                   ^',
  'async function main() {\n\tathena.memory.recall({ k: "x" });\n\t                       ^\n}\nmain();',
  'import { athena } from "athena";\n\nathena.memory.remember({ content: 5, memory_type: "fact" });\n                         ^',
  'const s = "import(x)"; let a = 1; let a = 2;\n                                      ^',
  'const x = <any>1; nope(x);\n                  ^',
  'export default nope\n               ^',
  'const a: string = 1 as any; a.b as string; process\n                                           ^',
];
for (const marked of MARKED)
  test(`the mistake in ${JSON.stringify(marked)} is reported at its own place, with its line`, async () => {
    const lines = marked.split('\n');
    const mark = lines.findIndex((line) => /^\s*\^$/.test(line));
    const code = lines.toSpliced(mark, 1).join('\n');
    const [error] = refused(await check.check(code));
    assert.deepEqual([error?.line, error?.column], [mark, lines[mark]!.indexOf('^') + 1], describe(error));
    assert.equal(error?.snippet, lines[mark - 1]);
  });

test('a snippet is at most 200 characters and holds the place', async () => {
  const [error] = refused(
    await check.check(`const a = "${'x'.repeat(500)}"; nowhere; const b = "${'y'.repeat(500)}";`),
  );
  assert.equal(error?.snippet.length, 200);
  assert.match(error?.snippet ?? '', /nowhere/);
});

/** Statements of every kind whose types are blanked, to be put together at random. */
const STATEMENTS: readonly string[] = [
  'const $0: number = 1;',
  'let $0: Map<string, number[]> = new Map<string, number[]>();',
  'const $0 = (x: number, y?: string): boolean => x > 1 && !!y;',
  'function $0<T extends object>(this: unknown, v: T): v is T { return true; }',
  'type $0 = { a: number } | null;',
  'interface $0 { readonly a: number; b?(): void }',
  'class $0<T> { private readonly a: T | undefined; static b?: number = 1; declare c: string; constructor(a?: T) { this.a = a; } get(): T | undefined { return this.a; } }',
  'const $0 = [1, 2].map((x): string => `a${x as number}b`);',
  'for (const $0 of [1, 2] as const) { console.log($0 satisfies number); }',
  'const $0 = (await athena.memory.recall({ query: "import(x)" }))!.memories;',
  'try { throw new Error("-->"); } catch ($0: any) { console.log($0.code); }',
  'let $0 = 5; while ($0 --> 0) { console.log(<number>$0); }',
  'abstract class $0 { abstract a(): void; b(): void {} }',
  'function $0(a: string): void;\nfunction $0(a: string, b?: number): void { console.log(a, b); }',
  'const { a: $0 = 1, ...rest$0 }: { a?: number } = {};',
  '// a comment with import(x) <!--\nlet $0: /* -->\n */ number | undefined;',
  'const $0 = async <T,>(v: T): Promise<T> => v;',
  'import type { $0 } from "athena";',
  'export const $0: string = "é日😀";',
  'if (1 as number) { var $0: number; } else { console.log("x" as string) }',
];
const IDENTIFIER = /[A-Za-z_$][\w$]*/g;

test('every identifier that is left stands at its own line and column, but for the insertions', async () => {
  const program = fc
    .array(fc.nat(STATEMENTS.length - 1), { maxLength: 8 })
    .map((picks) => picks.map((pick, n) => (STATEMENTS[pick] ?? '').replaceAll('$0', `v${n}`)).join('\n'));
  await fc.assert(
    fc.asyncProperty(program, async (code) => {
      const compiled = accepted(await check.check(code));
      const source = createPlaces(compiled.source);
      const lines = code.split('\n');
      assert.equal(compiled.source.split('\n').length, lines.length);
      for (const { index, 0: name } of compiled.source.matchAll(IDENTIFIER)) {
        const { line, column } = source.lineAndColumn(index);
        if (/^(?:return|x6dport|x2d|x3e)$/.test(name)) continue;
        const at = originalColumn(compiled, line, column) - 1;
        assert.equal(
          lines[line - 1]?.slice(at, at + name.length),
          name,
          `${line}:${column} of ${compiled.source}`,
        );
      }
    }),
    { numRuns: 150 },
  );
});

for (const end of ['\n', '\r\n', '\r', '\u2028', '\u2029'])
  test(`a line's end written as ${JSON.stringify(end)} stays one inside a type, and changes nothing there`, async () => {
    const code = [
      'type Pair = { a: number;',
      ' b: string };',
      'const f = (x: number): {',
      ' a: number } => ({ a: x });',
      'const g = async <',
      'T>(x: T) => x;',
      'nowhere(f, g);',
    ].join(end);
    const [error] = refused(await check.check(code));
    assert.deepEqual([error?.line, error?.column], [7, 1], describe(error));
    const { source } = accepted(await check.check(code.replace('nowhere', 'console.log')));
    assert.deepEqual(source.match(/\r\n|[\n\r\u2028\u2029]/g), Array(6).fill(end));
  });

test('insertions are recorded where they were made', async () => {
  const code = 'let n = 2;\nwhile (n --> 0) {}\nasync () => "import("';
  const { source, insertions } = accepted(await check.check(code));
  assert.equal(source, 'let n = 2;\nwhile (n -- > 0) {}\nreturn (async () => "i\\x6dport(")()');
  assert.deepEqual(insertions, [
    { line: 2, column: 12, length: 1 },
    { line: 3, column: 1, length: 8 },
    { line: 3, column: 16, length: 3 },
    { line: 3, column: 22, length: 3 },
  ]);
});
