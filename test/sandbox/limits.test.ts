import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openTestSandbox } from './harness.ts';

/** Small, so that bombs go off early. */
const LIMITS = { workers: 2, heapMb: 32, externalMb: 16 };
/** A bomb may take long on a busy machine: its time is not what is tested. */
const PATIENT = { timeoutMs: 100_000 };

const { sandbox, run, value } = await openTestSandbox(LIMITS);
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

const GREEDY: readonly (readonly [what: string, source: string, limit: 'heapMb' | 'externalMb'])[] = [
  ['an array', 'const a = []; for (;;) a.push(new Array(1000).fill(a.length));', 'heapMb'],
  ['an array filled at once', 'return Array(1e8).fill(0).length;', 'heapMb'],
  ['a map', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });', 'heapMb'],
  ['strings', 'const a = []; for (;;) a.push("x".repeat(1e6) + a.length);', 'heapMb'],
  ['promises', 'let p = Promise.resolve(); for (;;) p = p.then(() => {});', 'heapMb'],
  ['small typed arrays', 'const a = []; for (;;) a.push(new Uint8Array(64));', 'heapMb'],
  ['deep JSON', 'return JSON.parse("[".repeat(2e7) + "]".repeat(2e7));', 'externalMb'],
  ['a regular expression', 'return /(?:(a)|b)*$/.test("ab".repeat(5e6));', 'externalMb'],
];

for (const [what, source, limit] of GREEDY) {
  test(`memory filled by ${what} ends in MEMORY_LIMIT, which names ${limit}`, async () => {
    const end = await run(source, PATIENT);
    assert.equal(end.kind === 'stopped' && end.code, 'MEMORY_LIMIT', JSON.stringify(end));
    assert.deepEqual(end.kind === 'stopped' && end.limit, { name: limit, value: LIMITS[limit] });
    assert.match(
      end.kind === 'stopped' ? end.message : '',
      new RegExp(`limit ${limit} \\(${LIMITS[limit]}\\)`),
    );
  });
}

/** V8's last words are the same: one value too large for the heap, or no room left beside buffers. */
const UNCLEAR: readonly (readonly [what: string, source: string])[] = [
  ['a huge result', 'return "x".repeat(3e8);'],
  [
    'buffers, each failure caught,',
    'const a = []; try { for (;;) a.push(new ArrayBuffer(1e6)); } catch { for (;;) a.push({ a }); }',
  ],
];

for (const [what, source] of UNCLEAR) {
  test(`memory filled by ${what} ends in MEMORY_LIMIT, and both limits are told`, async () => {
    const end = await run(source, PATIENT);
    assert.equal(end.kind === 'stopped' && end.code, 'MEMORY_LIMIT', JSON.stringify(end));
    assert.match(end.kind === 'stopped' ? end.message : '', /heapMb \(32\) and externalMb \(16\)/);
  });
}

const REFUSED_BUFFERS: readonly (readonly [what: string, source: string])[] = [
  ['one buffer', 'return new ArrayBuffer(4e9).byteLength;'],
  ['typed arrays', 'const a = []; for (;;) a.push(new Uint8Array(2e7).fill(1));'],
  ['a buffer that grows', 'return new ArrayBuffer(1, { maxByteLength: 1e9 }).resize(5e8);'],
  ['a buffer transferred', 'return new ArrayBuffer(1).transfer(1e9);'],
];

for (const [what, source] of REFUSED_BUFFERS) {
  test(`${what} over the limit throws inside, and uncaught it names externalMb`, async () => {
    const end = await run(source, PATIENT);
    const error = end.kind === 'threw' ? end.error : assert.fail(JSON.stringify(end));
    assert.equal(error.code, 'MEMORY_LIMIT');
    assert.deepEqual(error.limit, { name: 'externalMb', value: 16 });
    assert.match(error.message, /limit externalMb \(16\).*smaller/);
    assert.equal(
      await value(`try { ${source} } catch (error) { return error.name; }`, PATIENT),
      'RangeError',
    );
  });
}

test('as much memory as the limit allows can be used', async () => {
  assert.equal(await value('return new Uint8Array(15_000_000).fill(1).length;'), 15_000_000);
  assert.equal(await value('return Array.from({ length: 200_000 }, (_, i) => ({ i })).length;'), 200_000);
});

test('buffers that a run gave back leave the next run its memory', async () => {
  for (const session of ['a', 'b', 'c']) {
    const request = { tenant: { principal: 'ann', session } };
    await value('for (let i = 0; i < 20; i++) new Uint8Array(15_000_000).fill(1); return 1;', request);
    const objects = 'return Array.from({ length: 400_000 }, (_, i) => ({ i })).length;';
    assert.equal(await value(objects, request), 400_000);
  }
});

test('after every such death the next run works', async () => {
  assert.equal(await value('return 1;'), 1);
});
