import { CONTAINED, type Expectation, refused, returns, throws } from '../expectation.ts';
import type { Group, Scenario, Stride } from '../scenario.ts';

/** What the check must make of it. Without the check V8 and SES read the same text by themselves. */
const row = (id: string, technique: string, code: string, all: Expectation, checkOff: Expectation = SYNTAX, stride: Stride = 'T'): Scenario => ({
  id,
  stride,
  technique,
  code,
  expect: { all, checkOff, processOnly: CONTAINED },
});
/** How V8, or SES by the text alone, refuses to load it. */
const unreadable = (message: RegExp): Expectation => throws(message, 'SYNTAX_ERROR');
const SYNTAX = unreadable(/Unexpected|Invalid or unexpected token|missing|Missing/);
const STRICT = unreadable(/[Ss]trict mode|not allowed|Unexpected strict mode reserved word/);
const SES_EVAL = unreadable(/Possible direct eval expression refused/);
const SES_IMPORT = unreadable(/Possible import expression refused/);
const SES_HTML = unreadable(/Possible HTML comment refused/);
const TOO_DEEP = unreadable(/Maximum call stack size exceeded/);
const BAD = refused('SYNTAX_ERROR');
const UNSUPPORTED = refused('FORBIDDEN_SYNTAX');
const HIDDEN = refused('FORBIDDEN_CHARACTER');

