import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { GuestCall } from '../../runtime/contract/sandbox.ts';
import { openTestSandbox } from './harness.ts';

// Code as the check would never let through: the Compartment alone must hold.
const { sandbox, run, value, failure } = await openTestSandbox({ workers: 3 });
after(() => sandbox.close());

const EVALUATORS = [
  '({}).constructor.constructor("return globalThis")()',
  '(() => {}).constructor("return 1")()',
  '(async () => {}).constructor("return 1")()',
  '(function* () {}).constructor("yield 1")()',
  '(async function* () {}).constructor("yield 1")()',
  'Reflect.construct((() => {}).constructor, ["return 1"])',
  'new (class extends (() => {}).constructor {})("return 1")',
  'Object.getOwnPropertyDescriptor(Object.getPrototypeOf(() => {}), "constructor").value("return 1")()',
  '[]["fil" + "ter"]["const" + "ructor"]("return 1")()',
  '[]["\\x63onstructor"]["\\u0063onstructor"]("return 1")()',
  'athena.memory.recall.constructor("return 1")()',
  'console.log.constructor("return 1")()',
  'Date.constructor("return 1")()',
  'session.get.constructor("return 1")()',
  'setTimeout.constructor("return 1")()',
  'sleep(0).constructor.constructor("return 1")()',
  'await athena.memory.recall({}).then(() => {}).constructor.constructor("return 1")()',
  'Math.random.constructor("return 1")()',
  'eval("1")',
  '(0, eval)("1")',
  'new Function("return 1")',
  'new Compartment()',
  'lockdown()',
  'harden({})',
];

for (const source of EVALUATORS) {
  test(`${source} makes no code`, async () => {
    const end = await run(`return [${source}];`);
    assert.equal(end.kind, 'threw', JSON.stringify(end));
  });
}

const IMPORTS = [
  'import("node:fs")',
  'import ("node:fs")',
  'import/* */("node:fs")',
  'import\n("node:fs")',
  'import\u00a0("node:fs")',
  'import\u2028("node:fs")',
  '[...import("node:fs")]',
  'import.meta.url',
  'import.source("node:fs")',
  'import.defer("node:fs")',
  'import . defer("node:fs")',
  'im\\u0070ort("node:fs")',
  'require("node:fs")',
  'process.getBuiltinModule("node:fs")',
];

for (const source of IMPORTS) {
  test(`${JSON.stringify(source)} imports nothing`, async () => {
    const end = await run(`return String(await ${source});`);
    assert.equal(end.kind, 'threw', JSON.stringify(end));
  });
}

const ABSENT =
  'process require module Buffer WebAssembly SharedArrayBuffer Atomics WeakRef FinalizationRegistry fetch URL structuredClone performance queueMicrotask setImmediate setInterval eval Function Compartment lockdown harden assert ModuleSource getStackString crypto navigator global Worker gc TextEncoder TextDecoder Temporal Intl';

test('the powers of Node and of SES are absent', async () => {
  const source = `return ${JSON.stringify(ABSENT.split(' '))}.filter((name) => name in globalThis);`;
  assert.deepEqual(await value(source), []);
});

test('the globals of a program are exactly these', async () => {
  const names = (await value('return Object.getOwnPropertyNames(globalThis).sort();')) as string[];
  const language =
    'AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError Float16Array Float32Array Float64Array Infinity Int16Array Int32Array Int8Array Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape globalThis isFinite isNaN parseFloat parseInt undefined unescape';
  const own = 'athena clearTimeout console session setTimeout skills sleep';
  assert.deepEqual(names, [...language.split(' '), ...own.split(' ')].sort());
});

