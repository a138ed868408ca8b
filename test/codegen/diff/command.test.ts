import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { CODEGEN, runCodegen, temporaryFolder } from '../codegen-process.ts';
import { sampleTool } from './rule-rows.ts';

const GOLDEN = join(import.meta.dirname, 'golden');

/** A folder with the sample as it would lie in it. */
function writeSchemas(folder: string, change: (sample: any) => void = () => {}): string {
  const tool = sampleTool();
  change(tool);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sample_tools.json'), JSON.stringify(tool, undefined, 2));
  return folder;
}

/** One change of every kind. */
function changeAll(sample: any): void {
  const find = sample.operations[1];
  find.summary = 'Find `what` is asked for';
  find.parameters.properties.limit.maximum = 20;
  find.result.properties.pages = { type: 'integer' };
  sample.operations.shift();
}

function openPair(t: TestContext): { readonly cwd: string; readonly pair: readonly string[] } {
  const cwd = temporaryFolder(t);
  writeSchemas(join(cwd, 'old'));
  writeSchemas(join(cwd, 'new'), changeAll);
  return { cwd, pair: ['diff', 'old', 'new'] };
}

for (const [name, flags] of Object.entries({ text: [], markdown: ['--markdown'], json: ['--json'] })) {
  test(`two folders compare to the golden ${name} (UPDATE_GOLDEN=1 rewrites it)`, (t) => {
    const { cwd, pair } = openPair(t);
    const { code, stdout, stderr } = runCodegen([...pair, ...flags], cwd);
    assert.deepEqual([code, stderr], [4, '']);
    const golden = join(GOLDEN, `${name}.txt`);
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(GOLDEN, { recursive: true });
      writeFileSync(golden, stdout);
    }
    assert.equal(stdout, readFileSync(golden, 'utf8'));
  });
}

test('the exit code tells the worst change, and --fail-on which of them counts', (t) => {
  const cwd = temporaryFolder(t);
  writeSchemas(join(cwd, 'old'));
  const changes: Readonly<Record<string, (sample: any) => void>> = {
    same: () => {},
    documentation: (sample) => Object.assign(sample.operations[0], { summary: 'Do another thing' }),
    additive: (sample) => Object.assign(sample.operations[0], { timeoutMs: 9000 }),
    breaking: (sample) => Object.assign(sample.operations[0], { timeoutMs: 100 }),
  };
  for (const [name, change] of Object.entries(changes)) writeSchemas(join(cwd, name), change);
  const codes = [
    ['same', 'additive', 0],
    ['documentation', 'additive', 0],
    ['additive', 'additive', 3],
    ['additive', 'breaking', 0],
    ['breaking', 'breaking', 4],
    ['breaking', 'nothing', 0],
  ] as const;
  for (const [name, failOn, code] of codes) {
    assert.equal(runCodegen(['diff', 'old', name, '--fail-on', failOn], cwd).code, code, `${name} ${failOn}`);
  }
});

test('a reader that has read enough changes no exit code, and is no failure', async (t) => {
  const { cwd, pair } = openPair(t);
  const child = spawn(process.execPath, [CODEGEN, ...pair, '--json'], { cwd });
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.deepEqual([code, stderr], [4, '']);
});

