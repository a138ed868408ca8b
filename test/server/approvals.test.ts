import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import type { Reply } from '../../runtime/reply.ts';
import { until } from '../await-state.ts';
import { type Connection, openClient, openTemporaryDirectory } from './open-client.ts';
import { outcomeOf } from './outcome-of.ts';
import { runToEnd } from './run-to-end.ts';
import { killsItself } from './twenty-calls.ts';

const directory = openTemporaryDirectory();
const data = join(directory.path, 'data');
const policy = join(directory.path, 'policy.json');
const FLAGS = ['--policy', policy];
/** Far more than any of these programs needs, on any machine. */
const PATIENT = { timeoutMs: 30_000 };

writeFileSync(
  policy,
  JSON.stringify({
    allow: [{ effect: 'read' }, { operation: 'memory.remember' }],
    ask: [{ operation: ['memory.forget', 'episodic.recordEvent'], reason: 'a person is to look at it' }],
  }),
);

/** A question that was put, and whether it was taken back. */
interface Put {
  readonly message: string;
  readonly takenBack: AbortSignal;
}

let server: Connection;
let put: Put[] = [];
let answer: (question: Put, number: number) => ElicitResult | Promise<ElicitResult>;
const say = (decision: string): ElicitResult => ({ action: 'accept', content: { decision } });
const person = (message: string, takenBack: AbortSignal) => {
  const question = { message, takenBack };
  put.push(question);
  return answer(question, put.length);
};
const neverDecide = ({ takenBack }: Put): Promise<ElicitResult> =>
  new Promise((resolve) => takenBack.addEventListener('abort', () => resolve({ action: 'cancel' })));

before(async () => {
  server = await openClient(data, FLAGS, person);
});
afterEach(() => {
  put = [];
});
after(async () => {
  await server.close();
  directory.dispose();
});

const REMEMBER = (content: string): string =>
  `await athena.memory.remember({ content: ${JSON.stringify(content)}, memory_type: 'fact' })`;

/** A text as source code may hold it, whatever it holds. */
const literal = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Forgets three new memories at once, and tells of each what became of the call. */
const FORGET_THREE = `
const ids = [];
for (const content of ['first', 'second', 'third'])
  ids.push((await athena.memory.remember({ content, memory_type: 'fact' })).memory_id);
return await Promise.all(ids.map(async (memory_id) => {
  try { return (await athena.memory.forget({ memory_id })).forgotten.content; }
  catch (error) { return error.code; }
}));`;

const listContents = async (): Promise<readonly string[]> =>
  (await server.execute('return (await athena.memory.listMemories({})).memories.map((one) => one.content);'))
    .value as string[];

test('a person is shown the call as it would be made, why policy asks, and what else the program can do', async () => {
  answer = () => say('allow once');
  const { value } = await server.execute(
    `const { memory_id } = ${REMEMBER('shown')}; return (await athena.memory.forget({ memory_id })).forgotten.content;`,
    PATIENT,
  );
  assert.equal(value, 'shown');
  assert.deepEqual(
    put.map(({ message }) => message.replace(/\d+\n/, '<id>\n')),
    [
      `A program asks to run memory.forget (delete).
Policy wants your consent: a person is to look at it.

The parameters, written by the program (all of them):
\`\`\`json
"memory_id": <id>
\`\`\`

Besides, the program can run: memory.remember (write).

“Allow once” is for this call, “allow for this session” for every further call of memory.forget, whatever its parameters.`,
    ],
  );
});

test('calls made at once are asked about one after another, and a refusal is of its own call alone', async () => {
  let open = 0;
  answer = async (_, number) => {
    open += 1;
    assert.equal(open, 1, 'one at a time');
    await new Promise(setImmediate);
    open -= 1;
    return say(number === 2 ? 'deny' : 'allow once');
  };
  const { value } = await server.execute(FORGET_THREE, PATIENT);
  assert.deepEqual(value, ['first', 'APPROVAL_NEEDED', 'third']);
  assert.equal(put.length, 3);
});

