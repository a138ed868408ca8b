import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { until } from '../await-state.ts';
import { openTestSandbox } from './harness.ts';

// Workers whose start realm is the attacker's: no SES, no guest code of ours. `send` writes one frame.
const HELPERS = `
  const fs = require('node:fs');
  const write = (bytes) => { for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at); };
  const frame = (text) => { const b = Buffer.from(text); const h = Buffer.alloc(4); h.writeUInt32LE(b.length); return Buffer.concat([h, b]); };
  const send = (value) => write(frame(JSON.stringify(value)));
  const receive = () => {
    const fill = (b) => { for (let at = 0; at < b.length; ) { const n = fs.readSync(0, b, { offset: at }); if (n === 0) process.exit(0); at += n; } return b; };
    return JSON.parse(fill(Buffer.alloc(fill(Buffer.alloc(4)).readUInt32LE(0))).toString());
  };
  const done = (run, value) => send({ t: 'done', run, end: { json: JSON.stringify(value ?? null) }, droppedLogs: 0 });
  send({ t: 'ready' });
`;
const LINUX = process.platform === 'linux' ? false : 'these limits are Linux’s';

/** Does something hostile in each run, then loops. */
const inRun = (attack: string): string =>
  `${HELPERS} for (;;) { const { run } = receive(); ${attack} for (;;); }`;
/** Answers each run with what the attack says, and behaves otherwise. */
const answering = (attack: string): string =>
  `${HELPERS} (async () => { for (;;) { const { run } = receive(); const say = (v) => done(run, v); ${attack}; send({ t: 'ready' }); } })();`;

const VIOLATIONS: readonly (readonly [what: string, attack: string])[] = [
  ['garbage', 'write(Buffer.alloc(1000, 0x41));'],
  ['random bytes', 'write(require("node:crypto").randomBytes(100000));'],
  ['a lying length', 'write(Buffer.from([255, 255, 255, 255]));'],
  ['an empty frame', 'write(Buffer.alloc(4));'],
  ['a frame that is no JSON', 'write(frame("{"));'],
  ['a frame of an unknown kind', 'send({ t: "exec", run });'],
  ['a frame nested a million deep', 'write(frame("[".repeat(1e6)));'],
  ['a frame with a polluting key', 'write(frame(\'{"__proto__":{"t":"done"}}\'));'],
  ['a forged end', 'send({ t: "done", run, end: { json: 5 }, droppedLogs: 0 });'],
  ['a frame of another run', 'send({ t: "done", run: run + 1, end: { json: null }, droppedLogs: 0 });'],
  ['ready in the middle of a run', 'send({ t: "ready" });'],
  [
    'a call made twice',
    'for (let i = 0; i < 2; i++) send({ t: "calls", run, calls: [{ call: 1, name: "@sleep", json: "{\\"ms\\":1000}" }] });',
  ],
  [
    'a million calls at once',
    'for (let i = 0; i < 100; i++) send({ t: "calls", run, calls: Array.from({ length: 1e4 }, (_, n) => ({ call: i * 1e4 + n + 1, name: "@sleep", json: "{\\"ms\\":1000}" })) });',
  ],
  [
    'a million log lines',
    'const lines = Array(1000).fill({ level: "info", text: "x" }); for (let i = 0; i < 1000; i++) send({ t: "logs", run, lines });',
  ],
  ['a flood on standard error', 'for (;;) fs.writeSync(2, "x".repeat(4096));'],
  ['a log line of 10 MB', 'send({ t: "logs", run, lines: [{ level: "info", text: "x".repeat(1e7) }] });'],
];

for (const [what, attack] of VIOLATIONS) {
  test(`${what} from a worker is a protocol violation and its death`, async (t) => {
    const { sandbox, run, events } = await openTestSandbox({ workers: 1 }, { guest: inRun(attack) });
    t.after(() => sandbox.close());
    const end = await run('');
    assert.equal(end.kind === 'stopped' && end.code, 'PROTOCOL_VIOLATION', JSON.stringify(end).slice(0, 300));
    await until(() => events.some((event) => event.kind === 'worker-ended'));
  });
}

test('frames of an earlier run are dropped, and the worker serves no other run', async (t) => {
  const guest = answering(
    'if (run > 1) send({ t: "logs", run: run - 1, lines: [{ level: "info", text: "late" }] }); say(run)',
  );
  const { sandbox, run, events } = await openTestSandbox({ workers: 1 }, { guest });
  t.after(() => sandbox.close());
  const ends = [await run(''), await run(''), await run('')];
  assert.deepEqual(
    ends.map((end) => [end.kind === 'returned' && end.json, end.logs.length]),
    [
      ['1', 0],
      ['2', 0],
      ['1', 0],
    ],
  );
  const reasons = events.flatMap((event) => (event.kind === 'worker-ended' ? [event.reason] : []));
  assert.ok(reasons.includes('a frame of an earlier run'), reasons.join());
});

