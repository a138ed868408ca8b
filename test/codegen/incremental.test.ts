import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ATHENA } from '../../codegen/backend-kind.ts';
import { compile } from '../../codegen/compile.ts';
import { inThreads } from '../../codegen/part-threads.ts';
import { readSchemaFiles } from '../../codegen/sources.ts';
import { until } from '../await-state.ts';
import { CODEGEN, LIBRARY, ROOT, runCodegen, temporaryFolder } from './codegen-process.ts';

interface Workshop {
  readonly schemas: string;
  readonly out: string;
  readonly args: readonly string[];
}

const STORES = join(ROOT, 'node_modules/.cache/athena-code-mode');

/** A copy of the library's schemas, not compiled yet. */
function openWorkshop(t: TestContext): Workshop {
  const folder = temporaryFolder(t);
  const [schemas, out] = [join(folder, 'schemas'), join(folder, 'generated')];
  cpSync(LIBRARY, schemas, { recursive: true });
  return { schemas, out, args: ['--schemas', schemas, '--out', out] };
}

function edit(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path, 'utf8');
  assert.notEqual(text.replace(from, to), text);
  writeFileSync(path, text.replace(from, to));
}

/** The store of an output folder: the one whose note names it. */
function storeOf(out: string): string {
  const note = (name: string): string => join(STORES, name, 'place.txt');
  const name = readdirSync(STORES).find(
    (candidate) => existsSync(note(candidate)) && readFileSync(note(candidate), 'utf8') === out,
  );
  return join(STORES, name ?? 'none');
}

test('many files compile to the same in several threads as in one', async () => {
  const sources = await readSchemaFiles(join(ROOT, 'schemas'));
  const target = { ...ATHENA, runtime: '../runtime/adapter/v1.ts' };
  let done = 0;
  const threaded = await compile(
    sources,
    target,
    inThreads(target, () => {
      done += 1;
    }),
  );
  assert.deepEqual(threaded, await compile(sources, target));
  assert.equal(done, sources.length);
});

test('only the files that changed are compiled again, and the output is what it would be from nothing', (t) => {
  const { schemas, out, args } = openWorkshop(t);
  assert.match(runCodegen(args).stderr, /Compiling 2 schema files/);
  edit(join(schemas, 'echo.json'), 'calls arrive', 'all calls arrive');
  const again = runCodegen(args);
  assert.match(again.stderr, /Compiling 1 schema file …/);
  assert.match(readFileSync(join(out, 'athena.d.ts'), 'utf8'), /all calls arrive/);
  assert.equal(runCodegen(['--check', ...args]).code, 0, 'checked from nothing');
});

test('a file that others name is held against them though they are not compiled again', (t) => {
  const { schemas, args } = openWorkshop(t);
  assert.equal(runCodegen(args).code, 0);
  const path = join(schemas, 'library_tools.json');
  const text = readFileSync(path, 'utf8');
  edit(path, /"operation": "find_books"/, '"operation": "seek_books"');
  const { code, stderr } = runCodegen(args);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /echo\.json:\d+ \/operations\/0\/related\/0\n {2}expected the id of an operation\n {2}found {4}"library\.findBooks"/,
  );
  writeFileSync(path, text);
  assert.equal(runCodegen(args).code, 0);
});

test('whatever happens to the store, the output is right', (t) => {
  const { schemas, out, args } = openWorkshop(t);
  assert.equal(runCodegen(args).code, 0);
  const store = storeOf(out);
  const parts = readdirSync(store).filter((name) => name.endsWith('.json'));
  assert.equal(parts.length, 2);
  for (const name of parts) writeFileSync(join(store, name), '{"part":');
  edit(join(schemas, 'echo.json'), 'calls arrive', 'all calls arrive');
  assert.match(runCodegen(args).stderr, /Compiling 2 schema files/);
  assert.equal(runCodegen(['--check', ...args]).code, 0);
  rmSync(store, { recursive: true });
  writeFileSync(store, 'in the way');
  t.after(() => rmSync(store, { recursive: true, force: true }));
  edit(join(schemas, 'echo.json'), 'all calls arrive', 'calls arrive');
  assert.equal(runCodegen(args).code, 0);
  assert.equal(runCodegen(['--check', ...args]).code, 0);
});

