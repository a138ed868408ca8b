import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openEmbeddedAthena } from '../../backend/embedded/athena.ts';
import { catalogue } from '../../generated/catalogue.ts';
import { type AuditedCall, type Bridge, createBridge } from '../../runtime/bridge/bridge.ts';
import { decideGrant } from '../../runtime/bridge/decide-grant.ts';
import { createPrivacy } from '../../runtime/bridge/privacy.ts';
import type { ApprovalRequest, Approve } from '../../runtime/contract/approval.ts';
import type { Backend, BackendAnswer, BackendCall } from '../../runtime/contract/backend.ts';
import type { OperationId } from '../../runtime/contract/catalogue.ts';
import { NO_PAST, type RunJournal } from '../../runtime/contract/journal.ts';
import { DEFAULT_LIMITS, type Limits } from '../../runtime/contract/limits.ts';
import type { Privacy } from '../../runtime/contract/policy.ts';
import type { BeginWait, CallAnswer, GuestCall } from '../../runtime/contract/sandbox.ts';
import type { Session, SessionStore } from '../../runtime/contract/session.ts';
import { cleanValue } from '../../runtime/filter/clean-value.ts';
import { openPolicy } from '../../runtime/open-policy.ts';
import { openSessionStore } from '../../runtime/session/session-store.ts';
import { until } from '../await-state.ts';
import { newRun } from '../session/begin.ts';

const directory = mkdtempSync(join(tmpdir(), 'bridge-'));
const entries = new Map(catalogue.operations.map((entry) => [entry.id, entry]));
const signal = new AbortController().signal;
const context = { principal: 'ann', session: 's', execution: 'e' };
let athena: Backend;
let store: SessionStore;
let session: Session;
const plain = createPrivacy({ hide: [] }, catalogue.name, catalogue.operations, () => []);

const raise = (error: unknown): never => {
  throw error;
};

before(async () => {
  athena = await openEmbeddedAthena(join(directory, 'athena.sqlite'), raise);
  store = await openSessionStore(join(directory, 'sessions.sqlite'), DEFAULT_LIMITS, raise);
  const opened = await store.open('ann', 's', newRun());
  assert.ok(opened.ok);
  session = opened.session;
});
after(async () => {
  await Promise.all([athena.close(), store.close()]);
  rmSync(directory, { recursive: true });
});

interface Variation {
  readonly grant?: readonly OperationId[];
  readonly backend?: Backend;
  readonly limits?: Partial<Limits>;
  readonly privacy?: Privacy;
  readonly asked?: readonly OperationId[];
  readonly approve?: Approve;
  readonly journal?: RunJournal;
  readonly onCall?: (call: AuditedCall) => void;
  readonly onBug?: (error: unknown) => void;
}

function openBridge({
  grant = ['memory.remember', 'memory.recall'],
  backend = athena,
  limits = {},
  privacy = plain,
  asked = [],
  approve = async () => assert.fail('nobody is to be asked'),
  journal = session.journal,
  onCall = () => {},
  onBug = raise,
}: Variation = {}): Omit<Bridge, 'answer'> & {
  answer(call: Omit<GuestCall, 'number'>, signal: AbortSignal, beginWait?: BeginWait): Promise<CallAnswer>;
} {
  let calls = 0;
  const bridge = createBridge({
    catalogue,
    find: (id) => entries.get(id),
    backend,
    limits: { ...DEFAULT_LIMITS, ...limits },
    grant,
    asked,
    approve,
    context,
    variables: session.variables,
    journal,
    tokens: session.tokens,
    privacy,
    clean: async (value, replace) => (await cleanValue(value, replace)).value,
    onCall,
    onBug,
  });
  return {
    ...bridge,
    answer: (call, run, beginWait) => bridge.answer({ number: ++calls, ...call }, run, beginWait),
  };
}

/** A backend that answers as told, whatever is called. */
function answering(answer: (call: BackendCall) => Promise<BackendAnswer>): Backend {
  return { name: 'told', serves: () => true, call: answer, close: async () => undefined };
}