test('a worker that speaks while nothing runs is ended', async (t) => {
  const guest = answering(
    'say(run); send({ t: "ready" }); send({ t: "logs", run, lines: [{ level: "info", text: "" }] })',
  );
  const { sandbox, run, events } = await openTestSandbox({ workers: 1 }, { guest });
  t.after(() => sandbox.close());
  assert.equal((await run('')).kind, 'returned');
  await until(() => events.some((event) => event.kind === 'worker-ended'));
  assert.equal((await run('')).kind, 'returned');
});

test('a worker that dies in the middle of its answer is lost', async (t) => {
  const half =
    'write(frame(JSON.stringify({ t: "done", run, end: { json: "1" }, droppedLogs: 0 })).subarray(0, 30)); process.exit(0);';
  const { sandbox, run } = await openTestSandbox(
    { workers: 1 },
    { guest: inRun(`send({ t: "logs", run, lines: [{ level: "info", text: "begun" }] }); ${half}`) },
  );
  t.after(() => sandbox.close());
  const end = await run('');
  assert.equal(end.kind === 'stopped' && end.code, 'WORKER_LOST', JSON.stringify(end));
});

test('a worker that dies with its answer given, before it is ready again, has answered', async (t) => {
  const { sandbox, run, events } = await openTestSandbox(
    { workers: 1 },
    { guest: inRun('done(run, run); process.exit(0);') },
  );
  t.after(() => sandbox.close());
  for (const end of [await run(''), await run('')]) assert.equal(end.kind === 'returned' && end.json, '1');
  await until(() => events.filter((event) => event.kind === 'worker-ended').length >= 2);
});

test('a worker that dies whenever it is handed a run, without a word, is tried three times', async (t) => {
  const { sandbox, run, pids } = await openTestSandbox({ workers: 1 }, { guest: inRun('process.exit(0);') });
  t.after(() => sandbox.close());
  const end = await run('');
  assert.equal(end.kind === 'stopped' && end.code, 'WORKER_LOST', JSON.stringify(end));
  assert.equal(pids('worker-bound').length, 3);
});

test('a flood of standard error is cut', async (t) => {
  const guest = answering(
    'for (let i = 0; i < 300; i++) fs.writeSync(2, "e".repeat(10000)); say(1); process.exit(3)',
  );
  const { sandbox, run, events } = await openTestSandbox({ workers: 1 }, { guest });
  t.after(() => sandbox.close());
  await run('');
  await until(() => events.some((event) => event.kind === 'worker-ended'));
  const ended = events.find((event) => event.kind === 'worker-ended');
  assert.ok((ended?.stderr.length ?? 0) <= 16_384);
});

test('a worker that never reads cannot fill the server', async (t) => {
  const attack =
    'for (let n = 1; ; n++) send({ t: "calls", run, calls: [{ call: n, name: "a.b", json: "{}" }] });';
  const { sandbox, run } = await openTestSandbox(
    { workers: 1, heapMb: 32, externalMb: 16 },
    { guest: inRun(attack) },
  );
  t.after(() => sandbox.close());
  const json = JSON.stringify('x'.repeat(1e6));
  const end = await run('', { answer: async () => ({ ok: true, json }) });
  assert.ok(
    end.kind === 'stopped' && ['MEMORY_LIMIT', 'PROTOCOL_VIOLATION'].includes(end.code),
    JSON.stringify(end),
  );
});

test('a worker that dies at its start is told as SANDBOX_UNAVAILABLE', async (t) => {
  const { sandbox, run } = await openTestSandbox({}, { guest: 'process.exit(7)' });
  t.after(() => sandbox.close());
  const end = await run('return 1;');
  assert.deepEqual([end.kind === 'stopped' && end.code, end.started], ['SANDBOX_UNAVAILABLE', false]);
});

