import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { GuestCall } from '../../runtime/contract/sandbox.ts';
import { echo, NOW, openTestSandbox } from './harness.ts';

const { sandbox, run, value, failure } = await openTestSandbox({
  resultBytes: 10_000,
  logLines: 20,
  logBytes: 2_000,
  calls: 150,
  callRequestBytes: 5_000,
});
after(() => sandbox.close());

test('what a program returns comes back as JSON', async () => {
  assert.deepEqual(await value('return { a: [1, "two", null, true] };'), { a: [1, 'two', null, true] });
  assert.equal(await value('const x = 1;'), undefined);
  assert.equal(await value('return null;'), null);
  assert.equal(await value('return await Promise.resolve(4);'), 4);
});

test('maps, sets, typed arrays and errors keep what JSON would drop', async () => {
  const source = `return {
    map: new Map([['a', new Set([1, 2])]]), pairs: new Map([[1, 2]]), floats: new Float64Array([0.5]),
    error: new TypeError('bad'),
  };`;
  assert.deepEqual(await value(source), {
    map: { a: [1, 2] },
    pairs: [[1, 2]],
    floats: [0.5],
    error: { name: 'TypeError', message: 'bad' },
  });
});

const REFUSED: readonly (readonly [source: string, code: string, message: RegExp])[] = [
  ['return 10n;', 'RESULT_NOT_JSON', /BigInt/],
  ['const a = {}; a.a = a; return a;', 'RESULT_NOT_JSON', /contains itself/],
  ['return () => 1;', 'RESULT_NOT_JSON', /returned \[function\]/],
  ['return Symbol("s");', 'RESULT_NOT_JSON', /Symbol\(s\)/],
  ['return { rows: athena.memory.recall({}) };', 'RESULT_NOT_JSON', /`rows` is a promise/],
  [
    'let a = []; for (let i = 0; i < 100000; i++) a = [a]; return a;',
    'RESULT_TOO_LARGE',
    /deeper than limit jsonDepth \(50\)/,
  ],
  ['return { get a() { throw new Error("no"); } };', 'RESULT_NOT_JSON', /threw .*: no/],
  ['return { toJSON() { throw null; } };', 'RESULT_NOT_JSON', /threw/],
  [
    'return "x".repeat(10000);',
    'RESULT_TOO_LARGE',
    /is 10002 bytes as JSON, more than limit resultBytes \(10000\)\./,
  ],
  ['return "é".repeat(5000);', 'RESULT_TOO_LARGE', /10002 bytes/],
];

for (const [source, code, message] of REFUSED) {
  test(`${source} is refused with ${code}`, async () => {
    const end = await run(source);
    assert.equal(end.kind, 'stopped');
    assert.equal(end.kind === 'stopped' && end.code, code);
    assert.match(end.kind === 'stopped' ? end.message : '', message);
  });
}

test('a getter of a result is read once', async () => {
  assert.deepEqual(await value('let n = 0; return { get a() { return ++n; } };'), { a: 1 });
});

test('the clock stands still between answers and moves with them', async () => {
  assert.equal(await value('return Date.now();'), NOW);
  assert.deepEqual(await value('return [new Date(), Date.now() - +new Date(), typeof Date()];'), [
    '2023-11-14T22:13:20.000Z',
    0,
    'string',
  ]);
  const [before, between] = (await value(`
    const before = Date.now(); for (let i = 0; i < 1e6; i++); const still = Date.now() - before;
    await sleep(30); return [still, Date.now() - before];`)) as number[];
  assert.equal(before, 0);
  assert.ok((between ?? 0) >= 25);
});

test('Date works as everywhere: parts, parsing, UTC, subclasses, locale', async () => {
  assert.deepEqual(
    await value(`
      class Day extends Date {}
      const d = new Date(2024, 0, 31);
      return [d.getMonth(), Date.UTC(2024, 0), Date.parse('2024-01-01'), d instanceof Date,
        new Day(0).toISOString(), new Date(0).toLocaleDateString('en-US'), (1234.5).toLocaleString('en-US'),
        d.getTimezoneOffset()];`),
    [0, 1704067200000, 1704067200000, true, '1970-01-01T00:00:00.000Z', '1/1/1970', '1,234.5', 0],
  );
});

test('Math.random repeats for the same seed, differs for another, and is spread over 0 to 1', async () => {
  const draw = 'return Array.from({ length: 400 }, Math.random);';
  const [first, again, other] = [
    await value(draw),
    await value(draw),
    await value(draw, { seed: 'f'.repeat(32) }),
  ] as [number[], number[], number[]];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  assert.ok(first.every((x) => x >= 0 && x < 1));
  const mean = first.reduce((sum, x) => sum + x, 0) / first.length;
  assert.ok(Math.abs(mean - 0.5) < 0.1, `mean ${mean}`);
  assert.equal(await value('return Math.max(1, Math.hypot(3, 4));'), 5);
});