test('a granted call with valid parameters reaches the backend and is counted', async () => {
  const bridge = openBridge();
  const stored = await bridge.answer(
    { name: 'memory.remember', json: '{"content":"bridges hold","memory_type":"fact"}' },
    signal,
  );
  assert.equal(stored.ok, true, JSON.stringify(stored));
  const found = await bridge.answer({ name: 'memory.recall', json: '{"query":"bridges"}' }, signal);
  assert.ok(found.ok && found.json.includes('bridges hold'));
  assert.deepEqual(bridge.tally(), { made: 2, wrote: 1, unanswered: 0 });
  assert.deepEqual(bridge.warnings(), [], 'the embedded Athena keeps its schemas');
});

test('a call that policy marks ask is decided once its parameters are complete, and carried out if allowed', async () => {
  const requests: ApprovalRequest[] = [];
  const waits: string[] = [];
  const bridge = openBridge({
    asked: ['memory.remember'],
    approve: async (request) => {
      requests.push(request);
      waits.push('decided');
      return requests.length === 1 ? 'denied' : 'allowed-once';
    },
  });
  const beginWait = () => {
    waits.push('begun');
    return () => waits.push('ended');
  };
  const remember = (json: string) =>
    bridge.answer({ name: 'memory.remember', json }, signal, beginWait as BeginWait);
  const wrong = await remember('{"content":7}');
  assert.equal(!wrong.ok && wrong.code, 'INVALID_PARAMETERS');
  const json = '{"content":"decided","memory_type":"fact"}';
  const denied = await remember(json);
  assert.equal(!denied.ok && denied.code, 'APPROVAL_NEEDED');
  assert.deepEqual(bridge.tally(), { made: 0, wrote: 0, unanswered: 0 });
  assert.equal((await remember(json)).ok, true);
  assert.deepEqual(bridge.tally(), { made: 1, wrote: 1, unanswered: 0 });
  assert.equal(requests.length, 2);
  const [{ params, ...request } = assert.fail()] = requests;
  assert.deepEqual(request, { operation: 'memory.remember', sent: json });
  const { content, memory_type, ...defaults } = params;
  assert.deepEqual([content, memory_type], ['decided', 'fact']);
  assert.ok(Object.keys(defaults).length > 0, 'defaults are there');
  assert.deepEqual(waits, ['begun', 'decided', 'ended', 'begun', 'decided', 'ended']);
  assert.equal(
    (await bridge.answer({ name: 'memory.recall', json: '{"query":"decided"}' }, signal)).ok,
    true,
  );
});

test('what is allowed in the moment that the run ends is not carried out', async () => {
  const run = new AbortController();
  const bridge = openBridge({
    asked: ['memory.remember'],
    approve: async () => {
      run.abort();
      return 'allowed-once';
    },
  });
  const json = '{"content":"too late","memory_type":"fact"}';
  const answer = await bridge.answer({ name: 'memory.remember', json }, run.signal);
  assert.equal(!answer.ok && answer.code, 'APPROVAL_NEEDED');
  assert.equal(bridge.tally().made, 0);
});

