import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noSmallDisk, onSmallDisk } from '../small-disk.ts';
import { LIBRARY, ROOT, runCodegen, temporaryFolder } from './codegen-process.ts';

const MAIN = join(ROOT, 'codegen/start.js');
const WRITER = join(import.meta.dirname, 'write-forever.ts');

interface Place {
  readonly folder: string;
  readonly schemas: string;
  readonly out: string;
  readonly args: readonly string[];
}

function openPlace(t: TestContext): Place {
  const folder = temporaryFolder(t);
  const schemas = join(folder, 'schemas');
  const out = join(folder, 'generated');
  cpSync(LIBRARY, schemas, { recursive: true });
  return { folder, schemas, out, args: ['--schemas', schemas, '--out', out] };
}

function lock(out: string, pid: number): void {
  writeFileSync(`${out}.lock`, JSON.stringify({ pid, host: hostname(), since: 'just now' }));
}

function textsOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

test('a run that finds another one writing names its process, the lock and what to do, and touches nothing', (t) => {
  const { folder, out, args } = openPlace(t);
  lock(out, process.pid);
  const { code, stderr } = runCodegen(args);
  assert.equal(code, 2);
  assert.match(stderr, new RegExp(`another run is writing the same folder \\(process ${process.pid} on `));
  assert.ok(stderr.includes(`delete ${out}.lock and run again`), stderr);
  assert.deepEqual(readdirSync(folder).sort(), ['generated.lock', 'schemas']);
});

test('the lock of a process that is gone is taken over', (t) => {
  const { folder, out } = openPlace(t);
  lock(out, spawnSync(process.execPath, ['--version']).pid);
  assert.equal(spawnSync(process.execPath, [WRITER, out, 'once']).status, 0);
  assert.deepEqual(readdirSync(folder).sort(), ['generated', 'schemas']);
});

test('runs at once wait for each other, and all of them leave the same', async (t) => {
  const folder = temporaryFolder(t);
  const out = join(folder, 'generated');
  const runs = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [WRITER, out, 'once'], { stdio: 'ignore' }),
  );
  const codes = await Promise.all(runs.map(async (run) => (await once(run, 'exit'))[0]));
  assert.deepEqual(codes, [0, 0, 0, 0]);
  assert.deepEqual(readdirSync(folder), ['generated']);
  assert.deepEqual(new Set(textsOf(out)), new Set(['even']));
});

test('killed at any moment, a run leaves one content or the other, and the next one clears up', async (t) => {
  const folder = temporaryFolder(t);
  const out = join(folder, 'generated');
  for (let round = 0; round < 8; round += 1) {
    const writer = spawn(process.execPath, [WRITER, out], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(writer.stdout, 'data');
    await sleep(10 + Math.random() * 60);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const old = readdirSync(folder).filter((name) => name.includes('.codegen-old-'));
    const place = existsSync(out) ? out : join(folder, old[0] ?? '');
    if (place === folder) continue;
    const texts = textsOf(place);
    assert.equal(new Set(texts).size, 1, 'never a part of each');
    assert.equal(texts.length, texts[0] === 'even' ? 61 : 91);
  }
  assert.equal(spawnSync(process.execPath, [WRITER, out, 'once']).status, 0);
  assert.deepEqual(readdirSync(folder), ['generated']);
  assert.deepEqual(new Set(textsOf(out)), new Set(['even']));
});

test('a folder that a killed run had moved away is put back, though the schemas are broken now', (t) => {
  const { folder, schemas, out, args } = openPlace(t);
  assert.equal(runCodegen(args).code, 0);
  renameSync(out, `${out}.codegen-old-1-abc`);
  mkdirSync(`${out}.codegen-new-1-abc`);
  mkdirSync(`${out}.codegen-old-mine`);
  writeFileSync(join(schemas, 'echo.json'), '{');
  assert.equal(runCodegen(args).code, 1);
  assert.ok(existsSync(join(out, 'provenance.json')));
  cpSync(LIBRARY, schemas, { recursive: true });
  writeFileSync(join(out, 'athena.d.ts'), '');
  assert.equal(runCodegen(args).code, 0);
  assert.deepEqual(readdirSync(folder).sort(), ['generated', 'generated.codegen-old-mine', 'schemas']);
});

test('a link to the folder stays a link, and one within it is nothing that codegen wrote', (t) => {
  const { folder, out, args } = openPlace(t);
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), out);
  assert.equal(runCodegen(args).code, 0);
  assert.ok(existsSync(join(folder, 'elsewhere/provenance.json')));
  symlinkSync(LIBRARY, join(out, 'library'));
  writeFileSync(join(out, 'athena.d.ts'), '');
  const { code, stderr } = runCodegen(args);
  assert.equal(code, 2);
  assert.match(stderr, /has files that codegen did not write/);
});

test('a file where the folder should be is told with what to do', (t) => {
  const { schemas, out } = openPlace(t);
  writeFileSync(out, 'a file');
  const { code, stderr } = runCodegen(['--schemas', schemas, '--out', out]);
  assert.equal(code, 2);
  assert.match(stderr, /generated: a file stands where a folder should\. Name another folder/);
  const missing = runCodegen(['--schemas', join(schemas, 'nowhere'), '--out', `${out}2`]);
  assert.match(missing.stderr, /nowhere: there is no such file or folder\. Name one that exists/);
});

test('full, read-only and mounted disks leave the folder as it was and say what to do', {
  skip: noSmallDisk(),
}, (t) => {
  const { folder, schemas } = openPlace(t);
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const script = `
    run() { "$2" "$3" --schemas "$4" --out "$1/$5" 2>&1; echo "exit $?"; }
    sums() { (cd "$1/generated" && find . -type f | sort | xargs cat | cksum); }
    run "$@" generated; sums "$1"
    sed -i 's/Return the text that was given/Give the text back/' "$4/echo.json"
    dd if=/dev/zero of="$1/ballast" bs=1k 2>/dev/null
    echo full; run "$@" generated; sums "$1"; ls "$1"
    rm "$1/ballast"; mount -o remount,ro "$1"
    echo read-only; run "$@" generated; sums "$1"
    mount -o remount,rw "$1"; rm -r "$1/generated"
    echo mounted; run "$@" .; ls "$1"
  `;
  const [command, ...args] = onSmallDisk({ place: disk, megabytes: 4, mayMount: true });
  const words = ['sh', '-c', script, 'sh', disk, process.execPath, MAIN, schemas];
  const { stdout } = spawnSync(command, [...args, ...words], { encoding: 'utf8' });
  const [before = '', full = '', readOnly = '', mounted = ''] = stdout.split(
    /^(?:full|read-only|mounted)\n/m,
  );
  const sum = /^\d+ \d+$/m.exec(before)?.[0];
  assert.ok(sum !== undefined && before.includes('exit 0'), stdout);
  assert.match(full, /disk\/\S+: the disk is full\. Nothing was changed; free some room and run again/);
  assert.deepEqual(full.split('\n').slice(-5, -1), ['exit 2', sum, 'ballast', 'generated'], full);
  assert.match(readOnly, /disk\/\S+: the disk is read-only\. Name a folder on another one/);
  assert.ok(readOnly.includes(`exit 2\n${sum}\n`), readOnly);
  assert.match(mounted, /a mount of its own, so that it cannot be replaced whole\. Name a folder inside it/);
  assert.ok(mounted.endsWith('exit 2\n'), mounted);
});
