import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../codegen/compile.ts';
import { readSchemaFiles } from '../../codegen/sources.ts';
import { LIBRARY, temporaryFolder, typeCheck } from './codegen-process.ts';

/** One handler a line, and what is wrong with it. */
const HANDLERS: readonly (readonly [line: string, fault: RegExp | undefined])[] = [
  [
    'const a: H<"library_tools", "find_books"> = async ({ limit }) => ({ books: [], total: limit });',
    undefined,
  ],
  [
    'const b: H<"library_tools", "find_books"> = async ({ query }) => ({ books: [query], total: 1 });',
    /string/,
  ],
  ['const c: H<"library_tools", "find_books"> = async ({ limt }) => ({ books: [], total: limt });', /'limt'/],
  ['const d: H<"library_tools", "find_book"> = async () => ({});', /"find_book"/],
  ['const e: H<"library", "find_books"> = async () => ({});', /"library"/],
  [
    'const f: H<"library_tools", "find_books"> = async (p: { query: number }) => ({ books: [], total: p.query });',
    /query/,
  ],
  ['const g: H<"echo", "call"> = async ({ text }) => ({ text });', undefined],
  [
    'const h: { readonly [O in keyof Contract["library_tools"]]: H<"library_tools", O> } = { find_books: a };',
    /delete/,
  ],
  ['const i: OperationsWith<"library_tools", "read"> = "delete";', /"delete"/],
];

test('a handler compiles when it does what the contract says, and only then', async (t) => {
  const compiled = await compile(await readSchemaFiles(LIBRARY));
  assert.ok(compiled.ok);
  const program = [
    "import type { Contract, HandlerOf, OperationsWith, Tool } from './contract.d.ts';",
    'type H<T extends Tool, O extends keyof Contract[T]> = HandlerOf<T, O, { readonly now: number }>;',
    ...HANDLERS.map(([line]) => `export ${line}`),
  ];
  const faults = typeCheck(temporaryFolder(t), {
    'types.d.ts': compiled.outputs.get('types.d.ts') ?? '',
    'contract.d.ts': compiled.outputs.get('contract.d.ts') ?? '',
    'handlers.mts': program.join('\n'),
  });
  for (const [i, [line, fault]] of HANDLERS.entries()) {
    const found = faults.filter((each) => each.line === i + 3).map(({ message }) => message);
    if (fault === undefined) assert.deepEqual(found, [], line);
    else assert.match(found.join('\n'), fault, line);
  }
  assert.ok(
    faults.every(({ file, line }) => file === 'handlers.mts' && line > 2),
    JSON.stringify(faults),
  );
});