const TAMPERING = [
  'Object.prototype.polluted = 1;',
  'Array.prototype.push = () => {};',
  'Promise.prototype.then = function () {};',
  'JSON.stringify = () => "forged";',
  'Object.defineProperty(Function.prototype, "call", { value: 1 });',
  'Object.setPrototypeOf(Array.prototype, { a: 1 });',
  'globalThis.note = "for the next run";',
  'globalThis.athena = {};',
  'athena.memory = {};',
  'athena.memory.recall = () => {};',
  'athena.memory.recall.note = 1;',
  'console.log = () => {};',
  'session.get = () => {};',
  'Date.now = () => 0;',
  'Date.prototype.getTime = () => 0;',
  'Math.random = () => 0;',
  'Error.prototype.toString = null; Object.freeze(Error.prototype); Error.prototype.x = 1;',
  'Symbol.iterator = 1;',
  '(async () => {}).__proto__.x = 1;',
  'undefined = 1;',
  'undeclared = 1;',
];

for (const source of TAMPERING) {
  test(`${source} throws`, async () => {
    const end = await run(source);
    assert.equal(end.kind, 'threw', JSON.stringify(end));
  });
}

test('nothing that one run leaves behind is seen by the next', async () => {
  await run(`for (const target of [globalThis, Object.prototype, athena, athena.memory.recall, Error, Date, Math,
    console, session, Symbol, RegExp, (async () => {}).__proto__]) {
    try { target.note = 'left'; } catch {} try { Object.defineProperty(target, 'note', { value: 'left' }); } catch {} }
    Symbol.for('note'); RegExp('left').test('left');`);
  const source = `return [globalThis, Object.prototype, athena, athena.memory.recall, Error, Date, Math, console,
    session, Symbol, RegExp].map((target) => target.note ?? null).filter((note) => note !== null);`;
  assert.deepEqual(await value(source), []);
  assert.equal(await value('return RegExp.$1 ?? RegExp.lastMatch ?? RegExp.input ?? null;'), null);
});

test('a program that closes its wrapper stays in its Compartment', async () => {
  const end = await run('}); (async function () { console.log(typeof process, typeof require); return 1;');
  assert.deepEqual(
    end.logs.map((line) => line.text),
    ['undefined undefined'],
  );
});

test('the evaluated source is all that the wrapper gives away', async () => {
  assert.deepEqual(
    await value('return [arguments.length, this === undefined, typeof (function () { return this; })()];'),
    [0, true, 'undefined'],
  );
  const end = await run(
    '}); (() => { throw new Error(arguments[0].length < 200 ? "the source" : "more"); })(); (() => {',
  );
  assert.equal(end.kind === 'threw' && end.error.message, 'the source');
});

test('the caller of a function cannot be reached', async () => {
  for (const source of [
    'return (function () { return arguments.callee; })();',
    'const f = function () { return f.caller; }; return f();',
    'return athena.memory.recall.caller ?? athena.memory.recall.arguments;',
  ]) {
    const end = await run(source);
    assert.ok(end.kind === 'threw' || (end.kind === 'returned' && end.json === null), source);
  }
});

test('source text of functions shows nothing of the server', async () => {
  const text = (await value(
    `return [athena.memory.recall, console.log, session.get, sleep, setTimeout, Date, Math.random,
    Object.getOwnPropertyDescriptor(Map.prototype, 'size').get].map((f) => Function?.prototype ?? String(f)).join();`.replace(
      'Function?.prototype ?? ',
      '',
    ),
  )) as string;
  assert.doesNotMatch(text, /require|process|node:|\/work|\/home/);
});

test('calls are sent by name alone, and names that were not granted cannot be sent', async () => {
  const calls: GuestCall[] = [];
  const answer = async (call: GuestCall) => {
    calls.push(call);
    return { ok: true, json: '1' } as const;
  };
  const attempts = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'forget', 'then'];
  const source = `const seen = []; for (const name of ${JSON.stringify(attempts)}) {
    for (const [holder, label] of [[athena, 'root'], [athena.memory, 'memory']]) {
      try { const r = await holder[name]({}); seen.push(label + '.' + name); } catch {} } }
    return seen;`;
  assert.deepEqual(await value(source, { answer }), []);
  assert.deepEqual(calls, []);
});

test('a tool name that changes when it is read cannot be smuggled', async () => {
  const calls: GuestCall[] = [];
  const answer = async (call: GuestCall) => {
    calls.push(call);
    return { ok: true, json: '1' } as const;
  };
  await run(
    'let n = 0; const key = { toString: () => (n++ ? "store" : "recall") }; await athena.memory[key]({});',
    { answer },
  );
  assert.deepEqual(
    calls.map((call) => call.name),
    ['memory.recall'],
  );
});

