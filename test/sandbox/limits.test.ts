import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openTestSandbox } from './harness.ts';

const { sandbox, run, value, failure } = await openTestSandbox({ workers: 2 });
after(() => sandbox.close());

const ENDLESS: readonly (readonly [what: string, source: string])[] = [
  ['a loop', 'while (true) {}'],
  ['a microtask loop', 'for (;;) await null;'],
  ['a promise that never resolves', 'await new Promise(() => {});'],
  ['a thenable that never resolves', 'return { then() {} };'],
  [
    'an endless chain of thenables',
    'const next = () => ({ then(resolve) { resolve(next()); } }); return next();',
  ],
  ['an endless async generator', 'for await (const _ of (async function* () { for (;;) yield 1; })()) {}'],
  ['a regular expression', 'return /(a+)+$/.test("a".repeat(50) + "b");'],
  ['a getter of the result', 'return { get a() { for (;;); } };'],
  [
    'a getter of the error',
    'throw Object.defineProperty(new Error("x"), "message", { get() { for (;;); } });',
  ],
  ['a trap of the error', 'throw new Proxy({}, { getPrototypeOf() { for (;;); } });'],
];

for (const [what, source] of ENDLESS) {
  test(`${what} is killed when its time is up`, async () => {
    const end = await run(source, { timeoutMs: 200 });
    assert.equal(end.kind === 'stopped' && end.code, 'TIMEOUT', JSON.stringify(end));
    assert.deepEqual(end.kind === 'stopped' && end.limit, { name: 'runMs', value: 200 });
    assert.equal(end.started, true);
    assert.ok(end.ranMs >= 199, `ended after ${end.ranMs} ms`);
  });
}

const GREEDY: readonly (readonly [what: string, source: string])[] = [
  ['an array', 'const a = []; for (;;) a.push(new Array(1000).fill(a.length));'],
  ['an array filled at once', 'return Array(1e9).fill(0).length;'],
  ['a map', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });'],
  ['strings', 'const a = []; for (;;) a.push("x".repeat(1e6) + a.length);'],
  [
    'array buffers',
    'const a = []; try { for (;;) a.push(new ArrayBuffer(1e6)); } catch { for (;;) a.push({ a }); }',
  ],
  ['promises', 'let p = Promise.resolve(); for (;;) p = p.then(() => {});'],
  ['deep JSON', 'return JSON.parse("[".repeat(2e7) + "]".repeat(2e7));'],
  ['a huge result', 'return "x".repeat(3e8);'],
];

for (const [what, source] of GREEDY) {
  test(`memory filled by ${what} ends in MEMORY_LIMIT`, async () => {
    assert.equal(await failure(source), 'MEMORY_LIMIT');
  });
}

test('a buffer over the limit is refused inside', async () => {
  assert.match(await failure('return new ArrayBuffer(4e9).byteLength;'), /allocation failed/);
  assert.match(
    await failure('const a = []; for (;;) a.push(new Uint8Array(2e7).fill(1));'),
    /allocation failed/,
  );
});

test('as much memory as the limit allows can be used', async () => {
  assert.equal(await value('return new Uint8Array(40_000_000).fill(1).length;'), 40_000_000);
  assert.equal(await value('return Array.from({ length: 500_000 }, (_, i) => ({ i })).length;'), 500_000);
});

test('after every such death the next run works', async () => {
  assert.equal(await value('return 1;'), 1);
});
