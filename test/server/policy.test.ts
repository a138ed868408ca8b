import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openClient, openTemporaryDirectory } from './open-client.ts';
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

function openWith(policy: unknown) {
  return openClient(join(directory.path, 'data'), ['--policy', writePolicy(policy)]);
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