test('parameters are read once and sent as data', async () => {
  const source = `let n = 0;
    return await athena.memory.recall({ get a() { return ++n; }, toString: 1, [Symbol('s')]: 2, nan: NaN, zero: -0,
      lone: '\\ud800', date: new Date(0), hidden: undefined, f() {}, nested: { toJSON: () => 'spoofed' } });`;
  assert.deepEqual(await value(source), {
    a: 1,
    toString: 1,
    nan: null,
    zero: 0,
    lone: '\ud800',
    date: '1970-01-01T00:00:00.000Z',
    nested: 'spoofed',
  });
});

test('__proto__ and constructor keys arrive as keys, never as prototypes', async () => {
  let sent = '';
  const answer = async (call: GuestCall) => {
    sent = call.json;
    return {
      ok: true,
      json: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    } as const;
  };
  const source = `const r = await athena.memory.recall(JSON.parse('{"__proto__":{"a":1},"constructor":2}'));
    return [r.polluted === undefined, ({}).polluted === undefined, Object.keys(r)];`;
  assert.deepEqual(await value(source, { answer }), [true, true, ['__proto__', 'constructor']]);
  assert.equal(sent, '{"__proto__":{"a":1},"constructor":2}');
});

test('a thenable result is resolved as the language says, and its throw is a failure', async () => {
  assert.equal(await value('return { then(resolve) { resolve(7); } };'), 7);
  assert.equal(await failure('return { then() { throw new Error("from then"); } };'), 'from then');
  assert.equal(await failure('return { get then() { throw new Error("getter"); } };'), 'getter');
});

test('species, hasInstance, unscopables and toPrimitive reach nothing of the host', async () => {
  assert.deepEqual(
    await value(`class P extends Promise { static get [Symbol.species]() { return Promise; } }
      class A extends Array { static get [Symbol.species]() { return function () { return {}; }; } }
      const seen = [await new P((r) => r(1)), JSON.stringify(new A(1, 2)), [1] instanceof { [Symbol.hasInstance]: () => true }.constructor];
      try { globalThis[Symbol.unscopables] = { athena: true }; seen.push('set'); } catch { seen.push('refused'); }
      return seen;`),
    [1, '[1,2]', true, 'refused'],
  );
});

test('recursion near the limit of the stack breaks no call', async () => {
  const source = `let deepest; const dive = () => { try { dive(); } catch { deepest ??= athena.memory.recall({ deep: 1 }).catch(() => 0); console.log('x'); } };
    try { dive(); } catch {} await deepest;
    return [await athena.memory.recall({ after: 1 }), await session.get('k').catch((e) => e.code ?? 'none')];`;
  const answer = async (call: GuestCall) =>
    ({ ok: true, json: call.name === '@session.get' ? '{"found":false}' : call.json }) as const;
  assert.deepEqual(await value(source, { answer }), [{ after: 1 }, null]);
});

test('a rejection storm harms nobody', async () => {
  assert.equal(
    await value('for (let i = 0; i < 20000; i++) Promise.reject(i); await sleep(1); return 1;'),
    1,
  );
});

test('the host’s own errors never reach a program', async () => {
  const answer = () => Promise.reject(new Error('/secret/path'));
  assert.equal(
    await failure('await athena.memory.recall({});', { answer }),
    'The call failed inside Athena Code Mode.',
  );
  const throwing = () => {
    throw new Error('/secret/path');
  };
  assert.equal(
    await failure('await athena.memory.recall({});', { answer: throwing }),
    'The call failed inside Athena Code Mode.',
  );
});

test('sourceURL and sourceMappingURL comments change nothing', async () => {
  const source = '//# sourceMappingURL=file:///etc/passwd\nnull.x; //# sourceURL=other.js';
  const end = await run(source);
  assert.deepEqual(end.kind === 'threw' && [end.error.line, end.error.column], [2, 6]);
});