test('what a mark says is believed until an output is edited, even to the same size and with its old times', (t) => {
  const { schemas, out, args } = openWorkshop(t);
  assert.equal(runCodegen(args).code, 0);
  edit(join(storeOf(out), 'unchanged.mark'), '2 tools', '7 tools');
  assert.match(runCodegen(args).stdout, /is up to date: 7 tools/);
  const path = join(out, 'adapters/echo.ts');
  const [text, { atime, mtime }] = [readFileSync(path, 'utf8'), statSync(path)];
  edit(path, "'read'", "'reat'");
  utimesSync(path, atime, mtime);
  assert.match(runCodegen(args).stdout, /Wrote 1 file /);
  assert.equal(readFileSync(path, 'utf8'), text);
  edit(path, "'read'", "'reat'");
  edit(join(schemas, 'library_tools.json'), '"effect": "read"', '"effect": "write"');
  assert.match(runCodegen(args).stderr, /Compiling 2 schema files/);
  assert.equal(readFileSync(path, 'utf8'), text);
});

test('the store keeps no texts that lie in the output folder', (t) => {
  const { out, args } = openWorkshop(t);
  assert.equal(runCodegen(args).code, 0);
  const store = storeOf(out);
  const kept = readdirSync(store).map((name) => readFileSync(join(store, name), 'utf8'));
  assert.ok(kept.some((text) => text.includes('adapters/echo.ts')));
  for (const text of kept) assert.doesNotMatch(text, /defineOperation|forParams/);
});

test('the store of an output folder that is gone is removed', (t) => {
  const { out, args } = openWorkshop(t);
  assert.equal(runCodegen(args).code, 0);
  const store = storeOf(out);
  assert.ok(existsSync(store));
  rmSync(out, { recursive: true });
  runCodegen(openWorkshop(t).args);
  assert.ok(!existsSync(store));
});

test('watching compiles what changes, says what is wrong, and goes on until it is ended', async (t) => {
  const { schemas, out, args } = openWorkshop(t);
  const child = spawn(process.execPath, [CODEGEN, '--watch', ...args]);
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  await until(() => /Watching/.test(said));
  /** Between two renames there is no output folder for a moment. */
  const typings = (): string => {
    try {
      return readFileSync(join(out, 'athena.d.ts'), 'utf8');
    } catch {
      return '';
    }
  };
  const echo = join(schemas, 'echo.json');
  edit(echo, 'calls arrive', 'all calls arrive');
  await until(() => typings().includes('all calls arrive'));
  const sound = readFileSync(echo, 'utf8');
  writeFileSync(echo, '{');
  await until(() => /1 mistake in .*; nothing was written/.test(said));
  assert.match(typings(), /all calls arrive/);
  writeFileSync(echo, sound.replace('all calls arrive', 'some calls arrive'));
  await until(() => typings().includes('some calls arrive'));
  // An import replaces the folder as a whole.
  const next = `${schemas}.next`;
  cpSync(schemas, next, { recursive: true });
  edit(join(next, 'echo.json'), 'some calls arrive', 'few calls arrive');
  renameSync(schemas, `${schemas}.old`);
  renameSync(next, schemas);
  await until(() => typings().includes('few calls arrive'));
  edit(echo, 'few calls arrive', 'no calls arrive');
  await until(() => typings().includes('no calls arrive'));
  child.kill('SIGINT');
  await until(() => child.exitCode !== null);
  assert.equal(child.exitCode, 0, said);
});

test('watching and checking exclude each other', (t) => {
  const { code, stderr } = runCodegen(['--watch', '--check', ...openWorkshop(t).args]);
  assert.equal(code, 2);
  assert.match(stderr, /'--watch' cannot be used with option '--check'/);
});

const SCRIPT =
  spawnSync('script', ['--version']).error === undefined ? false : 'makes a terminal with `script`';

test('a terminal is shown a bar, and nothing of it stays', { skip: SCRIPT }, (t) => {
  const { args } = openWorkshop(t);
  const command = [process.execPath, CODEGEN, ...args].join(' ');
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', cwd: ROOT });
  assert.match(stdout, /Compiling 2 schema files … ░+ 0\/2/);
  assert.match(stdout, /█{30} 2\/2/);
  const [CLEAR_LINE, last = ''] = ['\u001b[2K', stdout.trimEnd().split('\n').at(-1)];
  assert.match(last.split(CLEAR_LINE).at(-1) ?? '', /Wrote/);
  assert.doesNotMatch(last.split(CLEAR_LINE).at(-1) ?? '', /█/);
});
