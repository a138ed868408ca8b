import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import ts from 'typescript';
import { compile } from '../../codegen/compile.ts';
import type { Outputs } from '../../codegen/join-parts.ts';
import { readSchemaFiles } from '../../codegen/sources.ts';
import { LIBRARY, ROOT, temporaryFolder, typeCheck } from './codegen-process.ts';

const GOLDEN = join(import.meta.dirname, 'golden');
const FILES = [
  'athena.d.ts',
  'types.d.ts',
  'contract.d.ts',
  'catalogue.ts',
  'adapters/library.ts',
  'validators/library.d.ts',
  'manifest/tree.json',
  'manifest/operations.json',
  'manifest/search.json',
  'manifest/signatures/library.json',
  'manifest/signatures/echo.json',
];

let outputs: Outputs;

before(async () => {
  const result = await compile(await readSchemaFiles(LIBRARY));
  assert.ok(result.ok, result.ok ? '' : result.problems.join('\n'));
  outputs = result.outputs;
});

function output(path: string): string {
  const text = outputs.get(path);
  assert.ok(text !== undefined, `no output ${path}`);
  return text;
}

/** The guest's own declarations follow the generated ones; they are not this test's concern. */
function withoutGlobals(text: string): string {
  const globals = readFileSync(join(ROOT, 'codegen/emit/guest-globals.d.ts'), 'utf8');
  return text.replace(globals, '');
}

for (const path of FILES) {
  test(`the library compiles to the golden ${path} (UPDATE_GOLDEN=1 rewrites it)`, () => {
    const golden = join(GOLDEN, `${path}.txt`);
    const text = withoutGlobals(output(path));
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, text);
    }
    assert.equal(text, readFileSync(golden, 'utf8'));
  });
}

test('the typings end with the declarations of the guest, unchanged', () => {
  const globals = readFileSync(join(ROOT, 'codegen/emit/guest-globals.d.ts'), 'utf8');
  assert.ok(output('athena.d.ts').endsWith(globals));
});

test('the typings compile by themselves, strictly, with TypeScript 7', (t) => {
  assert.deepEqual(typeCheck(temporaryFolder(t), { 'athena.d.ts': output('athena.d.ts') }), []);
});

test('no description declares anything: the typings hold the two names that they should', () => {
  const file = ts.createSourceFile(
    'a.d.ts',
    withoutGlobals(output('athena.d.ts')),
    ts.ScriptTarget.Latest,
    true,
  );
  const declared = file.statements.map((statement) => {
    if (ts.isModuleDeclaration(statement)) return statement.name.getText();
    return ts.isVariableStatement(statement)
      ? statement.declarationList.declarations[0]?.name.getText()
      : '?';
  });
  assert.deepEqual(declared, ['Athena', 'Athena', 'athena'], 'a part for each namespace, and the root');
});

test('no description becomes a tag of its own', () => {
  const tags = [...output('athena.d.ts').matchAll(/^\s*\* @(\w+)/gm)].map(([, tag]) => tag);
  assert.deepEqual([...new Set(tags)].sort(), ['example', 'see']);
});

test('programs that fit the typings pass, and excess, missing and wrong parameters are errors', (t) => {
  const lines = [
    "const found = await athena.library.findBooks({ query: 'x', filter: { genres: ['novel'] } });",
    'const next: string | undefined = found.books[0]?.sequel?.title;',
    'const { shelves } = await athena.library.countShelves();',
    'const rooms = (await athena.library.countShelves({})).by_room?.attic ?? 0;',
    "await athena.library.delete({ id: 1 }); await athena.library.delete({ title: 'x' });",
    "await athena.echo.call({ text: 'x' });",
    "await athena.library.findBooks({ query: 'x', limt: 3 });",
    'await athena.library.findBooks();',
    "await athena.library.findBooks({ query: 'x', limit: '3' });",
    "await athena.library.findBooks({ query: 'x', filter: { genres: ['poem'] } });",
    'await athena.library.delete({});',
    'await athena.library.countShelves({ room: 1 });',
    'const secret = found.secret;',
    'athena.library = athena.library;',
  ];
  const program = `${lines.join('\n')}\nexport {};\n`;
  const faults = typeCheck(temporaryFolder(t), {
    'athena.d.ts': output('athena.d.ts'),
    'program.mts': program,
  });
  assert.deepEqual(
    [...new Set(faults.map(({ line }) => line))],
    [7, 8, 9, 10, 11, 12, 13, 14],
    JSON.stringify(faults, undefined, 1),
  );
});

test('every operation has an adapter, both validators, a signature, details and a search document', () => {
  const entries: readonly { id: string; namespace: string; method: string }[] = JSON.parse(
    output('manifest/operations.json'),
  );
  assert.deepEqual(
    entries.map(({ id }) => id),
    ['echo.call', 'library.findBooks', 'library.delete', 'library.countShelves'],
  );
  const documents: readonly { id: string }[] = JSON.parse(output('manifest/search.json'));
  for (const { id, namespace, method } of entries) {
    assert.match(output(`adapters/${namespace}.ts`), new RegExp(`\\bid: '${id}'`));
    for (const validator of [`${method}Params`, `${method}Result`]) {
      assert.match(output(`validators/${namespace}.js`), new RegExp(`export const ${validator} =`));
    }
    assert.match(
      JSON.parse(output(`manifest/signatures/${namespace}.json`))[id],
      new RegExp(`^${method}\\(params`),
    );
    assert.match(JSON.parse(output(`manifest/details/${namespace}.json`))[id].source, new RegExp(`'${id}'`));
    assert.ok(documents.some((document) => document.id === id));
  }
});

test('details are complete by themselves: schemas carry the types that they refer to', () => {
  const details = JSON.parse(output('manifest/details/library.json'))['library.findBooks'];
  assert.deepEqual(Object.keys(details.parameters.$defs), ['Filter', 'Genre']);
  assert.deepEqual(Object.keys(details.result.$defs), ['Book', 'Genre']);
});