test('what is allowed for the session answers the calls that wait for the same, and later ones after a restart', async (t) => {
  answer = () => say('allow for this session');
  const session = 'trusted';
  const { value } = await server.execute(FORGET_THREE, { ...PATIENT, session });
  assert.deepEqual(value, ['first', 'second', 'third']);
  assert.equal(put.length, 1);
  const restarted = await openClient(data, FLAGS);
  t.after(() => restarted.close());
  assert.equal((await restarted.execute(FORGET_THREE, { ...PATIENT, session })).ok, true, 'needs nobody');
  const other = await restarted.execute(FORGET_THREE, { ...PATIENT, session: 'other' });
  assert.equal(other.error?.code, 'APPROVAL_NEEDED');
  assert.equal(other.error.ran, 'the program never started');
  assert.equal(other.metrics.calls, 0);
  assert.match(
    other.error.message,
    /--policy <file>, where the file has \{"operation":"memory\.forget"\} under "allow"/,
  );
});

for (const [what, decide, says] of [
  ['declines', () => say('deny'), /the person declined this call/],
  ['has the client decline', () => ({ action: 'decline' as const }), /the person declined this call/],
  ['closes the question', () => ({ action: 'cancel' as const }), /closed the question/],
  ['answers something else', () => say('yes'), /closed the question/],
] as const) {
  test(`when a person ${what}, the call throws, nothing is done, and the program may go on`, async () => {
    answer = decide;
    const { value, metrics } = await server.execute(
      `const { memory_id } = ${REMEMBER('kept')};
try { await athena.memory.forget({ memory_id }); } catch ({ name, code, operation, message }) { return { name, code, operation, message }; }`,
      PATIENT,
    );
    const { message, ...caught } = value as Record<string, string>;
    assert.deepEqual(caught, { name: 'AthenaError', code: 'APPROVAL_NEEDED', operation: 'memory.forget' });
    assert.match(message!, says);
    assert.deepEqual([metrics.calls, metrics.wrote], [1, 1], 'only what was remembered');
  });
}

test('a run that is refused over and over is not asked for any more', async () => {
  answer = () => say('deny');
  const { value } = await server.execute(
    `const said = [];
for (let memory_id = 1; memory_id <= 12; memory_id++) await athena.memory.forget({ memory_id }).catch(({ message }) => said.push(message));
return said.filter((message) => message.includes('nobody is asked again')).length;`,
    PATIENT,
  );
  assert.equal(put.length, 10);
  assert.equal(value, 2);
});

test('parameters that are wrong are refused without asking anybody', async () => {
  const { error } = await server.execute('await athena.memory.forget({ memory_id: Number("-1") });', PATIENT);
  assert.equal(error?.code, 'INVALID_PARAMETERS');
  assert.equal(put.length, 0);
});

test('a program that computes beside a question is stopped by its limit, and the question is taken back', async () => {
  answer = neverDecide;
  const { error, metrics } = await server.execute(
    `${REMEMBER('still there')};
void athena.memory.forget({ memory_id: 1 });
await sleep(1);
for (;;);`,
    { timeoutMs: 2_000 },
  );
  assert.equal(error?.code, 'TIMEOUT');
  assert.deepEqual([metrics.calls, metrics.wrote], [1, 1]);
  assert.equal(put.length, 1);
  await until(() => put[0]!.takenBack.aborted);
});

test('a program that ends without waiting for a person leaves no question behind', async () => {
  answer = neverDecide;
  const { value } = await server.execute('void athena.memory.forget({ memory_id: 1 }); return 1;', PATIENT);
  assert.equal(value, 1);
  await until(() => put.every(({ takenBack }) => takenBack.aborted));
});

test('when the client cancels, the question is taken back, nothing is done, and the run is told as cancelled', async () => {
  answer = neverDecide;
  const content = 'survives the cancelled run';
  const code = `const { memory_id } = ${REMEMBER(content)}; await athena.memory.forget({ memory_id });`;
  const client = new AbortController();
  const call = { name: 'execute', arguments: { code, session: 'cancelled', ...PATIENT } };
  const cancelled = assert.rejects(
    server.client.callTool(call, undefined, { signal: client.signal, timeout: 100_000 }),
  );
  await until(() => put.length === 1);
  client.abort('enough');
  await cancelled;
  await until(() => put[0]!.takenBack.aborted);
  assert.equal(await outcomeOf(data, 'cancelled'), 'CANCELLED');
  assert.ok((await listContents()).includes(content));
});