export const PARSERS: Group = {
  name: 'Parser differentials',
  scenarios: [
    row('PA-01', 'an HTML comment that opens', `const a = 1;\n<!-- return eval('1');\nreturn a;`, BAD, SES_EVAL),
    row('PA-02', 'an HTML comment that closes', `const a = 1;\n--> return eval('1');\nreturn a;`, BAD, SES_EVAL),
    row('PA-03', 'an HTML comment in a string', `return '<!-- x -->';`, returns('<!-- x -->'), SES_HTML),
    row('PA-04', 'an HTML comment by decrement and comparison', `let a = 5, b = 1;\nreturn a-->b;`, returns(true), SES_HTML),
    row('PA-05', 'text that looks like an import in a string', `return "import('node:fs')";`, returns("import('node:fs')"), SES_IMPORT),
    row('PA-06', 'text that looks like an import in a template', 'return `import(${1})`;', returns('import(1)'), SES_IMPORT),
    row('PA-07', 'text that looks like an import in a regular expression', `return /import\\(x/.test('import(x');`, returns(true), SES_IMPORT),
    row('PA-08', 'a member named import', `const tool = { import: (x) => x };\nreturn tool.import('y');`, returns('y'), returns('y')),
    row('PA-09', 'a shebang', `#!/usr/bin/env node\nreturn 1;`, UNSUPPORTED),
    row('PA-10', 'a byte order mark at the start', `\ufeffreturn 1;`, returns(1), returns(1)),
    row('PA-11', 'a byte order mark inside', `return \ufeff1;`, HIDDEN, returns(1), 'S'),
    row('PA-12', 'a zero-width joiner in a name', `const ab = 1, a\u200db = 2;\nreturn ab;`, HIDDEN, returns(1), 'S'),
    row('PA-13', 'a direction override in a comment', `const safe = true; /* \u202e } if (safe) { \u2066 */\nreturn safe;`, HIDDEN, returns(true), 'S'),
    row('PA-14', 'a direction override in a string', `return 'user\u202e// check';`, HIDDEN, returns('user\u202e// check'), 'S'),
    row('PA-15', 'an invisible filler for a name', `const \u3164 = 1;\nreturn \u3164;`, HIDDEN, returns(1), 'S'),
    row('PA-16', 'a tag character in a string', `return 'a\u{e0041}'.length;`, HIDDEN, returns(3), 'S'),
    row('PA-17', 'a NUL between tokens', `return\u0000 1;`, HIDDEN),
    row('PA-18', 'a homoglyph in an operation’s name', `return await athena.memory.rec\u0430ll({ query: 'x' });`, refused('UNKNOWN_OPERATION'), throws(/not a function/), 'S'),
    row('PA-19', 'a homoglyph in a namespace', `return await athena.mem\u043ery.recall({ query: 'x' });`, refused('UNKNOWN_OPERATION'), throws(/undefined/), 'S'),
    row('PA-20', 'a homoglyph in a global’s name', `return s\u0435ssion.get('x');`, refused('TYPE_ERROR'), throws(/undefined|not defined/), 'S'),
    row('PA-21', 'U+2028 that ends a comment', `// quiet\u2028return 'loud';\nreturn 'quiet';`, returns('loud'), returns('loud')),
    row('PA-22', 'U+2028 in a string', `return 'a\u2028b'.length;`, returns(3), returns(3)),
    row('PA-23', 'U+2028 in a regular expression', `return /a\u2028b/.source;`, BAD, unreadable(/Invalid regular expression: missing/)),
    row('PA-24', 'U+0085, which only some take for a line’s end', `// quiet\u0085return 'loud';\nreturn 'quiet';`, HIDDEN, returns('quiet')),
    row('PA-25', 'a carriage return that ends a comment', `// quiet\rreturn 'loud';\nreturn 'quiet';`, returns('loud'), returns('loud')),
    row('PA-26', 'a syntax error that a parser recovers from', `const a = ;\nreturn eval('1');`, BAD, SES_EVAL),
    row('PA-27', 'a missing brace at the end', `if (true) { return 1;`, BAD),
    row('PA-28', 'ts-ignore over a syntax error', `// @ts-ignore\nconst = 1;\nreturn 1;`, BAD),
    row('PA-29', 'ts-nocheck over a forbidden name', `// @ts-nocheck\nreturn process.pid;`, refused('FORBIDDEN_GLOBAL'), throws(/undefined/)),
    row('PA-30', 'ts-nocheck over an unknown operation', `// @ts-nocheck\nreturn await athena.memory.nothing({});`, refused('UNKNOWN_OPERATION'), throws(/not a function/)),
    row('PA-31', 'ts-expect-error over a wrong parameter', `// @ts-expect-error\nreturn await athena.memory.recall({ query: 5 });`, refused('TYPE_ERROR'), throws(/query/, 'INVALID_PARAMETERS')),
    row('PA-32', 'a division that hides an evaluator', `let a = 4, g = 1;\nreturn a\n/eval('1')/g;`, refused('FORBIDDEN_EVALUATOR'), SES_EVAL),
    row('PA-33', 'a regular expression that shows one', `{}\n/eval('1')/g;\nreturn 1;`, returns(1), SES_EVAL),
    row('PA-34', 'generics or two comparisons', `const f = (...all) => all.length, a = 1, b = 2, c = (x) => x;\nreturn f(a < b, c > (7));`, refused('TYPE_ERROR'), returns(2)),
    row('PA-35', 'a type assertion or a tag', `const text = 'x';\nreturn <string>text;`, returns('x'), SYNTAX),
    row('PA-36', 'a type argument on an evaluator’s call', `return eval<string>('1');`, refused('FORBIDDEN_EVALUATOR'), returns(false)),
    row('PA-37', 'an arrow with a return type that holds code', `const f = (x): typeof x => x;\nreturn f(1);`, returns(1)),
    row('PA-38', 'an enum', `enum E { A = 1 }\nreturn E.A;`, UNSUPPORTED),
    row('PA-39', 'a const enum', `const enum E { A = 1 }\nreturn E.A;`, UNSUPPORTED),
    row('PA-40', 'a namespace', `namespace N { export const a = 1; }\nreturn N.a;`, UNSUPPORTED),
    row('PA-41', 'declare global', `declare global { var leaked: string; }\nreturn leaked;`, UNSUPPORTED),
    row('PA-42', 'a decorator', `const evil = (x) => x;\n@evil class A {}\nreturn 1;`, UNSUPPORTED),
    row('PA-43', 'a parameter property', `class A { constructor(private x = 1) {} }\nreturn new A();`, UNSUPPORTED, STRICT),
    row('PA-44', 'declare const for a forbidden name', `declare const process: { env: Record<string, string> };\nreturn process.env;`, refused('FORBIDDEN_GLOBAL')),
    row('PA-45', 'an interface for a forbidden name', `interface process { env: string }\nreturn process.env;`, refused('FORBIDDEN_GLOBAL'), STRICT),
    row('PA-46', 'with', `with (JSON) { return stringify(1); }`, UNSUPPORTED, STRICT),
    row('PA-47', 'an octal literal', `return 010;`, BAD, STRICT),
    row('PA-48', 'an octal escape', `return '\\101';`, BAD, STRICT),
    row('PA-49', 'duplicate parameters', `function f(a, a) { return a; }\nreturn f(1, 2);`, BAD, STRICT),
    row('PA-50', '?? and || without parentheses', `return 1 ?? 2 || 3;`, BAD),
    row('PA-51', 'delete of a name', `let x = 1;\ndelete x;\nreturn 1;`, BAD, STRICT),
    row('PA-52', 'a label on a declaration', `a: function f() {}\nreturn 1;`, BAD, STRICT),
    row('PA-53', 'sourceMappingURL, to be fetched', `return 1;\n//# sourceMappingURL=http://127.0.0.1:{{port}}/map`, returns(1), returns(1), 'I'),
    row('PA-54', 'sourceURL, to be read', `throw new Error('x');\n//# sourceURL={{secretFile}}`, throws(/^Error: x$/), throws(/^Error: x$/), 'I'),
    row('PA-55', 'the end of the wrapper and code after it', `return 1;\n});throw new Error('outside');(async function () {`, BAD, throws(/outside/, 'SYNTAX_ERROR')),
    row('PA-56', 'the end of the wrapper by a template', 'return `${1}\n`});(async () => {`;', BAD, unreadable(/Unexpected end of input/)),
    row('PA-57', 'the end of the wrapper in a comment left open', `return 1; /*`, BAD),
    row('PA-58', 'a line comment without an end of line', `return 1; //`, returns(1), returns(1)),
    row('PA-59', '100,000 parentheses', `return ${'('.repeat(45_000)}1${')'.repeat(45_000)};`, refused('NESTING_TOO_DEEP'), TOO_DEEP, 'D'),
    row('PA-60', '100,000 brackets that never close', `return ${'['.repeat(100_000)}`, refused('NESTING_TOO_DEEP'), TOO_DEEP, 'D'),
    row('PA-61', '50,000 signs before a number', `return ${'- '.repeat(40_000)}1;`, refused('NESTING_TOO_DEEP'), TOO_DEEP, 'D'),
    row('PA-62', '25,000 additions', `return 1${'+1'.repeat(25_000)};`, refused('NESTING_TOO_DEEP'), returns(25_001), 'D'),
    row('PA-63', '10 MB of source', `return 1;${' '.repeat(10 * 1024 * 1024)}`, refused('CODE_TOO_LARGE'), returns(1), 'D'),
    row('PA-64', 'a string literal of 50 KB', `return '${'x'.repeat(50_000)}'.length;`, refused('STRING_TOO_LONG'), returns(50_000), 'D'),
    row('PA-65', 'a template literal of 50 KB', `return \`${'x'.repeat(50_000)}\`.length;`, refused('STRING_TOO_LONG'), returns(50_000), 'D'),
    row('PA-66', 'a type that never ends', `type Long<T extends unknown[]> = T['length'] extends 99999 ? T : Long<[...T, 1]>;\nconst x: Long<[]> = JSON.parse('0');\nreturn x;`, returns(0), SYNTAX, 'D'),
    row('PA-67', 'a union of a million members', `type A = 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j';\ntype B = \`\${A}\${A}\${A}\${A}\${A}\${A}\`;\nconst x: B = 'aaaaaa';\nreturn x;`, returns('aaaaaa'), SYNTAX, 'D'),
    row('PA-68', 'half of a surrogate pair in a name', `const a\ud800 = 1;\nreturn 1;`, HIDDEN),
    row('PA-69', 'a unicode escape that spells a keyword', `return typeof \\u0070rocess;`, refused('FORBIDDEN_GLOBAL'), returns('undefined')),
    row('PA-70', 'a code fence around an escape', '```ts\nreturn process.pid;\n```', refused('FORBIDDEN_GLOBAL'), throws(/not a function/)),
    row('PA-71', 'a function around an escape', `async () => { return process.pid; }`, refused('FORBIDDEN_GLOBAL'), returns(null)),
    row('PA-72', 'a shadowed name that is not shadowed where it counts', `{ const process = { pid: 1 }; }\nreturn process.pid;`, refused('FORBIDDEN_GLOBAL'), throws(/undefined/)),
    row('PA-73', 'a name declared only as a type parameter', `const f = <process,>(x: process): process => x;\nreturn process.pid;`, refused('FORBIDDEN_GLOBAL')),
  ],
};
