import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import ts from 'typescript';
import { compile } from '../../codegen/compile.ts';
import { ROOT } from '../codegen/codegen-process.ts';
import { fileOf, soundOperation, soundTool } from '../codegen/one-tool.ts';
import { type Connection, openClient, openTemporaryDirectory } from '../server/open-client.ts';

const EXAMPLE = readFileSync(join(ROOT, 'template/programs/example.ts'), 'utf8');
const directory = openTemporaryDirectory();
const project = join(directory.path, 'project');
const installed = join(project, 'node_modules/athena-code-mode');
const program = join(project, 'programs/example.ts');

/** The template with the packed package in it. What the package depends on has no types that it needs. */
before(() => {
  cpSync(join(ROOT, 'template'), project, { recursive: true });
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory.path];
  execFileSync('npm', pack, { cwd: ROOT });
  const [tarball = ''] = readdirSync(directory.path).filter((name) => name.endsWith('.tgz'));
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(directory.path, tarball), '-C', installed, '--strip-components', '1']);
});
after(() => directory.dispose());

function tsc(): { readonly code: number | null; readonly output: string } {
  const compiler = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '--pretty', 'false'], {
    cwd: project,
    encoding: 'utf8',
  });
  return { code: status, output: stdout };
}

test('the package brings the template, and every path of it can be resolved as before', () => {
  assert.deepEqual(readdirSync(join(installed, 'template')).sort(), [
    'README.md',
    'package.json',
    'programs',
    'tsconfig.json',
  ]);
  const { resolve } = createRequire(join(project, 'package.json'));
  for (const path of ['package.json', 'bin/athena-code-mode.cjs', 'dist/runtime/main.js']) {
    assert.equal(resolve(`athena-code-mode/${path}`), join(installed, path));
  }
});

test('the template type-checks against the package, and a mistake in a program is an error', () => {
  assert.deepEqual(tsc(), { code: 0, output: '' });
  const wrong = join(project, 'programs/wrong.ts');
  const lines = [
    "export default async () => athena.memory.recall({ query: 'x', limit: 3 });",
    'export const page = document.title + process.version;',
    "export const read = async () => (await fetch('x')).text();",
  ];
  writeFileSync(wrong, lines.join('\n'));
  const { output } = tsc();
  rmSync(wrong);
  const faults = [...output.matchAll(/^programs\/wrong\.ts\((\d),\d+\): error .*?'(\w+)'/gm)];
  assert.deepEqual(
    faults.map(([, line, name]) => `${line} ${name}`),
    ['1 limit', '2 document', '2 process', '3 fetch'],
  );
});

test('the example is a program that execute runs as it is', async (t) => {
  const server: Connection = await openClient(join(directory.path, 'data'));
  t.after(() => server.close());
  const first = await server.execute(EXAMPLE);
  const second = await server.execute(EXAMPLE);
  assert.deepEqual(first.value, { memory_id: 1, before: [] });
  assert.deepEqual(first.logs?.length, 1);
  assert.match(first.logs?.[0] ?? '', /stored/);
  assert.equal(first.warnings, undefined);
  assert.match(JSON.stringify(second.value), /^\{"memory_id":1,"before":\[\{"content":"We chose SQLite/);
});

/** An editor with the example open, its text changed. @param typings in place of the package's own */
function openEditor(text: string, typings?: string): ts.LanguageService {
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(project, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    project,
  );
  const read = (path: string): string | undefined => {
    if (path === program) return text;
    return typings !== undefined && path.endsWith('dist/generated/athena.d.ts')
      ? typings
      : ts.sys.readFile(path);
  };
  return ts.createLanguageService({
    getCompilationSettings: () => config.options,
    getScriptFileNames: () => config.fileNames,
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const content = read(path);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => project,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: read,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
}

function endOf(text: string, part: string): number {
  return text.indexOf(part) + part.length;
}

test('an editor completes, explains and leads to the typings', () => {
  const editor = openEditor(EXAMPLE);
  assert.deepEqual(editor.getSemanticDiagnostics(program), []);
  const dot = endOf(EXAMPLE, 'athena.memory.');
  const names = editor.getCompletionsAtPosition(program, dot, {})?.entries.map(({ name }) => name) ?? [];
  assert.equal(names.length, 28);
  assert.ok(names.includes('recall') && names.includes('smartRetrieve'));
  const hover = editor.getQuickInfoAtPosition(program, dot + 1);
  const shown = (parts: readonly ts.SymbolDisplayPart[] | undefined) =>
    ts.displayPartsToString([...(parts ?? [])]);
  assert.match(shown(hover?.displayParts), /recall\(params: Athena\.Memory\.RecallParams\): Promise</);
  assert.match(shown(hover?.documentation), /Effect: read/);
  const example = hover?.tags?.find(({ name }) => name === 'example');
  assert.match(shown(example?.text), /^await athena\.memory\.recall\(\{/);
  const [definition] = editor.getDefinitionAtPosition(program, dot + 1) ?? [];
  assert.match(definition?.fileName ?? '', /athena-code-mode\/dist\/generated\/athena\.d\.ts$/);
});

test('an editor offers the parameters of a call, each with what it is', () => {
  const text = EXAMPLE.replace("query: 'database decision', k: 3", '');
  const editor = openEditor(text);
  const inside = endOf(text, 'recall({ ');
  const entries = editor.getCompletionsAtPosition(program, inside, {})?.entries ?? [];
  assert.deepEqual(
    entries
      .map(({ name }) => name)
      .sort()
      .slice(0, 3),
    ['k', 'memory_types', 'query'],
  );
  const details = editor.getCompletionEntryDetails(program, inside, 'k', {}, undefined, {}, undefined);
  assert.match(ts.displayPartsToString([...(details?.documentation ?? [])]), /Default/);
});

test('a deprecated operation is struck, and its hover names what to call instead', async () => {
  const tool = soundTool();
  tool.operations[0].deprecated = { since: '2.0.0', use: 'sample.secondThing' };
  tool.operations.push(soundOperation('second_thing'));
  const compiled = await compile([fileOf(tool)]);
  assert.ok(compiled.ok);
  const text = 'export default async () => athena.sample.firstThing({});\n';
  const editor = openEditor(text, compiled.outputs.get('athena.d.ts'));
  const dot = endOf(text, 'athena.sample.');
  const entries = editor.getCompletionsAtPosition(program, dot, {})?.entries ?? [];
  assert.deepEqual(
    entries.map(({ name, kindModifiers }) => [name, (kindModifiers ?? '').split(',').includes('deprecated')]),
    [
      // Struck, and last.
      ['secondThing', false],
      ['firstThing', true],
    ],
  );
  assert.ok(editor.getSuggestionDiagnostics(program).some(({ reportsDeprecated }) => reportsDeprecated));
  const tag = editor
    .getQuickInfoAtPosition(program, dot + 1)
    ?.tags?.find(({ name }) => name === 'deprecated');
  assert.equal(
    ts.displayPartsToString([...(tag?.text ?? [])]),
    'Since 2.0.0. Use `athena.sample.secondThing`.',
  );
});
