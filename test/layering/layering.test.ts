import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../..');

interface Room {
  /** The files of the room, as path prefixes. */
  readonly files: readonly string[];
  /** What they may import: other files (path prefixes, the room's own always included), and packages. */
  readonly mayImport: readonly string[];
  readonly node: boolean | readonly string[];
  readonly packages: readonly string[] | 'any';
  readonly because: string;
}

/** Who may import whom. The first room that a file belongs to rules. */
const ROOMS: readonly Room[] = [
  {
    files: ['runtime/contract/'],
    mayImport: [],
    node: false,
    packages: [],
    because: 'the contract is the words of all stages: it depends on nothing',
  },
  {
    files: ['runtime/json/'],
    mayImport: ['runtime/contract/'],
    node: false,
    packages: [],
    because: 'reading hostile JSON is a leaf that any stage may use',
  },
  {
    files: ['runtime/adapter/'],
    mayImport: ['runtime/contract/'],
    node: false,
    packages: [],
    because: 'the adapter subpath is the one door of generated code, and versioned',
  },
  {
    files: ['runtime/sandbox/guest/powers.ts'],
    mayImport: ['runtime/contract/'],
    node: true,
    packages: [],
    because: 'powers.ts is the only file of the guest that touches Node',
  },
  {
    files: ['runtime/sandbox/guest/'],
    mayImport: ['runtime/contract/'],
    node: false,
    packages: ['ses'],
    because: 'the guest holds no Node built-in outside powers.ts',
  },
  ...['session', 'audit'].map((stage) => ({
    files: [`runtime/${stage}/`],
    mayImport: ['runtime/contract/', 'runtime/json/', 'database/'],
    node: true,
    packages: 'any' as const,
    because: 'stages know the contract and never each other',
  })),
  ...['check', 'sandbox', 'bridge', 'filter', 'disclosure'].map((stage) => ({
    files: [`runtime/${stage}/`],
    mayImport: ['runtime/contract/', 'runtime/json/'],
    node: true,
    packages: 'any' as const,
    because: 'stages know the contract and never each other; execute.ts joins them',
  })),
  {
    files: ['codegen/import/'],
    mayImport: [
      'codegen/',
      'runtime/contract/',
      'backend/remote/command-line.ts',
      'backend/remote/line-feed.ts',
    ],
    node: true,
    packages: 'any',
    because:
      'an import starts a backend as the runtime does: the same command line, the same reading of its stderr',
  },
  {
    files: ['codegen/'],
    mayImport: ['runtime/contract/'],
    node: true,
    packages: 'any',
    because: 'the compiler knows the contract and nothing of the runtime',
  },
  {
    files: ['generated/'],
    mayImport: ['runtime/adapter/v1.ts'],
    node: true,
    packages: [],
    because: 'generated code enters the runtime through its versioned subpath',
  },
  {
    files: ['database/'],
    mayImport: [],
    node: true,
    packages: ['kysely'],
    because: 'opening a database knows nothing of who opens it',
  },
  {
    files: ['backend/'],
    mayImport: [
      'runtime/contract/',
      'runtime/json/',
      'runtime/adapter/v1.ts',
      'database/',
      'generated/contract.d.ts',
    ],
    node: true,
    packages: 'any',
    because: 'a backend knows the contract, never the runtime that calls it',
  },
  {
    files: ['runtime/'],
    mayImport: ['runtime/', 'backend/', 'database/', 'generated/', 'package.json'],
    node: true,
    packages: 'any',
    because: 'the spine, the server and the composition root join what the others make',
  },
];

const SOURCES = globSync('{runtime,codegen,generated,backend,database}/**/*.ts', { cwd: ROOT }).filter(
  (file) => !file.endsWith('.d.ts'),
);

function importsOf(file: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

function localTarget(file: string, specifier: string): string {
  return relative(ROOT, resolve(ROOT, dirname(file), specifier));
}

test('every file belongs to a room, and imports only what its room may', () => {
  assert.ok(SOURCES.length > 100, 'the sources were found');
  const violations = SOURCES.flatMap((file) => {
    const room = ROOMS.find(({ files }) => files.some((prefix) => file.startsWith(prefix)));
    if (room === undefined) return [`${file} belongs to no room: add it to ROOMS`];
    return importsOf(file)
      .filter((specifier) => !mayImport(room, file, specifier))
      .map((specifier) => `${file} may not import ${specifier}: ${room.because}`);
  });
  assert.deepEqual(violations, []);
});

function mayImport(room: Room, file: string, specifier: string): boolean {
  if (specifier.startsWith('.')) {
    const target = localTarget(file, specifier);
    return [...room.files, ...room.mayImport].some((prefix) => target.startsWith(prefix));
  }
  if (specifier.startsWith('node:')) return room.node === true;
  return (
    room.packages === 'any' ||
    room.packages.some((name) => specifier === name || specifier.startsWith(`${name}/`))
  );
}

test('the rule bites: a stage that imports another stage is named', () => {
  const check = ROOMS.find(({ files }) => files.includes('runtime/check/'))!;
  assert.equal(mayImport(check, 'runtime/check/check.ts', '../sandbox/pool.ts'), false);
  assert.equal(mayImport(check, 'runtime/check/check.ts', '../contract/json.ts'), true);
});

const MAY_READ: readonly string[] = [
  'runtime/main.ts',
  'runtime/serve.ts',
  'codegen/main.ts',
  'runtime/sandbox/guest/powers.ts',
  'runtime/sandbox/confinement.ts',
];

test('only the composition root reads the environment and the command line', () => {
  const readers = SOURCES.filter((file) =>
    /\bprocess\.(env|argv)\b/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  assert.deepEqual(
    // powers.ts, and the boot text in confinement.ts, speak of the worker's own process.
    readers.filter((file) => !MAY_READ.includes(file)),
    [],
  );
});

test('only the composition root opens a backend', () => {
  const openers = SOURCES.filter(
    (file) =>
      !file.startsWith('backend/') &&
      /\bopen(EmbeddedAthena|HttpBackend|RemoteBackend)\(/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  assert.deepEqual(openers, ['runtime/serve.ts']);
});

test('there are no import cycles', () => {
  const targets = new Map(
    SOURCES.map((file) => [
      file,
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => localTarget(file, specifier)),
    ]),
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
    if (done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of SOURCES) visit(file, []);
});

test('execute, the spine, stays under 60 lines', () => {
  const source = ts.createSourceFile(
    'execute.ts',
    readFileSync(join(ROOT, 'runtime/execute.ts'), 'utf8'),
    ts.ScriptTarget.ESNext,
    true,
  );
  const spine = source.statements.find(ts.isFunctionDeclaration)!;
  assert.equal(spine.name?.text, 'execute');
  const lines = spine.getText().split('\n').length;
  assert.ok(lines < 60, `${lines} lines`);
});