/** Calls that never reach the backend: what is sent, and the code that refuses it. */
const REFUSED: readonly (readonly [string, { name: string; json: string }, string, RegExp])[] = [
  [
    'an operation outside the grant',
    { name: 'memory.forget', json: '{"memory_id":1}' },
    'NOT_GRANTED',
    /memory\.forget/,
  ],
  [
    'an operation that does not exist',
    { name: 'memory.nothing', json: '{}' },
    'NOT_GRANTED',
    /memory\.nothing/,
  ],
  ['an inherited name', { name: 'memory.constructor', json: '{}' }, 'NOT_GRANTED', /./],
  ['a name of the prototype', { name: '__proto__', json: '{}' }, 'NOT_GRANTED', /./],
  ['an invented built-in', { name: '@session.clear', json: '{}' }, 'NOT_GRANTED', /./],
  [
    'an unknown parameter',
    { name: 'memory.recall', json: '{"query":"x","limit":3}' },
    'INVALID_PARAMETERS',
    /no parameter `limit`/,
  ],
  ['a missing parameter', { name: 'memory.recall', json: '{}' }, 'INVALID_PARAMETERS', /needs `query`/],
  [
    'a parameter of another type',
    { name: 'memory.recall', json: '{"query":5}' },
    'INVALID_PARAMETERS',
    /`query` must be string, not 5\.$/,
  ],
  [
    'a value outside an enum',
    { name: 'memory.remember', json: '{"content":"x","memory_type":"rumour"}' },
    'INVALID_PARAMETERS',
    /one of \["fact".*\], not "rumour"\.$/,
  ],
  [
    'an empty text',
    { name: 'memory.remember', json: '{"content":"","memory_type":"fact"}' },
    'INVALID_PARAMETERS',
    /`content` must not be empty\.$/,
  ],
  [
    'an array instead of an object',
    { name: 'memory.recall', json: '[1]' },
    'INVALID_PARAMETERS',
    /not an array or several arguments\.$/,
  ],
  ['a text instead of an object', { name: 'memory.recall', json: '"x"' }, 'INVALID_PARAMETERS', /not "x"/],
  ['text that is no JSON', { name: 'memory.recall', json: '{query:1}' }, 'INVALID_PARAMETERS', /JSON/],
  [
    'a forbidden key',
    { name: 'memory.recall', json: '{"query":"x","__proto__":{"k":1}}' },
    'INVALID_PARAMETERS',
    /__proto__/,
  ],
  [
    'JSON nested too deep',
    { name: 'memory.recall', json: `{"query":${'['.repeat(60)}${']'.repeat(60)}}` },
    'INVALID_PARAMETERS',
    /deeper than limit jsonDepth \(50\)/,
  ],
  [
    'more than a megabyte',
    { name: 'memory.recall', json: JSON.stringify({ query: 'x'.repeat(1_100_000) }) },
    'CALL_TOO_LARGE',
    /memory\.recall: .* more than limit callRequestBytes \(1048576\)/,
  ],
];

for (const [what, call, code, message] of REFUSED) {
  test(`${what} is refused with ${code} and never reaches the backend`, async () => {
    const bridge = openBridge();
    const answer = await bridge.answer(call, signal);
    assert.equal(answer.ok, false);
    assert.equal(!answer.ok && answer.code, code);
    assert.match(answer.ok ? '' : answer.message, message);
    assert.deepEqual(bridge.tally(), { made: 0, wrote: 0, unanswered: 0 });
  });
}

test('the call after the last allowed one is refused with the limit’s name', async () => {
  const bridge = openBridge({ limits: { calls: 3 } });
  const answers = [];
  for (let index = 0; index < 5; index++)
    answers.push(await bridge.answer({ name: 'memory.recall', json: '{"query":"x"}' }, signal));
  assert.deepEqual(
    answers.map((answer) => answer.ok || answer.code),
    [true, true, true, 'CALL_LIMIT', 'CALL_LIMIT'],
  );
  assert.equal(bridge.tally().made, 3);
});

test('built-ins are no operation calls: they do not count towards the limit', async () => {
  const bridge = openBridge({ limits: { calls: 1 } });
  const params: Record<string, object> = { '@sleep': { ms: 0 }, 'memory.recall': { query: 'x' } };
  const names = [
    '@session.keys',
    '@sleep',
    '@session.keys',
    'memory.recall',
    '@session.keys',
    'memory.recall',
  ];
  const answers = [];
  for (const name of names)
    answers.push(await bridge.answer({ name, json: JSON.stringify(params[name] ?? {}) }, signal));
  assert.deepEqual(
    answers.map((answer) => answer.ok || answer.code),
    [true, true, true, true, true, 'CALL_LIMIT'],
  );
});

test('a run writes no more to its session than the session can hold', async () => {
  const bridge = openBridge({ limits: { variables: 2, variableBytes: 1_024 } });
  const json = JSON.stringify({ key: 'k', value: 'x'.repeat(600) });
  const answers = [];
  for (let n = 0; n < 4; n += 1) answers.push(await bridge.answer({ name: '@session.set', json }, signal));
  assert.deepEqual(
    answers.map((answer) => answer.ok || answer.code),
    [true, true, true, 'CALL_LIMIT'],
  );
});

test('a built-in is named in messages as programs write it', async () => {
  const answer = await openBridge().answer({ name: '@session.set', json: '[1]' }, signal);
  assert.match(answer.ok ? '' : answer.message, /^session\.set takes one object/);
});