test('a git ref is read at the folder of schemas, without touching the work tree', (t) => {
  const cwd = temporaryFolder(t);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], { cwd });
  git('init', '--quiet');
  const schemas = writeSchemas(join(cwd, 'deep/schemas'), (sample) => {
    sample.operations[1].parameters.properties.query.description = 'Wörter — 言葉';
  });
  writeFileSync(join(schemas, 'meta-schema.json'), '{}');
  git('add', '.');
  git('commit', '--quiet', '-m', 'First');
  git('tag', 'v1');
  writeSchemas(schemas, (sample) => Object.assign(sample.operations[0], { effect: 'admin' }));
  const flags = ['--schemas', schemas, '--json'];
  const between = (...sides: readonly string[]) => {
    const { code, stdout, stderr } = runCodegen(['diff', ...sides, ...flags], cwd);
    assert.equal(stderr, '');
    const { changes } = JSON.parse(stdout) as { changes: { rule: string; before?: string }[] };
    return [code, ...changes.map(({ rule, before }) => `${rule} ${before}`)];
  };
  const expected = [4, 'effect-raised read', 'parameter-description Wörter — 言葉'];
  assert.deepEqual(between('v1'), expected);
  assert.deepEqual(between('HEAD', schemas), expected);
  assert.deepEqual(between('v1', 'HEAD'), [0]);
  assert.equal(git('status', '--porcelain').toString().trim(), 'M deep/schemas/sample_tools.json');
});

test('what cannot be read is told, with what can be given, and exits with 2', (t) => {
  const cwd = temporaryFolder(t);
  const schemas = writeSchemas(join(cwd, 'schemas'));
  for (const [args, message] of [
    [['nowhere'], /nowhere is neither a folder nor a commit\. Give a folder of operation files, a git ref/],
    [['--output=x'], /unknown option '--output=x'/],
    [[], /missing required argument 'old'/],
    [['schemas', '--json', '--markdown'], /cannot be used with option/],
    [['schemas', '--fail-on', 'never'], /Allowed choices are additive, breaking, nothing/],
  ] as const) {
    const { code, stderr } = runCodegen(['diff', ...args, '--schemas', schemas], cwd);
    assert.match(stderr, message);
    assert.equal(code, 2);
  }
});

test('files that cannot be compared are told by place, all of them, and exit with 1', (t) => {
  const cwd = temporaryFolder(t);
  const old = writeSchemas(join(cwd, 'old'), (sample) => {
    sample.operations[0].result = { $ref: '#/$defs/Gone' };
    sample.operations[1].parameters = true;
  });
  writeFileSync(join(old, 'broken.json'), '{ "tool": ');
  const { code, stderr } = runCodegen(['diff', 'old', '--schemas', writeSchemas(join(cwd, 'new'))], cwd);
  assert.equal(code, 1);
  assert.match(stderr, /^broken\.json \(whole file\)\n {2}expected JSON$/m);
  assert.match(
    stderr,
    /^sample_tools\.json \/operations\/1\/parameters\n {2}expected a schema\n {2}found {4}true$/m,
  );
});

test('a reference to a type that is not there is told', (t) => {
  const cwd = temporaryFolder(t);
  writeSchemas(join(cwd, 'old'), (sample) => {
    sample.operations[0].result = { $ref: '#/$defs/Gone' };
  });
  const { code, stderr } = runCodegen(['diff', 'old', 'old'], cwd);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /\/operations\/0\/result\/\$ref\n {2}expected the place of a schema within this one, or a type under \$defs of the file/,
  );
});

test('schemas of other drafts are compared as they are compiled', (t) => {
  const cwd = temporaryFolder(t);
  const write = (folder: string, type: string) =>
    writeSchemas(join(cwd, folder), (sample) => {
      sample.operations[1].parameters.definitions = { Odd: { type } };
      Object.assign(sample.operations[1].parameters.properties, {
        odd: { $ref: '#/definitions/Odd' },
        same: { $ref: '#/properties/odd' },
      });
    });
  const { code, stdout, stderr } = runCodegen(['diff', write('old', 'string'), write('new', 'integer')], cwd);
  assert.equal(code, 4, stderr);
  for (const name of ['odd', 'same'])
    assert.match(stdout, new RegExp(`/parameters/properties/${name} {2}parameter-type-changed`));
});

test('--help tells the exit codes', (t) => {
  const { code, stdout } = runCodegen(['diff', '--help'], temporaryFolder(t));
  assert.equal(code, 0);
  assert.match(stdout, /Exit codes: 0 no change or documentation only, 3 additive, 4 breaking/);
});
