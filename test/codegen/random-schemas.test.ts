import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { temporaryFolder, typeCheck } from './codegen-process.ts';
import { compileSchema, sayValue } from './measure-agreement.ts';

/** Fixed, so that the test says the same every time; `SEED` tries others. */
const SEED = Number(process.env.SEED ?? 4);
const SCHEMAS = Number(process.env.SCHEMAS ?? 150);

const name = fc.constantFrom('a', 'b', 'c');
const scalar = fc.oneof(
  fc.constantFrom(null, true, false, 'a', 'b', ''),
  fc.integer({ min: -2, max: 9 }),
  fc.constant(1.5),
);
const types = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

const { value, schema } = fc.letrec<{ value: any; schema: any }>((tie) => {
  const inner = tie('schema');
  const some = (arbitrary: fc.Arbitrary<any>) => fc.array(arbitrary, { minLength: 1, maxLength: 3 });
  const named = (arbitrary: fc.Arbitrary<any>) => fc.dictionary(name, arbitrary, { maxKeys: 3 });
  const words: Record<string, fc.Arbitrary<any>> = {
    type: fc.oneof(fc.constantFrom(...types), fc.subarray(types, { minLength: 1 })),
    nullable: fc.boolean(),
    const: tie('value'),
    enum: fc.array(tie('value'), { maxLength: 3 }),
    properties: named(inner),
    required: fc.uniqueArray(name, { maxLength: 2 }),
    additionalProperties: inner,
    patternProperties: fc.dictionary(fc.constantFrom('^a', 'b|c'), inner, { maxKeys: 2 }),
    propertyNames: fc.oneof(fc.record({ enum: some(name) }), fc.constant({ maxLength: 1 }), inner),
    items: fc.oneof(inner, some(inner)),
    additionalItems: inner,
    minItems: fc.nat(3),
    maxItems: fc.nat(3),
    uniqueItems: fc.boolean(),
    contains: inner,
    minContains: fc.nat(1),
    allOf: some(inner),
    anyOf: some(inner),
    oneOf: some(inner),
    not: inner,
    if: inner,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: inner,
    else: inner,
    dependencies: fc.dictionary(name, fc.oneof(some(name), inner), { maxKeys: 2 }),
    unevaluatedProperties: inner,
    default: tie('value'),
    minimum: fc.nat(3),
    minLength: fc.nat(2),
    minProperties: fc.nat(2),
    $ref: fc.constantFrom('#', '#/properties/a', '#/items', '#/anyOf/0', '#/$defs/x'),
    $defs: fc.record({ x: inner }),
  };
  const pick = fc.subarray(Object.keys(words), { minLength: 1, maxLength: 4 });
  return {
    value: fc.oneof(
      { maxDepth: 2 },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    ),
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.oneof(fc.boolean(), fc.constant({}), fc.record({ type: fc.constantFrom(...types) })),
      pick.chain((chosen) =>
        fc.record(Object.fromEntries(chosen.map((word) => [word, words[word] ?? fc.constant(1)]))),
      ),
    ),
  };
});

test('of random schemas, none makes codegen fail, and no type refuses what its validator lets through', async (t) => {
  const samples = fc.sample(fc.tuple(schema, fc.array(value, { minLength: 12, maxLength: 12 })), {
    numRuns: SCHEMAS,
    seed: SEED,
  });
  const cases: { readonly schema: string; readonly value: string }[] = [];
  const types: string[] = [];
  let compiledCount = 0;
  for (const [index, [raw, values]] of samples.entries()) {
    for (const reading of ['as meant', 'to the letter'] as const) {
      const number = 2 * index + (reading === 'as meant' ? 0 : 1);
      const compiled = await compileSchema(raw, number, reading).catch((error) => {
        throw new Error(`${JSON.stringify(raw)}: ${error.stack}`);
      });
      if (typeof compiled === 'string') continue;
      compiledCount += 1;
      types.push(compiled.types);
      for (const candidate of values.filter((each) => compiled.accepts(each))) {
        cases.push({
          schema: `${reading} ${JSON.stringify(raw)}`,
          value: `const v${cases.length}: G${number}.Value = ${sayValue(candidate)};`,
        });
      }
    }
  }
  assert.ok(compiledCount > SCHEMAS, `only ${compiledCount} schemas compiled`);
  t.diagnostic(`${compiledCount} of ${2 * SCHEMAS} compiled, ${cases.length} values let through`);
  const lines = cases.map((each) => each.value);
  const faults = typeCheck(temporaryFolder(t), {
    'types.d.ts': types.join('\n'),
    'values.ts': `${lines.join('\n')}\n`,
  });
  assert.deepEqual(
    faults.map(({ file, line, message }) => {
      const at = cases[line - 1];
      return file === 'values.ts' && at !== undefined
        ? `${at.schema}\n  ${at.value}\n  ${message}`
        : `${file}: ${message}`;
    }),
    [],
  );
});
