import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CONFINEMENT_LEVELS } from '../../runtime/contract/confinement.ts';
import { DEFAULT_LIMITS } from '../../runtime/contract/limits.ts';
import { judgeConfinement, levelOf, missingFor } from '../../runtime/sandbox/judge-confinement.ts';
import { openSandbox } from '../../runtime/sandbox/sandbox.ts';
import { openClient, openTemporaryDirectory } from './open-client.ts';
import { runToEnd } from './run-to-end.ts';

const directory = openTemporaryDirectory();
after(() => directory.dispose());

test('doctor shows each layer, whether it holds, and the level that comes of it', async () => {
  const { code, stdout } = await runToEnd(['doctor']);
  assert.equal(code, 0);
  for (const layer of [
    'Node permission model',
    'emptied start realm',
    'memory limit',
    'no new privileges',
    'network namespace',
  ])
    assert.match(stdout, new RegExp(`^\\w+ +${layer} +(yes|NO) `, 'm'));
  assert.match(stdout, /^confinement level: \w+$/m);
});

test('doctor --json says the same to a program, and the server logs the level at its start', async () => {
  const { stdout } = await runToEnd(['doctor', '--json']);
  const { level, layers } = JSON.parse(stdout);
  assert.ok(CONFINEMENT_LEVELS.includes(level));
  assert.equal(layers.length, 12);
  const server = await openClient(directory.path);
  await server.execute('return 1;');
  await server.close();
  assert.ok(server.log().includes(`confinement level ${level}: `), server.log());
});

test('a level that this machine offers is enough to start; the server runs programs', async () => {
  const { level } = JSON.parse((await runToEnd(['doctor', '--json'])).stdout);
  const server = await openClient(directory.path, ['--require-confinement', level]);
  assert.equal((await server.execute('return 1;')).value, 1);
  await server.close();
});

test('below the required level nothing starts, and the message names what is missing', async () => {
  await assert.rejects(
    openSandbox({
      roots: ['athena'],
      limits: DEFAULT_LIMITS,
      requiredLevel: 'privileges',
      confinement: { operatingSystem: false },
      onEvent: () => undefined,
    }),
    ({ name, message }: Error) => {
      assert.equal(name, 'ConfinementFailed');
      assert.match(
        message,
        /level privileges is required, and this machine offers limits; missing: no new privileges/,
      );
      return true;
    },
  );
});

const HELD = [
  { power: 'read a file', layer: 'process', denied: true, detail: '' },
  { power: 'process', layer: 'realm', denied: true, detail: '' },
] as const;
const FACTS = {
  hasNoNewPrivileges: true,
  capabilities: '0000000000000000',
  ownNamespaces: { user: true, net: true, pid: true, ipc: true },
  limits: new Map([
    ['Max data size', '700'],
    ['Max file size', '0'],
    ['Max core file size', '0'],
    ['Max open files', '30'],
    ['Max processes', '1'],
  ]),
};

for (const [what, findings, facts, dies, level] of [
  ['everything', HELD, FACTS, true, 'namespaces'],
  [
    'everything but a network of its own',
    HELD,
    { ...FACTS, ownNamespaces: { ...FACTS.ownNamespaces, net: false } },
    true,
    'privileges',
  ],
  [
    'namespaces that cannot be seen',
    HELD,
    { ...FACTS, ownNamespaces: { ...FACTS.ownNamespaces, ipc: undefined } },
    true,
    'privileges',
  ],
  ['a capability left', HELD, { ...FACTS, capabilities: '0000000000000400' }, true, 'limits'],
  ['a worker that outlives its server', HELD, FACTS, false, 'limits'],
  [
    'memory without a limit',
    HELD,
    { ...FACTS, limits: new Map([...FACTS.limits, ['Max data size', 'unlimited']]) },
    true,
    'process',
  ],
  [
    'a system that says nothing',
    HELD,
    { ...FACTS, limits: new Map(), capabilities: undefined, hasNoNewPrivileges: undefined },
    true,
    'process',
  ],
  ['a realm with a power left', [HELD[0], { ...HELD[1], denied: false }], FACTS, true, undefined],
  ['nothing tried', [], FACTS, true, undefined],
] as const) {
  test(`with ${what}, the level is ${level}`, () => {
    const layers = judgeConfinement(findings, facts, dies);
    assert.equal(levelOf(layers), level);
    assert.equal(missingFor('namespaces', layers).length > 0, level !== 'namespaces');
  });
}
