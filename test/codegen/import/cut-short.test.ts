import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noSmallDisk, onSmallDisk } from '../../small-disk.ts';
import { LIBRARY, ROOT, temporaryFolder } from '../codegen-process.ts';
import { fixture, openWorkshop, published } from './import-process.ts';

const MAIN = join(ROOT, 'codegen/start.js');

/** The command of a server whose tools are called `<prefix>_<n>`. */
function serverOf(t: TestContext, prefix: string, count: number): string {
  const list = join(temporaryFolder(t), 'tools.json');
  const tools = Array.from({ length: count }, (_, i) => ({
    name: `${prefix}_${i}`,
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  }));
  writeFileSync(list, JSON.stringify(tools));
  return fixture('odd-server.ts', list);
}

/** The tools in the operation files and in the notes of the import: they must be of one and the same import. */
function toolsIn(schemas: string): readonly string[] {
  const read = (file: string): any => JSON.parse(readFileSync(join(schemas, file), 'utf8'));
  const names = (file: any): readonly string[] => file.operations.map(({ tool }: any) => tool);
  const tools = names(read('tools.json'));
  assert.deepEqual(names(read('imported.json').files['tools.json']), tools);
  assert.equal(read('backend.json').name, 'odd');
  assert.deepEqual(readdirSync(schemas).sort(), ['backend.json', 'imported.json', 'tools.json']);
  return tools;
}

test('two imports of one backend at once: one after the other writes, neither leaves a part', async (t) => {
  const { schemas, importFrom } = openWorkshop(t, 'odd');
  const [old, young] = [serverOf(t, 'old', 5), serverOf(t, 'young', 7)];
  const runs = await Promise.all([old, young, old, young].map((command) => importFrom(['--stdio', command])));
  for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
  assert.ok([5, 7].includes(toolsIn(schemas).length));
  assert.deepEqual(readdirSync(dirname(schemas)).sort(), ['generated', 'package.json', 'schemas']);
});

test('an import that finds another one at work for too long names its process, the lock and what to do', async (t) => {
  const { schemas, importFrom } = openWorkshop(t, 'odd');
  const lock = `${schemas}.import.lock`;
  writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), since: 'just now' }));
  const { code, stderr } = await importFrom(['--stdio', serverOf(t, 'old', 1)]);
  assert.equal(code, 2);
  assert.match(stderr, new RegExp(`another run is writing the same folder \\(process ${process.pid} on `));
  assert.ok(stderr.includes(`delete ${lock} and run again`), stderr);
  assert.equal(existsSync(schemas), false);
});

test('killed while it writes, an import leaves the old folder or the new one, and the next one clears up', async (t) => {
  const { schemas, importFrom } = openWorkshop(t, 'odd');
  const servers = [serverOf(t, 'old', 5), serverOf(t, 'young', 1_000)];
  assert.equal((await importFrom(['--stdio', servers[0]!])).code, 0);
  const beside = () => readdirSync(dirname(schemas)).filter((name) => name.startsWith('schemas.codegen-'));
  let killed = 0;
  for (let round = 0; round < 3; round += 1) {
    const args = ['import', 'odd', '--stdio', servers[(round + 1) % 2]!, '--schemas', schemas];
    const run = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
    const ended = once(run, 'exit');
    while (run.exitCode === null && beside().length === 0) await sleep(1);
    await sleep(round);
    killed += run.kill('SIGKILL') ? 1 : 0;
    await ended;
    const [moved] = beside().filter((name) => name.includes('-old-'));
    const place = existsSync(schemas) ? schemas : join(dirname(schemas), moved ?? '');
    assert.ok([5, 1_000].includes(toolsIn(place).length));
  }
  assert.ok(killed > 0, 'all of them had ended already');
  assert.equal((await importFrom(['--stdio', serverOf(t, 'last', 1)])).code, 0);
  assert.deepEqual(toolsIn(schemas), ['last_0']);
  assert.deepEqual(readdirSync(dirname(schemas)).sort(), ['generated', 'package.json', 'schemas']);
});

