import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEmbeddedAthena } from '../../../backend/embedded/athena.ts';
import { OPERATIONS_NOT_SERVED, TOOLS_NOT_SERVED } from '../../../backend/embedded/served.ts';
import { catalogue } from '../../../generated/catalogue.ts';
import { ROOT, temporaryFolder } from '../../codegen/codegen-process.ts';

/** What the embedded Athena is made of, as far as the type checker looks. */
const PARTS = [
  'backend',
  'database',
  'generated',
  'runtime/contract',
  'runtime/adapter',
  'tsconfig.json',
  'package.json',
];

const domain = (name: string) => `backend/embedded/${name}/domain.ts`;

interface Break {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The file, and what the error says of the operation. */
  readonly errors: readonly (readonly [file: string, message: RegExp])[];
}

const ATHENA = 'backend/embedded/athena.ts';

/** Each in a domain of its own, so that one run of the compiler tells them all. */
const BREAKS: readonly Break[] = [
  {
    what: 'an operation that is missing',
    file: domain('rag'),
    from: '      reflective_retrieve: reflectiveRetrieve,\n',
    to: '',
    errors: [[ATHENA, /"rag_tools\/reflective_retrieve".* does not satisfy the constraint 'never'/]],
  },
  {
    what: 'an operation that the contract does not have',
    file: domain('zettelkasten'),
    from: 'get_memory_attributes: getMemoryAttributes,',
    to: 'get_memory_attributes: getMemoryAttributes, get_memory_colour: getMemoryAttributes,',
    errors: [
      [domain('zettelkasten'), /'get_memory_colour' does not exist in type/],
      [ATHENA, /"zettelkasten_tools\/get_memory_colour"' does not satisfy the constraint 'never'/],
    ],
  },
  {
    what: 'a write among the reads',
    file: domain('graph'),
    from: '  reads: {\n    graph_tools: {\n',
    to: '  reads: {\n    graph_tools: {\n      create_relation: createRelation,\n',
    errors: [[domain('graph'), /'create_relation' does not exist in type/]],
  },
  {
    what: 'parameters of another type',
    file: domain('procedural'),
    from: 'find_procedures: findProcedures,',
    to: 'find_procedures: async (params: { readonly query: number }) => ({ procedures: [], seen: params.query }),',
    errors: [
      [ATHENA, /reads\.procedural_tools\.find_procedures/],
      [domain('procedural'), /FindProceduresParams/],
    ],
  },
  {
    what: 'a result of another type',
    file: domain('tasks'),
    from: 'set_goal: setGoal,',
    to: "set_goal: async () => ({ goal: 'none' }),",
    errors: [
      [ATHENA, /writes\.task_management_tools\.set_goal/],
      [domain('tasks'), /SetGoalParams|goal: string/],
    ],
  },
];

test('handlers that break the contract do not compile, and the error names the operation', (t) => {
  const folder = temporaryFolder(t);
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, from, to } of BREAKS) {
    const text = readFileSync(join(folder, file), 'utf8');
    assert.ok(text.includes(from), `${file} has ${from}`);
    writeFileSync(join(folder, file), text.replace(from, to));
  }
  const config = { extends: './tsconfig.json', include: ['backend/embedded'] };
  writeFileSync(join(folder, 'tsconfig.test.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const { stdout } = spawnSync(
    process.execPath,
    [tsc, '--noEmit', '--pretty', 'false', '--project', 'tsconfig.test.json'],
    { cwd: folder, encoding: 'utf8' },
  );
  const faults = stdout.split(/\n(?=\S)/);
  for (const { what, errors } of BREAKS) {
    for (const [file, message] of errors) {
      const found = faults.some((fault) => fault.startsWith(`${file}(`) && message.test(fault));
      assert.ok(found, `${what}: no error ${message} in ${file}:\n${stdout}`);
    }
  }
  const broken = new Set(BREAKS.flatMap(({ errors }) => errors.map(([file]) => file)));
  // What a break leaves unused is no break of its own.
  const elsewhere = faults.filter(
    (fault) => !/^$|error TS6133/.test(fault) && !broken.has(fault.slice(0, fault.indexOf('('))),
  );
  assert.deepEqual(elsewhere, []);
});

test('what is declared as not served is just what the running Athena does not serve', async (t) => {
  const athena = await openEmbeddedAthena(join(temporaryFolder(t), 'athena.db'), (error) =>
    assert.fail(String(error)),
  );
  t.after(() => athena.close());
  const declared = catalogue.operations.filter(
    ({ tool, operation }) =>
      TOOLS_NOT_SERVED.some((name) => name === tool) ||
      Object.entries(OPERATIONS_NOT_SERVED).some(
        ([name, operations]) => name === tool && operations.some((other) => other === operation),
      ),
  );
  const notServed = catalogue.operations.filter((operation) => !athena.serves(operation));
  assert.deepEqual(
    declared.map(({ id }) => id),
    notServed.map(({ id }) => id),
  );
  assert.equal(catalogue.operations.length - notServed.length, 104);
});