/** What code in the start realm may try, and the only answers that will do. */
const POWERS: readonly (readonly [power: string, attempt: string, allowed: RegExp])[] = [
  ['read a file', 'fs.readFileSync("/etc/passwd", "utf8")', /ERR_ACCESS_DENIED/],
  ['list a folder', 'fs.readdirSync("/")', /ERR_ACCESS_DENIED/],
  ['write a file', 'fs.writeFileSync("/tmp/escaped", "x")', /ERR_ACCESS_DENIED/],
  ['start a process', 'require("node:child_process").execSync("id")', /ERR_ACCESS_DENIED/],
  ['start a thread', 'new (require("node:worker_threads").Worker)("", { eval: true })', /ERR_ACCESS_DENIED/],
  ['load an addon', 'process.dlopen({ exports: {} }, "/tmp/x.node")', /ERR_DLOPEN_DISABLED/],
  ['open the inspector', 'require("node:inspector").open(0)', /ERR_ACCESS_DENIED/],
  [
    'connect',
    'await new Promise((_, no) => require("node:net").connect(9, "127.0.0.1").on("error", no))',
    /ERR_ACCESS_DENIED/,
  ],
  [
    'listen',
    'await new Promise((yes, no) => require("node:net").createServer().listen(0, yes).on("error", no))',
    /ERR_ACCESS_DENIED/,
  ],
  [
    'fetch',
    'await fetch("http://127.0.0.1:8080/").catch((e) => { throw e.cause ?? e; })',
    /ERR_ACCESS_DENIED/,
  ],
  ['resolve a name', 'await require("node:dns").promises.lookup("athena.invalid")', /ERR_ACCESS_DENIED/],
  [
    'signal the server',
    'process.ppid === 0 ? (() => { throw { code: "out of sight" }; })() : process.kill(process.ppid, "SIGUSR1")',
    // Where the kernel lets no namespaces be made, the server is seen, and refused all the same.
    /out of sight|EPERM/,
  ],
  [
    'see the environment',
    'Object.keys(process.env).join() === "TZ" ? (() => { throw { code: "empty" }; })() : process.env',
    /empty/,
  ],
  [
    'change the environment that libraries read, and with it the files that they read',
    '(Reflect.set(process.env, "TZ", "Asia/Tokyo"), new Date(0).getHours() === 0) ? (() => { throw { code: "frozen" }; })() : 9',
    /frozen/,
  ],
];

for (const [power, attempt, allowed] of POWERS) {
  test(`with SES broken, a worker cannot ${power}`, async (t) => {
    const guest = answering(
      `try { const got = await (async () => (${attempt}))(); say('succeeded: ' + String(got).slice(0, 50)); } catch (e) { say(String(e?.code ?? e)); }`,
    );
    const { sandbox, value } = await openTestSandbox({ workers: 1 }, { guest });
    t.after(() => sandbox.close());
    assert.match(String(await value('')), allowed);
  });
}

test('with SES and the permission model broken, a worker opens no more descriptors than its limit', {
  skip: LINUX,
}, async (t) => {
  const count = `const held = []; try { for (;;) held.push(fs.openSync('/dev/null')); } catch { say(held.length); }`;
  const confinement = { guest: answering(count), permissions: false };
  const { sandbox, value } = await openTestSandbox({ workers: 1, openFiles: 10 }, confinement);
  t.after(() => sandbox.close());
  assert.ok(((await value('')) as number) <= 10);
});

test('with SES broken, there is no SQLite to open files with', { skip: LINUX }, async (t) => {
  const write = `try { require('node:sqlite'); say('there'); } catch (e) { say(e.code); }`;
  const { sandbox, value } = await openTestSandbox({ workers: 1 }, { guest: answering(write) });
  t.after(() => sandbox.close());
  assert.equal(await value(''), 'ERR_UNKNOWN_BUILTIN_MODULE');
});

const ESCAPE_FILE = join(tmpdir(), `athena-escape-${process.pid}`);
after(() => rm(ESCAPE_FILE, { force: true }));

/** What the operating system denies when Node denies nothing. */
const SYSTEM_POWERS: readonly (readonly [power: string, attempt: string, denied: RegExp])[] = [
  ['start a process', 'require("node:child_process").execFileSync("/bin/true")', /EAGAIN/],
  [
    'connect',
    'await new Promise((_, no) => require("node:net").connect(9, "127.0.0.1").on("error", no))',
    /ENETUNREACH/,
  ],
  ['signal the server', `process.kill(${process.pid}, 0)`, /ESRCH/],
  ['write a file', `fs.writeFileSync(${JSON.stringify(ESCAPE_FILE)}, "x")`, /EFBIG/],
  ['become root again', 'process.setuid(1)', /EPERM|EINVAL/],
  [
    'hold much memory',
    'Array.from({ length: 40 }, () => new Uint8Array(1e7).fill(1)).length',
    /allocation failed/,
  ],
];

for (const [power, attempt, denied] of SYSTEM_POWERS) {
  test(`with SES and the permission model broken, a worker cannot ${power}`, { skip: LINUX }, async (t) => {
    const guest = answering(
      `try { await (async () => (${attempt}))(); say('succeeded'); } catch (e) { say(String(e?.code ?? e)); }`,
    );
    const { sandbox, value } = await openTestSandbox(
      { workers: 1, openFiles: 64 },
      { guest, permissions: false },
    );
    t.after(() => sandbox.close());
    const layers = ['namespaces (user, network, process, IPC)', 'limits on memory, files and processes'];
    if (!layers.every((layer) => sandbox.confinement.includes(layer)))
      return t.skip('the layers are not here');
    assert.match(String(await value('')), denied);
  });
}