test('what lies beside the operation files stays, and a link among them is told before anything is asked', async (t) => {
  const { schemas, importFrom } = openWorkshop(t, 'odd');
  assert.equal((await importFrom(['--stdio', serverOf(t, 'old', 1)])).code, 0);
  mkdirSync(join(schemas, 'notes'));
  writeFileSync(join(schemas, 'notes/why.json'), '{}');
  writeFileSync(join(schemas, 'README.md'), 'Ours.\r\n');
  assert.equal((await importFrom(['--stdio', serverOf(t, 'young', 1)])).code, 0);
  assert.equal(readFileSync(join(schemas, 'README.md'), 'utf8'), 'Ours.\r\n');
  assert.equal(readFileSync(join(schemas, 'notes/why.json'), 'utf8'), '{}');
  symlinkSync(join(schemas, 'README.md'), join(schemas, 'extra.json'));
  const { code, stderr } = await importFrom(['--stdio', 'no-such-program']);
  assert.equal(code, 2);
  assert.match(stderr, /extra\.json is a link, which an import would lose\. Put the file itself there/);
});

test('an import on a full disk leaves the folder as it was and says what to do', {
  skip: noSmallDisk(),
}, (t) => {
  const disk = join(temporaryFolder(t), 'disk');
  mkdirSync(disk);
  const [command, ...args] = onSmallDisk({ place: disk, megabytes: 2 });
  const steps = `
    run() { "$NODE" "$MAIN" import odd --stdio "$1" --schemas "$DISK/odd" 2>&1; echo "exit $?"; }
    sums() { (cd "$DISK/odd" && find . -type f | sort | xargs cat | cksum); }
    run "$OLD"; sums
    dd if=/dev/zero of="$DISK/ballast" bs=1k 2>/dev/null
    echo full; run "$YOUNG"; sums; ls "$DISK"
    rm "$DISK/ballast"
    echo free; run "$YOUNG"; ls "$DISK"
  `;
  const env = {
    ...process.env,
    NODE: process.execPath,
    MAIN,
    DISK: disk,
    OLD: serverOf(t, 'old', 2),
    YOUNG: serverOf(t, 'young', 3),
  };
  const { stdout } = spawnSync(command, [...args, 'sh', '-c', steps], { encoding: 'utf8', env });
  const [before = '', full = '', free = ''] = stdout.split(/^(?:full|free)\n/m);
  const sum = /^\d+ \d+$/m.exec(before)?.[0];
  assert.ok(sum !== undefined && before.includes('exit 0'), stdout);
  assert.match(full, /disk\/\S+: the disk is full\. Nothing was changed; free some room and run again/);
  assert.ok(!full.includes('+ tools.'), 'nothing is listed as imported');
  assert.deepEqual(full.split('\n').slice(-5, -1), ['exit 2', sum, 'ballast', 'odd'], full);
  assert.ok(free.endsWith('exit 0\nodd\n'), free);
});

/** A repository with the compiler of this one, and the library for its own operations. */
function copyOfRepository(t: TestContext): string {
  const copy = temporaryFolder(t);
  for (const name of ['codegen', 'runtime', 'backend', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  cpSync(LIBRARY, join(copy, 'schemas'), { recursive: true });
  for (const name of ['meta-schema.json', 'imported-meta-schema.json'])
    cpSync(join(ROOT, 'schemas', name), join(copy, 'schemas', name));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

test('--check covers a second backend under schemas/, and says which of its files are out of date', (t) => {
  const copy = copyOfRepository(t);
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['codegen/start.js', ...args], {
      cwd: copy,
      encoding: 'utf8',
    });
    return { code: status, text: stdout + stderr };
  };
  const imported = run('import', 'memories', '--stdio', published('memory'));
  assert.equal(imported.code, 0, imported.text);
  const missing = run('--check');
  assert.equal(missing.code, 1, missing.text);
  assert.match(missing.text, /^ {2}missing {3}generated\/memories\/catalogue\.ts$/m);
  assert.match(missing.text, /out of date; run: npm run codegen$/m);

  const compiled = run();
  assert.equal(compiled.code, 0, compiled.text);
  const current = run('--check');
  assert.equal(current.code, 0, current.text);
  assert.match(current.text, /^generated is what the schemas compile to\.$/m);
  assert.match(current.text, /^generated\/memories is what the schemas compile to\.$/m);

  const path = join(copy, 'schemas/memories/tools.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"summary": "', '"summary": "Changed: '));
  const changed = run('--check');
  assert.equal(changed.code, 1, changed.text);
  assert.match(changed.text, /^generated is what the schemas compile to\.$/m);
  assert.match(changed.text, /^ {2}different generated\/memories\/catalogue\.ts$/m);

  writeFileSync(path, text.replace('"effect": "', '"effect": "un'));
  const wrong = run('--check');
  assert.equal(wrong.code, 1, wrong.text);
  assert.match(wrong.text, /tools\.json:\d+ .*effect.*expected/s);
  assert.match(wrong.text, /1 mistake in schemas\/memories; nothing was written\.$/m);
});
