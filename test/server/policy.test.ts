import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openClient, openTemporaryDirectory, type Person } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const directory = openTemporaryDirectory();
after(() => directory.dispose());
let files = 0;

function writePolicy(policy: unknown): string {
  files += 1;
  const path = join(directory.path, `policy-${files}.json`);
  writeFileSync(path, typeof policy === 'string' ? policy : JSON.stringify(policy));
  return path;
}

async function openWith(policy: unknown, person?: Person, data = join(directory.path, 'data')) {
  return openClient(data, ['--policy', writePolicy(policy)], person);
}

const READ_AND_ASK = {
  allow: [{ effect: 'read' }, { operation: 'memory.remember' }],
  ask: [{ operation: 'memory.forget', reason: 'deleting is final' }],
  deny: [{ namespace: 'graph', reason: 'the graph is being rebuilt' }],
};
const FORGET = `
const { memory_id } = await athena.memory.remember({ content: 'short-lived', memory_type: 'fact' });
const { forgotten } = await athena.memory.forget({ memory_id });
return forgotten.content;`;

test('a dry run shows the verdict of policy for every effect, and why', async (t) => {
  const server = await openWith(READ_AND_ASK);
  t.after(() => server.close());
  const code = `await athena.graph.searchGraph({ query: 'x' }); ${FORGET}`;
  const denied = await server.execute(code, { dryRun: true });
  const verdicts = [
    {
      operation: 'graph.searchGraph',
      effect: 'read',
      verdict: 'deny',
      because: 'the graph is being rebuilt',
    },
    { operation: 'memory.forget', effect: 'delete', verdict: 'ask', because: 'deleting is final' },
    {
      operation: 'memory.remember',
      effect: 'write',
      verdict: 'allow',
      because: 'rule for operation `memory.remember`',
    },
  ];
  assert.deepEqual(denied.policy, verdicts);
  assert.equal(denied.error?.code, 'OPERATION_DENIED');
  const planned = await server.execute(FORGET, { dryRun: true });
  assert.equal(planned.ok, true);
  assert.deepEqual(planned.policy, verdicts.slice(1));
  assert.equal((await server.execute('return 1')).policy, undefined, 'only a dry run shows it');
});

test('computed access is granted what policy allows, and the reply says what was left out', async (t) => {
  const server = await openWith(READ_AND_ASK);
  t.after(() => server.close());
  const reply = await server.execute(
    "const name = 'for' + 'get'; return typeof Object(athena.memory)[name];",
  );
  assert.equal(reply.value, 'undefined');
  const [warning] = reply.warnings ?? [];
  assert.equal(warning?.code, 'COMPUTED_ACCESS');
  assert.match(warning.message, /\d+ of its 28 operations were granted.*left out: .*`memory\.forget`/);
});

test('what policy marks ask is put to a person before anything runs', async (t) => {
  const shown: string[] = [];
  let decision = 'deny';
  const server = await openWith(READ_AND_ASK, (message) => {
    shown.push(message);
    return { action: 'accept', content: { decision } };
  });
  t.after(() => server.close());
  const declined = await server.execute(FORGET);
  assert.equal(declined.error?.code, 'APPROVAL_NEEDED');
  assert.equal(declined.error.ran, 'the program never started');
  assert.match(declined.error.message, /the person declined/);
  decision = 'allow once';
  const allowed = await server.execute(FORGET);
  assert.equal(allowed.value, 'short-lived');
  assert.equal(shown.length, 2, 'once each time');
  assert.match(shown[0]!, /memory\.forget \(delete\): deleting is final[\s\S]*memory\.remember \(write\)/);
});

