import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuditedDecision, createApprove } from '../../runtime/bridge/create-approve.ts';
import { refuseUnapproved } from '../../runtime/bridge/refuse-unapproved.ts';
import type { ApprovalQuestion, AskPerson } from '../../runtime/contract/approval.ts';
import type { OperationId } from '../../runtime/contract/catalogue.ts';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import type { JudgedEffect, Verdict } from '../../runtime/contract/policy.ts';

const judged = (operation: OperationId, verdict: Verdict): JudgedEffect => ({
  operation,
  effect: verdict === 'allow' ? 'read' : 'delete',
  verdict,
  because: 'the test says so',
});
const JUDGED = [
  judged('memory.forget', 'ask'),
  judged('tasks.deleteTask', 'ask'),
  judged('memory.recall', 'allow'),
  judged('memory.clear', 'ask'),
];
const { signal } = new AbortController();

function open({
  ask,
  minutes = 1,
  stored = new Set<OperationId>(),
}: {
  ask: AskPerson | undefined;
  minutes?: number;
  stored?: Set<OperationId>;
}) {
  const decisions: AuditedDecision[] = [];
  const approve = createApprove({
    grant: {
      operations: ['memory.forget', 'tasks.deleteTask', 'memory.recall'],
      asked: JUDGED.slice(0, 2),
      denied: [],
      judged: JUDGED,
      warnings: [],
    },
    approvals: {
      list: async () => new Set(stored),
      add: async (operations) => {
        for (const operation of operations) stored.add(operation);
      },
    },
    ask,
    minutes,
    show: async (params) => ({ text: JSON.stringify(params), characters: 0, isCut: false }),
    onDecision: (decision) => decisions.push(decision),
  });
  const decide = (operation: OperationId, params = {}, runSignal = signal) =>
    approve({ operation, params, sent: JSON.stringify(params) }, runSignal);
  return { decide, decisions, stored };
}

test('a person is told the other operations of the grant, and none that the program cannot call', async () => {
  const questions: ApprovalQuestion[] = [];
  const { decide } = open({
    ask: async (question) => {
      questions.push(question);
      return 'allowed-once';
    },
  });
  assert.equal(await decide('memory.forget', { memory_id: 7 }), 'allowed-once');
  assert.deepEqual(questions, [
    {
      asked: JUDGED[0],
      parameters: { text: '{"memory_id":7}', characters: 0, isCut: false },
      others: [JUDGED[1], JUDGED[2]],
    },
  ]);
});

test('what is allowed for the session answers waiting calls of the same operation, and no other', async () => {
  const asked: OperationId[] = [];
  const { decide, decisions, stored } = open({
    ask: async ({ asked: { operation } }) => {
      asked.push(operation);
      return operation === 'memory.forget' ? 'allowed-for-session' : 'denied';
    },
  });
  const all = await Promise.all([
    decide('memory.forget'),
    decide('memory.forget'),
    decide('tasks.deleteTask'),
    decide('memory.forget'),
  ]);
  assert.deepEqual(all, ['allowed-for-session', 'allowed-for-session', 'denied', 'allowed-for-session']);
  assert.deepEqual(asked, ['memory.forget', 'tasks.deleteTask']);
  assert.deepEqual([...stored], ['memory.forget']);
  assert.deepEqual(
    decisions.map(({ asked: { operation }, decision }) => [operation, decision]),
    [
      ['memory.forget', 'allowed-for-session'],
      ['tasks.deleteTask', 'denied'],
    ],
  );
});

test('what another run of the session was allowed meanwhile is not asked', async () => {
  const stored = new Set<OperationId>();
  const { decide } = open({ stored, ask: async () => assert.fail('nobody is to be asked') });
  stored.add('memory.forget');
  assert.equal(await decide('memory.forget'), 'allowed-for-session');
});

test('a person who does not answer within approvalMinutes is not asked again in the run', async () => {
  let asked = 0;
  const { decide } = open({
    minutes: 1 / 600,
    ask: (_, takenBack) => {
      asked += 1;
      return new Promise((resolve) => takenBack.addEventListener('abort', () => resolve('undecided')));
    },
  });
  const decisions = await Promise.all([decide('memory.forget'), decide('memory.forget')]);
  assert.deepEqual([...decisions, await decide('tasks.deleteTask')], ['late', 'not-asked', 'not-asked']);
  assert.equal(asked, 1);
  assert.deepEqual(refuseUnapproved('memory.forget', 'late', DEFAULT_LIMITS), {
    code: 'APPROVAL_NEEDED',
    message:
      'memory.forget was not run: nobody answered within limit approvalMinutes (10). Go on without it, or run the program again when somebody is there to answer.',
    limit: { name: 'approvalMinutes', value: 10 },
  });
});

test('the end of a run takes the question back, and asks none of those that wait', async () => {
  const run = new AbortController();
  let asked = 0;
  const { decide } = open({
    ask: (_, takenBack) => {
      asked += 1;
      return new Promise((resolve) => takenBack.addEventListener('abort', () => resolve('undecided')));
    },
  });
  const both = [decide('memory.forget', {}, run.signal), decide('tasks.deleteTask', {}, run.signal)];
  await new Promise(setImmediate);
  run.abort();
  assert.deepEqual(await Promise.all(both), ['undecided', 'undecided']);
  assert.equal(asked, 1);
});
