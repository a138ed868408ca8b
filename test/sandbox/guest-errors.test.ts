import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openTestSandbox, programOf } from './harness.ts';

const { sandbox, run, value } = await openTestSandbox();
after(() => sandbox.close());

async function thrown(source: string) {
  const end = await run(source);
  assert.equal(end.kind, 'threw', JSON.stringify(end));
  return end.kind === 'threw' ? end.error : undefined;
}

const PLACES: readonly (readonly [source: string, line: number, column: number])[] = [
  ['null.x;', 1, 6],
  ['const a = 1;\n\n  null.x;', 3, 8],
  ['const f = () => {\n  throw new Error("here");\n};\nf();', 2, 9],
  ['const f = async () => {\n  await sleep(1);\n  undefined.y;\n};\nawait f();', 3, 13],
  ['await Promise.all([1, 2].map(async (n) => {\n  await sleep(n);\n  null.z;\n}));', 3, 8],
  ['const text = "";\nJSON.parse(text);', 2, 6],
  ['class Own extends Error {}\nthrow new Own("x");', 2, 7],
  ['return missing.member;', 1, 16],
];

for (const [source, line, column] of PLACES) {
  test(`an error is placed at ${line}:${column} of ${JSON.stringify(source)}`, async () => {
    const error = await thrown(source);
    assert.deepEqual([error?.line, error?.column], [line, column]);
  });
}

test('a column goes back over what the check inserted', async () => {
  const program = programOf('return null.x;', [{ line: 1, column: 1, length: 7 }]);
  const end = await run('', { program });
  assert.equal(end.kind === 'threw' && end.error.column, 6);
});

const THROWN: readonly (readonly [source: string, name: string, message: RegExp])[] = [
  ['throw new RangeError("far");', 'RangeError', /^far$/],
  ['throw new Error("");', 'Error', /without a message/],
  ['throw null;', 'Error', /threw null, which is not an Error/],
  ['throw undefined;', 'Error', /threw undefined/],
  ['throw "text";', 'Error', /threw "text"/],
  ['throw { message: "m", code: 3 };', 'Error', /threw \{ message: "m", code: 3 \}/],
  ['throw Symbol("s");', 'Error', /threw Symbol\(s\)/],
  ['throw new Proxy({}, { get() { throw 1; }, ownKeys() { throw 2; } });', 'Error', /threw \[unreadable\]/],
  ['throw new Proxy(new Error("in"), { get() { throw 1; } });', 'Error', /not an Error/],
  [
    'throw Object.defineProperty(new Error("x"), "message", { get() { throw 1; } });',
    'Error',
    /without a message/,
  ],
  ['throw Object.defineProperty(new Error("x"), "name", { value: Symbol() });', 'Error', /^x$/],
  ['throw Object.defineProperty(new Error("x"), "stack", { get() { throw 1; } });', 'Error', /^x$/],
  ['const e = new Error("x"); e.cause = e; throw e;', 'Error', /^x \(cause: Error: x\)$/],
  ['let e; for (let i = 0; i < 5000; i++) e = new Error("x", { cause: e }); throw e;', 'Error', /^x/],
  [
    'throw new AggregateError([new Error("a"), 1, new Error("b")], "all");',
    'AggregateError',
    /^all \[a\] \[b\]$/,
  ],
  ['const { proxy, revoke } = Proxy.revocable([], {}); revoke(); throw proxy;', 'Error', /\[unreadable\]/],
  ['const f = () => f(); f();', 'RangeError', /call stack/],
  ['throw new Error("x".repeat(1e6));', 'Error', /^x{8000}$/],
];

for (const [source, name, message] of THROWN) {
  test(`${source} is told in words`, async () => {
    const error = await thrown(source);
    assert.equal(error?.name, name);
    assert.match(error?.message ?? '', message);
  });
}

test('code that cannot be evaluated never started, and says so with a code and a line', async () => {
  for (const source of ['foo bar;', 'const x = 1;\nimport("node:fs");', 'return import.meta;']) {
    const end = await run(source);
    assert.equal(end.started, false, source);
    assert.equal(end.kind === 'threw' && end.error.code, 'SYNTAX_ERROR', source);
  }
  const end = await run('const x = 1;\nimport("node:fs");');
  assert.equal(end.kind === 'threw' && end.error.line, 2);
});

test('a program cannot pass itself off as one that never started', async () => {
  const end = await run(
    'console.log("ran"); throw Object.assign(new SyntaxError("x"), { code: "SYNTAX_ERROR" });',
  );
  assert.equal(end.started, true);
  assert.equal(end.kind === 'threw' && end.error.code, undefined);
});

test('rejections that nobody handled are told in the log, the first few of them', async () => {
  const end = await run(
    'for (let i = 0; i < 9; i++) void Promise.reject(new Error("lost " + i)); await sleep(1);',
  );
  assert.equal(end.kind, 'returned');
  assert.equal(end.logs.length, 5);
  assert.deepEqual(end.logs[0], {
    level: 'error',
    text: 'Unhandled rejection: Error: lost 0 (line 1, column 49)',
  });
});

test('an error in a timer is told in the log', async () => {
  const end = await run('setTimeout(() => { throw new Error("late"); }, 1); await sleep(20);');
  assert.match(end.logs[0]?.text ?? '', /^Uncaught in a timer: Error: late/);
});

test('stacks tell a program nothing', async () => {
  const source = `const e = new Error('x'); const seen = [e.stack];
    Error.prepareStackTrace = (_, sites) => sites; Error.stackTraceLimit = 100;
    seen.push(new Error('y').stack); const o = {}; Error.captureStackTrace(o); seen.push(o.stack);
    try { null.x; } catch (caught) { seen.push(caught.stack); }
    return seen;`;
  assert.deepEqual(await value(source), ['', '', '', '']);
});

test('hundreds of timers that fail leave room for the program’s own lines', async () => {
  const source =
    'for (let i = 0; i < 500; i++) setTimeout(() => { throw new Error("late"); }, 0); await sleep(50); console.log("own");';
  const texts = (await run(source)).logs.map(({ text }) => text);
  assert.equal(texts.filter((text) => text.startsWith('Uncaught in a timer: Error: late')).length, 5);
  assert.equal(texts.at(-1), 'own');
});