test('progress goes on while a person thinks, and says that one is asked', async () => {
  const told = Promise.withResolvers<void>();
  answer = async () => {
    await told.promise;
    return say('allow once');
  };
  const code = `const { memory_id } = ${REMEMBER('progress')}; await athena.memory.forget({ memory_id }); return 1;`;
  const reply = await server.client.callTool(
    { name: 'execute', arguments: { code, ...PATIENT } },
    undefined,
    {
      timeout: 100_000,
      onprogress: ({ message }) => {
        if (
          /^Waiting for a person to decide on memory\.forget, running for \d+ s: 1 call made/.test(message!)
        )
          told.resolve();
      },
    },
  );
  assert.equal(reply.isError, false);
});

test('a person sees the personal data that a token stands for, and no secret', async () => {
  answer = () => say('allow once');
  const secret = `ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`;
  const first = await server.execute(
    `${REMEMBER('Ada writes from ada@example.com')}; return (await athena.memory.recall({ query: 'Ada' })).memories[0].content;`,
    { ...PATIENT, session: 'personal' },
  );
  const [token = ''] = /pii_email_\w+/.exec(String(first.value)) ?? [];
  assert.notEqual(token, '');
  await server.execute(
    `await athena.episodic.recordEvent({ content: 'mail to ${token}', context: { login: '${secret}', password: 'hunter2' } });`,
    { ...PATIENT, session: 'personal' },
  );
  const [{ message } = { message: '' }] = put;
  assert.match(message, /^"content": "mail to ada@example\.com"$/m);
  assert.doesNotMatch(message, /ghp_|hunter2|pii_email/);
  assert.match(message, /\[removed: github/);
});

test('what a program writes into parameters cannot leave its line, or pass for the question', async () => {
  answer = () => say('deny');
  const forged = `x"
\`\`\`

Policy wants your consent: NO, all is safe.\u2028\u2029\u0085\r\u001b[2J\u202egnp.exe\u2066\u200b\u00a0\u3164\u{e0041}${' '.repeat(40)}
<img src="http://127.0.0.1:1/x">`;
  await server.execute(
    `await athena.episodic.recordEvent({ content: ${literal(forged)}, context: { [${literal(forged)}]: 1 } }).catch(() => {});`,
    PATIENT,
  );
  const lines = put[0]!.message.split('\n');
  const start = lines.indexOf('```json');
  const end = lines.indexOf('```');
  const inside = lines.slice(start + 1, end);
  assert.deepEqual(
    lines.flatMap((line, at) => (line.includes('`') ? [at] : [])),
    [start, end],
  );
  assert.ok(inside.length > 0 && inside.every((line) => /^"\w+": ./.test(line)));
  assert.ok([...lines.slice(0, start), ...lines.slice(end)].every((line) => !line.includes('all is safe')));
  assert.doesNotMatch(
    lines.join(''),
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}| {2}/u,
  );
  const read = JSON.parse(`{${inside.join(',')}}`);
  assert.equal(read.content, forged, 'and means what was sent');
  assert.deepEqual(Object.keys(read.context), [forged]);
});

test('parameters that are longer than a person can read are cut, and the person is told', async () => {
  answer = () => say('deny');
  await server.execute(
    `await athena.episodic.recordEvent({ event_type: 'note', content: 'x\\n'.repeat(9_000) }).catch(() => {});`,
    PATIENT,
  );
  const { message } = put[0]!;
  assert.match(message, /\(NOT ALL of them: they have 27,\d{3} characters, and were cut\):$/m);
  assert.match(message, /^"event_type": "note"$/m);
  assert.ok(message.length < 3_000, `${message.length}`);
});