test('what a person allows for a session is not asked again in it, not even after a restart', async (t) => {
  const shown: string[] = [];
  const answer = (message: string) => {
    shown.push(message);
    return { action: 'accept' as const, content: { decision: 'allow for this session' } };
  };
  const path = join(directory.path, 'for-session');
  const first = await openWith(READ_AND_ASK, answer, path);
  for (let run = 0; run < 2; run++)
    assert.equal((await first.execute(FORGET, { session: 'trusted' })).value, 'short-lived');
  assert.equal(shown.length, 1);
  await first.close();
  const second = await openWith(READ_AND_ASK, answer, path);
  t.after(() => second.close());
  await second.execute(FORGET, { session: 'trusted' });
  assert.equal(shown.length, 1);
  await second.execute(FORGET, { session: 'other' });
  assert.equal(shown.length, 2, 'another session');
});

test('a person who takes longer than a run may take costs the run nothing', async (t) => {
  const server = await openWith(READ_AND_ASK, async () => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return { action: 'accept', content: { decision: 'allow once' } };
  });
  t.after(() => server.close());
  assert.equal((await server.execute(FORGET, { timeoutMs: 300 })).ok, true);
});

for (const [what, person] of [
  ['a client without elicitation', undefined],
  ['a client that breaks off', () => ({ action: 'cancel' as const })],
  [
    'a client that answers something else',
    () => ({ action: 'accept' as const, content: { decision: 'yes' } }),
  ],
] as const) {
  test(`with ${what} the program is refused, and told who could allow it`, async (t) => {
    const server = await openWith(READ_AND_ASK, person);
    t.after(() => server.close());
    const { error } = await server.execute(FORGET);
    assert.equal(error?.code, 'APPROVAL_NEEDED');
    assert.match(error.message, /nobody could be asked/);
    assert.match(error.suggestion ?? '', /--policy/);
  });
}

test('without a policy, admin operations and deleting in bulk are denied', async (t) => {
  const server = await openClient(join(directory.path, 'default'));
  t.after(() => server.close());
  for (const call of [
    'athena.memory.optimize({})',
    'athena.memory.clearWorkingMemory({})',
    "athena.hooks.triggerHook({ hook_type: 'session_start' })",
  ]) {
    assert.equal((await server.execute(`return await ${call};`)).error?.code, 'OPERATION_DENIED', call);
  }
  assert.equal((await server.execute(FORGET)).value, 'short-lived');
});

for (const [what, policy, expected] of [
  ['that is no JSON', '{', /POLICY_INVALID: The policy .*policy-\d+\.json cannot be used: .*JSON/],
  ['with an unknown verdict', { permit: [] }, /permit/],
  ['with an unknown matcher', { deny: [{ operations: 'memory.forget' }] }, /at `deny\.0`: .*operations/],
  ['with an empty rule', { deny: [{}] }, /at `deny\.0`: a rule needs at least one of operation, /],
  ['with a rule that has only a reason', { deny: [{ reason: 'x' }] }, /at least one of/],
  [
    'that names no operation there is',
    { deny: [{ operation: 'memory.forgett' }] },
    /at `deny\.0\.operation`: there is no operation "memory\.forgett", did you mean "memory\.forget"\?/,
  ],
  ['that names no tag there is', { allow: [{ tag: ['bulk', 'dangerous'] }] }, /there is no tag "dangerous"/],
] as const) {
  test(`a policy ${what} is refused at the start`, async () => {
    const { stderr, code } = await runToEnd(['--policy', writePolicy(policy)]);
    assert.equal(code, 1);
    assert.match(stderr, expected);
  });
}

test('a policy that cannot be read is refused by name, and --allow beside --policy too', async () => {
  const missing = await runToEnd(['--policy', join(directory.path, 'none.json')]);
  assert.match(missing.stderr, /POLICY_INVALID: .*none\.json/);
  const both = await runToEnd(['--policy', writePolicy({}), '--allow', 'read']);
  assert.match(both.stderr, /'--policy <file>'.*cannot be used with.*'--allow <effects>'/);
  assert.deepEqual([missing.code, both.code], [1, 1]);
});
