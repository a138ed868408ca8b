import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LIBRARY, ROOT, runCodegen, temporaryFolder } from './codegen-process.ts';

interface Workshop {
  readonly folder: string;
  readonly schemas: string;
  readonly out: string;
  readonly args: readonly string[];
}

/** A copy of the library's schemas, compiled. */
function openWorkshop(t: TestContext): Workshop {
  const folder = temporaryFolder(t);
  const schemas = join(folder, 'schemas');
  const out = join(folder, 'generated');
  cpSync(LIBRARY, schemas, { recursive: true });
  const args = ['--schemas', schemas, '--out', out, ...RUNTIME];
  const { code, stderr } = runCodegen(args);
  assert.equal(code, 0, stderr);
  return { folder, schemas, out, args };
}

function contents(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.sort().map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  );
}

/** The same for every output folder: what is written does not depend on where it lies. */
const RUNTIME = ['--runtime', '../runtime/adapter/v1.ts'];

test('two runs in different places and from different folders write the same bytes', (t) => {
  const first = openWorkshop(t);
  const second = temporaryFolder(t);
  const out = join(second, 'elsewhere/deeper');
  const { code } = runCodegen(['--schemas', first.schemas, '--out', out, ...RUNTIME], second);
  assert.equal(code, 0);
  assert.deepEqual(contents(out), contents(first.out));
});

test('the line ends of a checkout change nothing', (t) => {
  const { schemas, out, args } = openWorkshop(t);
  const before = contents(out);
  const path = join(schemas, 'echo.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n'));
  assert.equal(runCodegen(['--check', ...args]).code, 0);
  assert.deepEqual(contents(out), before);
});

test('nothing generated tells a path of this machine or a date', (t) => {
  const { folder, out } = openWorkshop(t);
  const text = Object.values(contents(out)).join('\n');
  for (const trace of [folder, ROOT, new Date().toISOString().slice(0, 10)])
    assert.ok(!text.includes(trace), trace);
});

test('a second run finds nothing to do and says so', (t) => {
  const { args } = openWorkshop(t);
  const { code, stdout, stderr } = runCodegen(args);
  assert.equal(code, 0);
  assert.match(stdout, /is up to date: 2 tools, 4 operations/);
  assert.equal(stderr, '');
});

test('--check accepts what was just written', (t) => {
  const { args } = openWorkshop(t);
  const { code, stdout } = runCodegen(['--check', ...args]);
  assert.equal(code, 0);
  assert.match(stdout, /is what the schemas compile to/);
});

test('--check names every file that is missing, different or stale, and the command, and touches nothing', (t) => {
  const { out, args } = openWorkshop(t);
  writeFileSync(join(out, 'athena.d.ts'), 'declare const athena: any;\n');
  rmSync(join(out, 'adapters/echo.ts'));
  writeFileSync(join(out, 'adapters/gone.ts'), 'export {};\n');
  const before = contents(out);
  const { code, stderr } = runCodegen(['--check', ...args]);
  assert.equal(code, 1);
  assert.match(stderr, /^ {2}missing +\S*adapters\/echo\.ts$/m);
  assert.match(stderr, /^ {2}different +\S*athena\.d\.ts$/m);
  assert.match(stderr, /^ {2}stale +\S*adapters\/gone\.ts$/m);
  assert.match(stderr, /3 files out of date; run: npm run codegen/);
  assert.deepEqual(contents(out), before);
});

test('a run after that puts everything right', (t) => {
  const { out, args } = openWorkshop(t);
  const before = contents(out);
  writeFileSync(join(out, 'athena.d.ts'), 'declare const athena: any;\n');
  rmSync(join(out, 'adapters/echo.ts'));
  writeFileSync(join(out, 'adapters/gone.ts'), 'export {};\n');
  const { code, stdout } = runCodegen(args);
  assert.equal(code, 0);
  assert.match(stdout, /Wrote 2 files, removed 1 /);
  assert.deepEqual(contents(out), before);
});