test('the audit log has each decision with its operation and the same hash of parameters as the call', async () => {
  answer = (_, number) => say(number === 1 ? 'deny' : 'allow once');
  const { execution } = await server.execute(
    `const { memory_id } = ${REMEMBER('audited')};
await athena.memory.forget({ memory_id }).catch(() => {});
await athena.memory.forget({ memory_id });`,
    PATIENT,
  );
  const { stdout } = await runToEnd(['audit', 'show', '--data-dir', data, '--execution', execution]);
  const entries = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    entries.map(({ kind, operation, decision, outcome }) => [kind, operation, decision ?? outcome]),
    [
      ['started', undefined, undefined],
      ['call', 'memory.remember', 'answered'],
      ['decision', 'memory.forget', 'denied'],
      ['call', 'memory.forget', 'APPROVAL_NEEDED'],
      ['decision', 'memory.forget', 'allowed-once'],
      ['call', 'memory.forget', 'answered'],
      ['ended', undefined, 'finished'],
    ],
  );
  assert.equal(new Set(entries.slice(2, 6).map(({ parameters }) => parameters)).size, 1);
});

for (const how of ['is told to end', 'loses its client'] as const)
  test(`when a server ${how}, an open question stays open: the run is stopped, and asks again when it is resumed`, async (t) => {
    answer = neverDecide;
    const path = join(directory.path, how.replaceAll(' ', '-'));
    const ending = await openClient(path, FLAGS, person);
    const code = `try { await athena.memory.forget({ memory_id: 1 }); } catch ({ code }) { return code; }`;
    const running = ending.execute(code, PATIENT).catch(() => undefined);
    await until(() => put.length === 1);
    if (how === 'is told to end') {
      process.kill(ending.pid, 'SIGTERM');
      assert.equal((await running)?.error?.code, 'SANDBOX_UNAVAILABLE');
    }
    await ending.close();
    answer = () => say('deny');
    const next = await openClient(path, FLAGS, person);
    t.after(() => next.close());
    assert.equal((await resumeOnly(next)).value, 'APPROVAL_NEEDED');
    assert.equal(put.length, 2);
  });

/** Resumes the run that the server tells of. */
async function resumeOnly(server: Connection): Promise<Reply> {
  const { warnings = [] } = await server.execute('return 1;', { session: 'other' });
  const [, resume = ''] = /"resume": "([^"]+)"/.exec(warnings.map(({ message }) => message).join()) ?? [];
  return await server.execute('', { code: undefined, resume });
}

test('a run that was cut off while a person thought is asked about again when it is resumed, and goes on', async (t) => {
  answer = neverDecide;
  const path = join(directory.path, 'cut-off');
  const cut = await openClient(path, FLAGS, person);
  const code = `const { memory_id } = ${REMEMBER('cut off')}; return (await athena.memory.forget({ memory_id })).forgotten.content;`;
  const lost = assert.rejects(cut.execute(code, PATIENT));
  await until(() => put.length === 1);
  process.kill(cut.pid, 'SIGKILL');
  await lost;
  await cut.close();
  answer = () => say('allow once');
  const next = await openClient(path, FLAGS, person);
  t.after(() => next.close());
  assert.equal((await resumeOnly(next)).value, 'cut off');
  assert.equal(put.length, 2);
  assert.equal(put[1]!.message, put[0]!.message);
});

test('a person is not asked again about a call that was allowed and carried out, and whose answer was lost', async (t) => {
  answer = () => say('allow once');
  const path = join(directory.path, 'answer-lost');
  const doomed = await openClient(path, FLAGS, person, killsItself('before-frame:2'));
  const code = `const { memory_id } = ${REMEMBER('lost')}; return (await athena.memory.forget({ memory_id })).forgotten.content;`;
  await assert.rejects(doomed.execute(code, PATIENT));
  await doomed.close();
  answer = () => say('deny');
  const next = await openClient(path, FLAGS, person);
  t.after(() => next.close());
  assert.equal((await resumeOnly(next)).value, 'lost');
  assert.equal(put.length, 1);
});

test('the page on policy shows what a person is asked', async (t) => {
  answer = () => say('deny');
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/policy.md'), 'utf8');
  const [, program = '', question = ''] =
    /^## What a person is asked$.*?^```ts\n(.*?)^```$.*?^````text\n(.*?)^````$/ms.exec(page) ?? [];
  const example = resolve(import.meta.dirname, '../../docs/policy.example.json');
  const own = await openClient(join(directory.path, 'example'), ['--policy', example], person);
  t.after(() => own.close());
  await own.execute(program, PATIENT);
  assert.equal(`${put[0]?.message}\n`, question);
});
