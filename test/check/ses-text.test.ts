// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are programs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Check } from '../../runtime/check/check.ts';
import { accepted, openFixture, refused, run } from './fixture.ts';

// The package exports no way to its refusals alone.
const { transforms } = await import(
  new URL('../../node_modules/ses/src/transforms.js', import.meta.url).href
);

let check: Check;
before(async () => {
  check = await openFixture();
});
after(() => check.close());

/** SES's own refusals, from its own code. */
function assertSesAccepts(source: string): void {
  const wrapped = `(async () => {\n${source}\n})`;
  transforms.rejectHtmlComments(wrapped);
  transforms.rejectImportExpressions(wrapped);
  transforms.rejectSomeDirectEvalExpressions(wrapped);
}

/** Harmless programs whose text SES would refuse, and their values. */
const ADAPTED: readonly (readonly [string, unknown])[] = [
  ['return "import(x)"', 'import(x)'],
  ["return 'import (x)'", 'import (x)'],
  ['return "see import/* all */"', 'see import/* all */'],
  ['return "import // x"', 'import // x'],
  ['return "...import(x)"', '...import(x)'],
  ['return "a.import(x)"', 'a.import(x)'],
  ['return "eval(x)" + "eval (y)"', 'eval(x)eval (y)'],
  ['return "<!-- a -->"', '<!-- a -->'],
  ['return `<!-- ${1} --> ${2} import(${3}) eval(`', '<!-- 1 --> 2 import(3) eval('],
  ['return `import(${1})`', 'import(1)'],
  ['return "\\\\import(x)"', '\\import(x)'],
  ['return "\\import(x)"', 'import(x)'],
  ['return "tab\\t-->"', 'tab\t-->'],
  ['return { "import(": 1, ["eval("]: 2 }', { 'import(': 1, 'eval(': 2 }],
  ['return /import\\(|import(x)/.test("importx")', true],
  ['return /\\import(x)/.test("importx")', true],
  ['return "x--y>".match(/--(>)?|<!--/)?.[0]', '--'],
  ['return /^(?<!--)x/.test("x")', true],
  ['return "a>".replace(/[+-->]/g, "_")', 'a_'],
  ['return "-".replace(/[<!--]/g, "_")', '_'],
  ['return /(eval(x))/.exec("evalx")?.[1]', 'evalx'],
  ['return /import(x)/u.test("importx")', true],
  ['// import(x) <!-- --> eval(y)\nreturn 42', 42],
  ['/* import("fs")\n eval(1)\n <!-- */ return 42', 42],
  ['return 42; // -->', 42],
  ['return [1, /* import( */ 2]', [1, 2]],
  ['const f = (/* eval(x) */) => 42; return f(/* --> */)', 42],
  ['return `${/* import(x) */ 42}`', '42'],
  ['class A { /** import(x) */ x = 42 } return new A().x', 42],
  ['/** see import(x) */\ninterface A { x: import("y").Z }\nreturn 42', 42],
  ['const f = (x: import("y").Z | import ("w").V) => x; return f.length', 1],
  ['let n = 3, sum = 0; while (n --> 0) sum += n; return sum', 3],
  ['let n = 3, sum = 0; while (n-->0) sum += n; return sum', 3],
  ['let a = 5, b = 4; return a-->b', true],
  ['let a = 5; return [a-->4, a]', [true, 4]],
  ['const o: any = { import: (x: number) => x }; return o.import(42)', 42],
  ['const o: any = { x: { import: (y: number) => y } }; return o\n  .x\n  .import(42)', 42],
  ['const o: any = { eval: (x: number) => x }; return o.eval(42)', 42],
  ['const o: any = { import: 42 }; return o.import /* ( */', 42],
  ['const o: any = { import: 42 }; return o.import // (', 42],
  ['const important = (x: number) => x; return important(42)', 42],
  ['const medieval = (x: number) => x; return medieval(42)', 42],
  ['class A { eval(x: number) { return x } } return new A().eval(42)', 42],
  ['class A { static async eval<T>(x: T) { return x } } return A.eval(42)', 42],
  ['class A { #eval(x: number) { return x } run() { return this.#eval(42) } } return new A().run()', 42],
  ['return { import(x: number) { return x } }.import(42)', 42],
  ['const o = { get import() { return 42 }, set import(x) {} }; return o.import', 42],
  [
    'const o = { async *eval(): AsyncGenerator<number> { yield 42 } }; for await (const x of o.eval()) return x',
    42,
  ],
  ['const o: any = { eval: (x: number) => x }; return o. eval (42) + o?.\neval (0)', 42],
  ['class A { import (x: string): void; import (x: any) { return x } } return new A().import(42 as any)', 42],
  ['return Object.keys({ eval() {}, import() {} })', ['eval', 'import']],
];
for (const [code, value] of ADAPTED)
  test(`SES accepts ${JSON.stringify(code)}, and it means the same`, async () => {
    const program = accepted(await check.check(code));
    assertSesAccepts(program.source);
    assert.deepEqual(await run(program), value);
  });

test('what SES refuses is what is looked for', () => {
  for (const text of [
    '<!--',
    '-->',
    'import(',
    'x import\u2028(',
    '...import(',
    'import/*',
    'eval(',
    ' eval\u00a0(',
  ])
    assert.throws(() => assertSesAccepts(text), SyntaxError);
});

/** Text that cannot be rewritten with equal meaning. */
const REFUSED: readonly string[] = [
  'return String.raw`import(x)`',
  'return String.raw`a ${1} <!-- b`',
  'const tag: any = 1; return tag`-->`',
  'let a = 1, b = 2; return a<!--b',
];
for (const code of REFUSED)
  test(`${JSON.stringify(code)} is refused, with what to write instead`, async () => {
    const [error] = refused(await check.check(code));
    assert.equal(error?.code, 'FORBIDDEN_SYNTAX');
    assert.ok(error?.suggestion);
  });