test('a changed schema is drift, and what hangs on it is rewritten', (t) => {
  const { schemas, out, args } = openWorkshop(t);
  const path = join(schemas, 'echo.json');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('Return the text that was given', 'Give the text back'),
  );
  const checked = runCodegen(['--check', ...args]);
  assert.equal(checked.code, 1);
  assert.match(checked.stderr, /manifest\/operations\.json/);
  assert.equal(runCodegen(args).code, 0);
  assert.match(readFileSync(join(out, 'manifest/operations.json'), 'utf8'), /Give the text back/);
});

test('--check does not believe a provenance that was made to fit an edited file', (t) => {
  const { out, args } = openWorkshop(t);
  const edited = 'export {};\n';
  writeFileSync(join(out, 'adapters/echo.ts'), edited);
  const path = join(out, 'provenance.json');
  const provenance = JSON.parse(readFileSync(path, 'utf8'));
  provenance.outputs['adapters/echo.ts'] = createHash('sha256').update(edited).digest('hex');
  writeFileSync(path, JSON.stringify(provenance));
  const { code, stderr } = runCodegen(['--check', ...args]);
  assert.equal(code, 1);
  assert.match(stderr, /different +\S*adapters\/echo\.ts/);
});

test('when a schema is broken, all mistakes are told and the output stays as it was', (t) => {
  const { schemas, out, args } = openWorkshop(t);
  const before = contents(out);
  const path = join(schemas, 'library_tools.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"effect": "read"', '"effect": "reads"'));
  writeFileSync(join(schemas, 'echo.json'), '{ "tool": ');
  const { code, stderr } = runCodegen(args);
  assert.equal(code, 1);
  assert.match(stderr, /^echo\.json \(whole file\)\n {2}expected JSON$/m);
  assert.match(
    stderr,
    /^library_tools\.json:\d+ \/operations\/0\/effect\n {2}expected .+\n {2}found {4}"reads"$/m,
  );
  assert.match(stderr, /2 mistakes in \S+; nothing was written\./);
  assert.deepEqual(contents(out), before);
});

test('what is compiled into a package of CommonJS can be loaded', async (t) => {
  const folder = temporaryFolder(t);
  const out = join(folder, 'generated');
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  assert.equal(runCodegen(['--schemas', LIBRARY, '--out', out]).code, 0);
  const { catalogue } = await import(pathToFileURL(join(out, 'catalogue.ts')).href);
  const [{ namespace }] = catalogue.operations;
  assert.ok(Object.keys(await catalogue.adapters(namespace)).length > 0);
});

test('nothing is left beside the output folder', (t) => {
  const { folder } = openWorkshop(t);
  assert.deepEqual(readdirSync(folder).sort(), ['generated', 'schemas']);
});

test('a folder with other files is not overwritten, though a folder of codegen is inside', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'letter.txt'), 'dear');
  mkdirSync(join(folder, 'generated'));
  writeFileSync(join(folder, 'generated/provenance.json'), '{ "generatorVersion": "1.0.0" }');
  const { code, stderr } = runCodegen(['--schemas', LIBRARY, '--out', folder]);
  assert.equal(code, 2);
  assert.match(stderr, /has files that codegen did not write; name another --out/);
  assert.equal(contents(folder)['/letter.txt'], 'dear');
});

test('an empty catalogue compiles', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'schemas'));
  const { code, stdout } = runCodegen(['--schemas', join(folder, 'schemas'), '--out', join(folder, 'out')]);
  assert.equal(code, 0);
  assert.match(stdout, /0 tools, 0 operations/);
});

test('an unknown flag and a missing folder are told apart from wrong schemas by exit code 2', (t) => {
  const folder = temporaryFolder(t);
  const flag = runCodegen(['--chekc']);
  assert.equal(flag.code, 2);
  assert.match(flag.stderr, /unknown option '--chekc'/);
  const missing = runCodegen(['--schemas', join(folder, 'nowhere'), '--out', join(folder, 'out')]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /nowhere/);
});

test('--help says what the flags and exit codes mean', () => {
  const { code, stdout } = runCodegen(['--help']);
  assert.equal(code, 0);
  for (const word of ['--check', '--schemas', '--out', 'Exit codes: 0 done, 1'])
    assert.ok(stdout.includes(word), word);
});

test('a pipe gets no colour', (t) => {
  const { args } = openWorkshop(t);
  const { stdout, stderr } = runCodegen(['--check', ...args]);
  assert.ok(!`${stdout}${stderr}`.includes('\u001b'));
});