test('operations are called with one object and answer with values', async () => {
  const calls: GuestCall[] = [];
  const answer = (call: GuestCall) => {
    calls.push(call);
    return echo(call);
  };
  assert.deepEqual(
    await value('return [await athena.memory.recall({ query: "x" }), await athena.task.list()];', { answer }),
    [{ query: 'x' }, {}],
  );
  assert.deepEqual(calls, [
    { number: 1, name: 'memory.recall', json: '{"query":"x"}' },
    { number: 2, name: 'task.list', json: '{}' },
  ]);
});

test('what is no single object is sent as it was, for the bridge to refuse', async () => {
  assert.deepEqual(await value('return await athena.memory.recall({ a: 1 }, 2);'), [{ a: 1 }, 2]);
  assert.equal(await value('return await athena.memory.recall("text");'), 'text');
  assert.equal(await value('return await athena.memory.recall(null);'), null);
});

test('only granted operations exist', async () => {
  assert.deepEqual(await value('return [Object.keys(athena), Object.keys(athena.memory)];'), [
    ['memory', 'task'],
    ['recall', 'store'],
  ]);
  assert.deepEqual(await value('return [athena.graph, athena.memory.forget, athena.constructor];'), [
    null,
    null,
    null,
  ]);
  assert.equal(await failure('await athena.memory.forget({});'), 'athena.memory.forget is not a function');
});

test('a failed call throws an AthenaError that the program can catch', async () => {
  const answer = async () => ({ ok: false, code: 'OPERATION_FAILED', message: 'no such task' }) as const;
  const source = `try { await athena.task.list(); } catch (e) {
    return [e instanceof Error, e.name, e.code, e.operation, e.message]; }`;
  assert.deepEqual(await value(source, { answer }), [
    true,
    'AthenaError',
    'OPERATION_FAILED',
    'task.list',
    'no such task',
  ]);
  const end = await run('const a = 1;\n  await athena.task.list();', { answer });
  assert.deepEqual(end.kind === 'threw' && end.error, {
    name: 'AthenaError',
    message: 'no such task',
    code: 'OPERATION_FAILED',
    line: 2,
    column: 3,
  });
});

test('parameters that are no JSON are refused inside, with the code of a wrong parameter', async () => {
  for (const argument of ['{ n: 1n }', '() => 1', 'Symbol("s")', 'loop']) {
    const source = `const loop = {}; loop.loop = loop;
      try { await athena.memory.recall(${argument}); } catch (e) { return e.code; }`;
    assert.equal(await value(source), 'INVALID_PARAMETERS', argument);
  }
});

test('limits of calls are refused inside, and can be caught', async () => {
  const codes = `const codes = (await Promise.allSettled(calls)).map((c) => c.reason?.code ?? 'ok');
    return [codes.filter((c) => c === 'ok').length, codes.at(-1)];`;
  assert.deepEqual(
    await value(`const calls = Array.from({ length: 200 }, () => athena.task.list()); ${codes}`),
    [150, 'CALL_LIMIT'],
  );
  assert.deepEqual(await value(`const calls = [athena.memory.store({ text: 'x'.repeat(5000) })]; ${codes}`), [
    0,
    'CALL_TOO_LARGE',
  ]);
});

test('calls made at once are all in flight together', async () => {
  const all = Promise.withResolvers<void>();
  let running = 0;
  const answer = async (call: GuestCall) => {
    running += 1;
    if (running === 100) all.resolve();
    await all.promise;
    return echo(call);
  };
  const source = `
    const all = await Promise.all(Array.from({ length: 100 }, (_, i) => athena.memory.recall({ i })));
    return all.every(({ i }, at) => i === at);`;
  assert.equal(await value(source, { answer }), true);
});

test('a call made while another waits does not wait for it', async () => {
  const others = Promise.withResolvers<void>();
  const answer = async (call: GuestCall) => {
    const { name } = JSON.parse(call.json);
    if (name === 'slow') await others.promise;
    if (name === 2) others.resolve();
    return echo(call);
  };
  const source = `
    const order = [];
    const slow = athena.memory.recall({ name: 'slow' }).then(() => order.push('slow'));
    await sleep(20);
    for (let n = 0; n < 3; n += 1) order.push((await athena.memory.recall({ name: n })).name);
    await slow;
    return order;`;
  assert.deepEqual(await value(source, { answer }), [0, 1, 2, 'slow']);
});

test('arguments changed after the call do not change the call', async () => {
  const source = 'const p = { a: 1 }; const sent = athena.memory.recall(p); p.a = 2; return await sent;';
  assert.deepEqual(await value(source), { a: 1 });
});

test('the session is reached through built-in calls', async () => {
  const calls: GuestCall[] = [];
  const answers: Record<string, unknown> = {
    '@session.get': { found: true, value: [1] },
    '@session.set': null,
    '@session.delete': true,
    '@session.keys': ['k'],
  };
  const answer = async (call: GuestCall) => {
    calls.push(call);
    return { ok: true, json: JSON.stringify(answers[call.name]) } as const;
  };
  const source = `return [await session.get('k'), await session.set('k', { v: 1 }) ?? 'set',
    await session.delete('k'), await session.keys()];`;
  assert.deepEqual(await value(source, { answer, operations: [] }), [[1], 'set', true, ['k']]);
  assert.deepEqual(calls, [
    { number: 1, name: '@session.get', json: '{"key":"k"}' },
    { number: 2, name: '@session.set', json: '{"key":"k","value":{"v":1}}' },
    { number: 3, name: '@session.delete', json: '{"key":"k"}' },
    { number: 4, name: '@session.keys', json: '{}' },
  ]);
});