test('what a backend answered is not repeated in a warning', async () => {
  const bridge = openBridge({ backend: answering(async () => ({ ok: true, value: 'password: hunter2' })) });
  await bridge.answer({ name: 'memory.recall', json: '{"query":"x"}' }, signal);
  assert.equal(
    bridge.warnings()[0]?.message,
    'The result of memory.recall does not match its schema: must be object.',
  );
});

test('a program that names what policy denies is told what is allowed, and the flag that would allow it', async () => {
  const effect = { operation: 'memory.forget', effect: 'delete' } as const;
  const program = { source: '', insertions: [], hash: '', effects: [effect], openNamespaces: [] };
  const policy = await openPolicy(catalogue, new Set(['read', 'write']));
  assert.deepEqual(
    decideGrant(
      program,
      policy,
      () => true,
      (id) => entries.get(id),
    ).denied,
    [
      {
        code: 'OPERATION_DENIED',
        message:
          '`memory.forget`, which has the effect `delete`, is denied by policy: this server allows the effects read, write.',
        suggestion: 'leave it out, or ask the operator to allow it with --policy',
      },
    ],
  );
});

test('an operation that the backend does not serve is refused with its own code', async () => {
  const bridge = openBridge({ grant: ['financial.trackBudget'] });
  const answer = await bridge.answer({ name: 'financial.trackBudget', json: '{"project_id":1}' }, signal);
  assert.equal(!answer.ok && answer.code, 'OPERATION_NOT_SERVED');
});

test('a result that does not match its schema is passed on, with one warning however often it happens', async () => {
  const bridge = openBridge({ backend: answering(async () => ({ ok: true, value: 'prose' })) });
  for (let index = 0; index < 3; index++) {
    assert.deepEqual(await bridge.answer({ name: 'memory.recall', json: '{"query":"x"}' }, signal), {
      ok: true,
      json: '"prose"',
    });
  }
  assert.deepEqual(
    bridge.warnings().map(({ code }) => code),
    ['RESULT_MISMATCH'],
  );
});

test('a result beyond its size does not reach the guest', async () => {
  const bridge = openBridge({
    limits: { callResultBytes: 1_024 },
    backend: answering(async () => ({ ok: true, value: 'x'.repeat(2_000) })),
  });
  const answer = await bridge.answer({ name: 'memory.recall', json: '{"query":"x"}' }, signal);
  assert.equal(!answer.ok && answer.code, 'CALL_RESULT_TOO_LARGE');
});

for (const [what, value, limit] of [
  ['nested deeper than the limit', JSON.parse('['.repeat(60) + ']'.repeat(60)), 'jsonDepth'],
  ['nested beyond all measure', JSON.parse('['.repeat(200_000) + ']'.repeat(200_000)), 'jsonDepth'],
  ['with a key that reaches a prototype', JSON.parse('{"a":{"__proto__":1}}'), undefined],
] as const) {
  test(`a result ${what} does not reach the guest`, async () => {
    const bridge = openBridge({ backend: answering(async () => ({ ok: true, value })) });
    const answer = await bridge.answer({ name: 'memory.recall', json: '{"query":"x"}' }, signal);
    const refused = answer.ok ? assert.fail(answer.json) : answer;
    assert.equal(refused.code, 'OPERATION_FAILED');
    assert.equal(refused.limit?.name, limit);
  });
}

