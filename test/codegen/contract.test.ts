import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../codegen/compile.ts';
import { readSchemaFiles } from '../../codegen/sources.ts';
import { LIBRARY, temporaryFolder, typeCheck } from './codegen-process.ts';
import { fileOf, soundTool } from './one-tool.ts';

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
  ['const j: H<"sample_tools", "first_thing"> = async ({ own }) => ({ id: own.size });', undefined],
  ['const k: H<"sample_tools", "first_thing"> = async ({ one }) => ({ id: one.size });', /undefined/],
  ['const l: H<"sample_tools", "first_thing"> = async ({ own }) => ({ id: own.inline.size });', /undefined/],
  ['const i: OperationsWith<"library_tools", "read"> = "delete";', /"delete"/],
];

/** A tool with defaults that are filled in, and with such that are not: in branches, which may not hold. */
function toolWithDefaults(): any {
  const tool = soundTool();
  const size = { type: 'integer', description: 'How large', default: 1 };
  const sized = { type: 'object', properties: { size } };
  tool.$defs = { Sized: sized };
  const parameters = {
    own: { ...sized, properties: { size, inline: { anyOf: [sized] } }, required: ['inline'] },
    one: { oneOf: [{ $ref: '#/$defs/Sized' }] },
  };
  const described = Object.entries(parameters).map(([name, schema]) => [
    name,
    { description: 'A thing', ...schema },
  ]);
  const [operation] = tool.operations;
  operation.parameters.properties = Object.fromEntries(described);
  operation.parameters.required = Object.keys(parameters);
  operation.examples = [{ title: 'The least', parameters: { own: { inline: {} }, one: {} } }];
  return tool;
}

test('a handler compiles when it does what the contract says, and only then', async (t) => {
  const compiled = await compile([...(await readSchemaFiles(LIBRARY)), fileOf(toolWithDefaults())]);
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
