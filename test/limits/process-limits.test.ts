import assert from 'node:assert/strict';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bundleGuest } from '../../runtime/sandbox/guest-bundle.ts';
import type { ConfinementChoice } from '../../runtime/sandbox/sandbox.ts';
import { becomeOrdinaryUser } from '../escape/ordinary-user.ts';
import { openTestSandbox, type TestSandbox } from '../sandbox/harness.ts';

/** Root is exempt from the limit on processes. */
becomeOrdinaryUser();

const SKIP = process.platform === 'linux' ? false : 'the limits of a process are those of Linux';
const OPEN_FILES = 40;
const FILE = join(tmpdir(), `athena-limits-${process.pid}`);
writeFileSync(FILE, '');
after(() => rmSync(FILE));

/** Each layer alone. */
const LAYERS = {
  limits: { permissions: false, operatingSystem: false },
  permissions: { operatingSystem: false, processLimits: false },
} as const satisfies Record<string, ConfinementChoice>;

type Layer = keyof typeof LAYERS;

/** What code that has broken out of SES tries, and what it is told by each layer. */
const ATTEMPTS: readonly (readonly [what: string, code: string, told: Record<Layer, unknown>])[] = [
  [
    'writes a file',
    `return codeOf(() => fs.writeFileSync('${FILE}', 'x'));`,
    { limits: 'EFBIG', permissions: 'ERR_ACCESS_DENIED' },
  ],
  [
    'writes at the end of a file',
    `return codeOf(() => fs.appendFileSync('${FILE}', 'x'));`,
    { limits: 'EFBIG', permissions: 'ERR_ACCESS_DENIED' },
  ],
  [
    'makes a file longer',
    `return codeOf(() => fs.truncateSync('${FILE}', 1e9));`,
    { limits: 'EFBIG', permissions: 'ERR_ACCESS_DENIED' },
  ],
  [
    'opens descriptors without end',
    `const held = [];\nconst code = codeOf(() => { for (;;) held.push(fs.openSync('/dev/null')); });\nreturn [held.length, code];`,
    { limits: [OPEN_FILES, 'EMFILE'], permissions: [0, 'ERR_ACCESS_DENIED'] },
  ],
  [
    'starts processes',
    `const { spawnSync } = load('child_process');
return [...new Set(Array.from({ length: 50 }, () => codeOf(() => { const { error } = spawnSync('/bin/true'); if (error) throw error; })))];`,
    { limits: ['EAGAIN'], permissions: ['ERR_ACCESS_DENIED'] },
  ],
  [
    'starts a thread',
    `const { Worker } = load('worker_threads');
return await new Promise((resolve) => { try { new Worker('1', { eval: true }).on('error', (error) => resolve(error.code)).on('exit', resolve); } catch (error) { resolve(error.code); } });`,
    { limits: 'ERR_WORKER_INIT_FAILED', permissions: 'ERR_ACCESS_DENIED' },
  ],
];

const TOOLS = `const load = (name) => process.getBuiltinModule('node:' + name);
const fs = load('fs');
const codeOf = (action) => { try { action(); return 'done'; } catch (error) { return error.code ?? String(error); } };
`;

for (const [layer, choice] of Object.entries(LAYERS)) {
  describe(`with SES broken and nothing but ${layer}`, { skip: SKIP }, () => {
    let tested: TestSandbox;
    before(async () => {
      const guest = await bundleGuest(new URL('../escape/start-realm-guest.ts', import.meta.url));
      tested = await openTestSandbox({ openFiles: OPEN_FILES }, { ...choice, guest });
    });
    after(() => tested.sandbox.close());

    for (const [what, code, told] of ATTEMPTS) {
      test(`code that ${what} is told ${JSON.stringify(told[layer as Layer])}, and a run of another session works`, async (t) => {
        const { sandbox, value } = tested;
        if (layer === 'limits' && !sandbox.confinement.includes('limits on memory, files and processes'))
          return t.skip('this machine has no prlimit');
        const tenant = { principal: 'ann', session: what };
        const patient = { timeoutMs: 60_000 };
        assert.deepEqual(await value(TOOLS + code, { tenant, ...patient }), told[layer as Layer]);
        assert.equal(statSync(FILE).size, 0);
        assert.equal(await value('return 1;', patient), 1);
      });
    }
  });
}