test('a session variable may be nested as deep as a result: the object around it does not count', async () => {
  const bridge = openBridge({ limits: { jsonDepth: 8 } });
  const set = (depth: number) => {
    const json = `{"key":"deep","value":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    return bridge.answer({ name: '@session.set', json }, signal);
  };
  assert.deepEqual(await set(8), { ok: true, json: 'null' });
  await bridge.answer({ name: '@session.delete', json: '{"key":"deep"}' }, signal);
  const answer = await set(9);
  const refused = answer.ok ? assert.fail(answer.json) : answer;
  assert.deepEqual(refused.limit, { name: 'jsonDepth', value: 8 });
  assert.match(refused.message, /limit jsonDepth \(8\)\. Send a flatter value\.$/);
});

test('limits that an honest guest keeps itself carry their name and number all the same', async () => {
  const bridge = openBridge({ limits: { calls: 1, callRequestBytes: 1_024 } });
  const ask = async (json: string) => {
    const answer = await bridge.answer({ name: 'memory.recall', json }, signal);
    return answer.ok ? undefined : answer.limit;
  };
  const large = JSON.stringify({ query: 'x'.repeat(2_000) });
  assert.deepEqual(await ask(large), { name: 'callRequestBytes', value: 1_024 });
  assert.deepEqual(await ask('{"query":"x"}'), { name: 'calls', value: 1 });
});

test('a call without an answer at the end of its run is told apart from those that were answered', async () => {
  const run = new AbortController();
  const backend = answering(({ operation, signal: given }) =>
    operation === 'remember'
      ? new Promise((resolve) => {
          given.addEventListener('abort', () =>
            resolve({ ok: false, code: 'OPERATION_FAILED', message: 'aborted' }),
          );
        })
      : Promise.resolve({ ok: true, value: {} }),
  );
  const bridge = openBridge({ backend });
  await bridge.answer({ name: 'memory.recall', json: '{"query":"x"}' }, run.signal);
  const hanging = bridge.answer(
    { name: 'memory.remember', json: '{"content":"x","memory_type":"fact"}' },
    run.signal,
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  run.abort();
  await hanging;
  assert.deepEqual(bridge.tally(), { made: 2, wrote: 1, unanswered: 1 });
});

test('a call that leaves no trace in the journal is not made and not counted; one that left in an earlier life of the run is', async () => {
  const forget = { name: 'memory.forget', json: '{"memory_id":1}' };
  const options = {
    backend: answering(async () => assert.fail('not made')),
    grant: ['memory.forget'],
  } as const;
  const unwritable = openBridge({ ...options, journal: { ...session.journal, intend: async () => false } });
  const refused = await unwritable.answer(forget, signal);
  assert.equal(!refused.ok && refused.code, 'SESSION_UNAVAILABLE');
  assert.deepEqual(unwritable.tally(), { made: 0, wrote: 0, unanswered: 0 });
  const past = { ...NO_PAST, unknown: new Set([1]) };
  const resumed = openBridge({ ...options, journal: { ...session.journal, past } });
  const unknown = await resumed.answer(forget, signal);
  assert.equal(!unknown.ok && unknown.code, 'CALL_UNKNOWN');
  assert.deepEqual(resumed.tally(), { made: 1, wrote: 1, unanswered: 1 });
});

test('a call that takes too long is given up, and the backend is told', async () => {
  let told = false;
  const slow = answering(({ signal: given }) => {
    given.addEventListener('abort', () => {
      told = true;
    });
    return new Promise(() => undefined);
  });
  const answer = await openBridge({ limits: { callMs: 100 }, backend: slow }).answer(
    { name: 'memory.recall', json: '{"query":"x"}' },
    signal,
  );
  assert.equal(!answer.ok && answer.code, 'CALL_TIMEOUT');
  assert.match(answer.ok ? '' : answer.message, /100 ms/);
  assert.equal(told, true);
});

test('an exception behind a call is a bug for the log; the guest learns only that there was one', async () => {
  const bugs: unknown[] = [];
  const broken = answering(() => Promise.reject(new Error('/secret/path')));
  const answer = await openBridge({ backend: broken, onBug: (error) => bugs.push(error) }).answer(
    { name: 'memory.recall', json: '{"query":"x"}' },
    signal,
  );
  assert.equal(!answer.ok && answer.code, 'INTERNAL_ERROR');
  assert.ok(!JSON.stringify(answer).includes('/secret/path'));
  assert.equal(bugs.length, 1);
});

test('session variables go through the bridge, bound to its own session', async () => {
  const bridge = openBridge({ grant: [] });
  const ask = (name: string, params: object) => bridge.answer({ name, json: JSON.stringify(params) }, signal);
  assert.deepEqual(await ask('@session.set', { key: 'k', value: { a: 1 }, session: 'another' }), {
    ok: true,
    json: 'null',
  });
  assert.deepEqual(await ask('@session.get', { key: 'k' }), {
    ok: true,
    json: '{"found":true,"value":{"a":1}}',
  });
  assert.deepEqual(await ask('@session.keys', {}), { ok: true, json: '["k"]' });
  assert.deepEqual(await ask('@session.delete', { key: 'k' }), { ok: true, json: 'true' });
  for (const key of ['', 5, null, 'x'.repeat(201)]) {
    const answer = await ask('@session.set', { key, value: 1 });
    assert.equal(!answer.ok && answer.code, 'VARIABLE_INVALID', String(key));
  }
  assert.deepEqual(bridge.tally(), { made: 0, wrote: 0, unanswered: 0 });
});

test('sleep ends early when the run ends', async () => {
  const run = new AbortController();
  const sleeping = openBridge({ grant: [] }).answer({ name: '@sleep', json: '{"ms":600000}' }, run.signal);
  run.abort();
  assert.equal((await sleeping).ok, true);
});

const RECALL = { name: 'memory.recall', json: '{"query":"x"}' };

/** A backend whose calls stand still until they are let go on, and what it was asked with. */
function standing(calls: BackendCall[]): { readonly backend: Backend; goOn(): void } {
  const going = Promise.withResolvers<BackendAnswer>();
  const backend = answering((call) => {
    calls.push(call);
    return going.promise;
  });
  return { backend, goOn: () => going.resolve({ ok: true, value: {} }) };
}

test('a backend is listened to once somebody watches, and until its call is over', async () => {
  const calls: BackendCall[] = [];
  const { backend, goOn } = standing(calls);
  const bridge = openBridge({ backend });
  const unwatched = bridge.answer(RECALL, signal);
  await until(() => calls.length === 1);
  const look = bridge.watch();
  const watched = bridge.answer(RECALL, signal);
  await until(() => calls.length === 2);
  assert.equal(calls[0]?.onProgress, undefined);
  const tell = calls[1]?.onProgress ?? assert.fail();
  const began = { made: 2, wrote: 0, unanswered: 2 };
  assert.deepEqual(await look(), { ...began, reported: undefined });
  tell({ progress: 1, total: 2, message: 'ghp_aB3dE6gH9jaB3dE6gH9jaB3dE6gH9jaB3dE6, by +41 44 668 18 00' });
  assert.deepEqual(await look(), {
    ...began,
    reported: {
      operation: 'memory.recall',
      progress: 1,
      total: 2,
      message: '[removed: github credential], by [removed: phone]',
    },
  });
  goOn();
  await Promise.all([unwatched, watched]);
  const ended = { made: 2, wrote: 0, unanswered: 0, reported: undefined };
  assert.deepEqual(await look(), ended);
  tell({ progress: 2, total: 2, message: undefined });
  assert.deepEqual(await look(), ended, 'the call is over');
});

test('numbers that are none are not passed on', async () => {
  const calls: BackendCall[] = [];
  const { backend, goOn } = standing(calls);
  const bridge = openBridge({ backend });
  const look = bridge.watch();
  const answer = bridge.answer(RECALL, signal);
  await until(() => calls.length === 1);
  const tell = calls[0]?.onProgress ?? assert.fail();
  const report = { operation: 'memory.recall', progress: 1, total: undefined, message: undefined };
  tell({ progress: 1, total: Infinity, message: undefined });
  assert.deepEqual((await look()).reported, report);
  for (const progress of [Infinity, -Infinity, NaN]) tell({ progress, total: 5, message: undefined });
  assert.deepEqual((await look()).reported, report, 'the last with a number stays');
  goOn();
  await answer;
});

test('what an operation was told for a token stays out of what is reported', async () => {
  const [token = ''] = await session.tokens.make([{ kind: 'phone', text: '5550123' }], [catalogue.name]);
  const calls: BackendCall[] = [];
  const { backend, goOn } = standing(calls);
  const bridge = openBridge({ backend });
  const look = bridge.watch();
  const answer = bridge.answer(
    { name: 'memory.recall', json: JSON.stringify({ query: `call ${token}` }) },
    signal,
  );
  await until(() => calls.length === 1);
  assert.equal(calls[0]?.params.query, 'call 5550123');
  calls[0]?.onProgress?.({ progress: 1, total: undefined, message: 'dialling 5550123' });
  assert.equal((await look()).reported?.message, `dialling ${token}`);
  goOn();
  await answer;
});