test('each call of a namespace says which, and no name is not the default one', async () => {
  const sent: string[] = [];
  const answer = async ({ name, json }: GuestCall) => {
    sent.push(`${name} ${json}`);
    return { ok: true, json: '{"found":false}' } as const;
  };
  const source = `const billing = session.namespace('billing');
    await billing.get('k'); await billing.set('k', 1); await billing.delete('k'); await billing.keys();
    await session.namespace(undefined).keys();
    return [Object.isFrozen(billing), Object.getPrototypeOf(billing), billing.namespace ?? 'none'];`;
  assert.deepEqual(await value(source, { answer, operations: [] }), [true, null, 'none']);
  assert.deepEqual(sent, [
    '@session.get {"key":"k","namespace":"billing"}',
    '@session.set {"key":"k","value":1,"namespace":"billing"}',
    '@session.delete {"key":"k","namespace":"billing"}',
    '@session.keys {"namespace":"billing"}',
    '@session.keys {"namespace":null}',
  ]);
});

test('a variable that is not there is undefined', async () => {
  const answer = async () => ({ ok: true, json: '{"found":false}' }) as const;
  assert.equal(await value('return (await session.get("k")) === undefined;', { answer }), true);
});

test('timers run over sleep, in order, can be cleared, and never outlive the run', async () => {
  const source = `const seen = [];
    setTimeout((...args) => seen.push(...args), 20, 'late', 1);
    setTimeout(() => seen.push('early'), 1);
    clearTimeout(setTimeout(() => seen.push('never'), 1));
    setTimeout(() => seen.push('after the end'), 100_000);
    await sleep(60); return seen;`;
  assert.deepEqual(await value(source), ['early', 'late', 1]);
  assert.equal(await failure('setTimeout("code", 1);'), 'setTimeout needs a function.');
});

test('log lines are text: levels, objects, cycles, getters and proxies', async () => {
  const end = await run(`
    const a = { n: 1, list: [1, [2]], get g() { throw new Error('never run'); } }; a.self = a;
    console.log('start', a); console.warn(new Map([['k', new Set([1n])]])); console.error(new TypeError('bad'));
    console.debug([undefined, null, -0, 'text', () => 1, Symbol('s')]);
    console.info(new Proxy({}, { ownKeys() { throw 1; } })); class Point { x = 1; } console.trace(new Point());
    console.log({ a: { b: { c: { d: { e: 1 } } } } });`);
  assert.deepEqual(end.logs, [
    { level: 'info', text: 'start { n: 1, list: [1, [2]], g: [getter], self: [circular] }' },
    { level: 'warn', text: 'Map { "k" => Set { 1n } }' },
    { level: 'error', text: '[TypeError: bad]' },
    { level: 'debug', text: '[undefined, null, -0, "text", [function], Symbol(s)]' },
    { level: 'info', text: '[unreadable]' },
    { level: 'debug', text: 'Point { x: 1 }' },
    { level: 'info', text: '{ a: { b: { c: { d: {…} } } } }' },
  ]);
});

test('no line can begin another or steer a terminal', async () => {
  const end = await run('console.log("a\\n[error] forged\\r\\u001b[31mred\\u2028\\u202eb\\tc");');
  assert.deepEqual(end.logs, [
    { level: 'info', text: 'a\\n[error] forged\\r\\u001b[31mred\\u2028\\u202eb\tc' },
  ]);
});

test('lines beyond the limits are dropped and counted', async () => {
  const many = await run('for (let i = 0; i < 25; i++) console.log(i);');
  assert.deepEqual([many.logs.length, many.droppedLogs], [20, 5]);
  assert.deepEqual(many.logLimit, { name: 'logLines', value: 20 });
  const long = await run('console.log("x".repeat(1e8)); console.log("after");');
  assert.deepEqual([long.logs.length, long.droppedLogs], [0, 2]);
  assert.equal(long.logLimit?.name, 'logBytes');
});

test('of a run that is killed it is still known that its log was cut', async () => {
  const end = await run('for (;;) console.log("again");', { timeoutMs: 1_000 });
  assert.equal(end.kind === 'stopped' && end.code, 'TIMEOUT');
  assert.equal(end.logs.length, 20);
  assert.deepEqual(end.logLimit, { name: 'logLines', value: 20 });
});

test('a run that is killed still shows what it said before', async () => {
  const end = await run('console.log("here"); while (true) {}', { timeoutMs: 1_000 });
  assert.deepEqual(end.logs, [{ level: 'info', text: 'here' }]);
});
