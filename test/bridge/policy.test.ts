import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPolicy } from '../../runtime/bridge/policy.ts';
import type { Effect, Layer, OperationEntry, OperationId } from '../../runtime/contract/catalogue.ts';
import type { PolicyRules } from '../../runtime/contract/policy.ts';

const TAGS: Readonly<Record<string, readonly string[]>> = {
  'memory.optimize': ['cleanup', 'bulk'],
  'memory.forget': ['cleanup'],
  'tasks.closeAll': ['bulk'],
};

const entry = (id: OperationId, layer: Layer, effect: Effect): OperationEntry => {
  const [namespace = '', method = ''] = id.split('.');
  const wire = { tool: `${namespace}_tools`, operation: method };
  const rest = { idempotent: true, timeoutMs: 1_000, summary: '' };
  return { id, namespace, method, layer, effect, ...wire, ...rest };
};

const OPERATIONS = [
  entry('memory.recall', 'semantic', 'read'),
  entry('memory.forget', 'semantic', 'delete'),
  entry('memory.optimize', 'semantic', 'delete'),
  entry('tasks.create', 'prospective', 'write'),
  entry('tasks.closeAll', 'prospective', 'write'),
  entry('hooks.register', 'meta', 'admin'),
];

const judge = (rules: Partial<PolicyRules>, id: OperationId) =>
  createPolicy(
    { allow: [], ask: [], deny: [], ...rules },
    OPERATIONS,
    (operation) => TAGS[operation] ?? [],
  )(id);

const EVERYTHING = [{ effect: ['read', 'write', 'delete', 'admin'] }];

for (const [what, rules, id, verdict] of [
  ['what no rule matches is denied', {}, 'memory.recall', 'deny'],
  ['what does not exist is denied', { allow: EVERYTHING }, 'memory.nothing', 'deny'],
  [
    'a rule for an operation allows it',
    { allow: [{ operation: ['memory.recall'] }] },
    'memory.recall',
    'allow',
  ],
  ['and no other', { allow: [{ operation: ['memory.recall'] }] }, 'tasks.create', 'deny'],
  [
    'a rule for a namespace allows its operations',
    { allow: [{ namespace: ['memory'] }] },
    'memory.forget',
    'allow',
  ],
  [
    'a rule for a layer allows its operations',
    { allow: [{ layer: ['prospective'] }] },
    'tasks.create',
    'allow',
  ],
  ['a rule for an effect allows what has it', { allow: [{ effect: ['read'] }] }, 'memory.recall', 'allow'],
  ['a rule for a tag allows what carries it', { allow: [{ tag: ['cleanup'] }] }, 'memory.forget', 'allow'],
  [
    'all matchers of a rule must match',
    { allow: [{ namespace: ['memory'], effect: ['read'] }] },
    'memory.forget',
    'deny',
  ],
  [
    'one value of a matcher is enough',
    { allow: [{ effect: ['write', 'delete'] }] },
    'memory.forget',
    'allow',
  ],
  [
    'deny wins over allow',
    { allow: [{ operation: ['memory.recall'] }], deny: [{ namespace: ['memory'] }] },
    'memory.recall',
    'deny',
  ],
  [
    'deny wins over ask',
    { ask: [{ operation: ['memory.recall'] }], deny: [{ namespace: ['memory'] }] },
    'memory.recall',
    'deny',
  ],
  ['ask wins over allow', { allow: EVERYTHING, ask: [{ effect: ['delete'] }] }, 'memory.forget', 'ask'],
  [
    'a namespace does not reach an admin operation',
    { allow: [{ namespace: ['hooks'] }] },
    'hooks.register',
    'deny',
  ],
  ['nor does a layer', { allow: [{ layer: ['meta'] }] }, 'hooks.register', 'deny'],
  ['the effect admin does', { allow: [{ effect: ['admin'] }] }, 'hooks.register', 'allow'],
  ['its own name does', { allow: [{ operation: ['hooks.register'] }] }, 'hooks.register', 'allow'],
  [
    'the effect delete does not reach deleting in bulk',
    { allow: [{ effect: ['delete'] }] },
    'memory.optimize',
    'deny',
  ],
  ['the tag bulk does', { allow: [{ tag: ['bulk'] }] }, 'memory.optimize', 'allow'],
  ['writing in bulk is no more than writing', { allow: [{ effect: ['write'] }] }, 'tasks.closeAll', 'allow'],
  [
    'a person may be asked for whatever is dangerous',
    { ask: [{ namespace: ['hooks'] }] },
    'hooks.register',
    'ask',
  ],
] as const) {
  test(`policy: ${what}`, () => {
    assert.equal(judge(rules, id).verdict, verdict);
  });
}

test('a judgement says why: the reason of its rule, or what the rule matches', () => {
  assert.equal(
    judge({ deny: [{ effect: ['delete'], reason: 'nothing is lost here' }] }, 'memory.forget').because,
    'nothing is lost here',
  );
  assert.equal(
    judge({ deny: [{ namespace: ['memory'], effect: ['read', 'delete'] }] }, 'memory.forget').because,
    'rule for namespace `memory` and effect `read` or `delete`',
  );
  assert.equal(judge({}, 'memory.forget').because, 'no rule of the policy allows it');
  assert.equal(
    judge({ allow: [{ effect: ['delete'] }] }, 'memory.optimize').because,
    'no rule allows it by name, as tag `bulk` needs',
  );
});
