import assert from 'node:assert/strict';
import { test } from 'node:test';
import ajv2020 from 'ajv/dist/2020.js';
import { createAjv } from '../../codegen/ajv.ts';
import { createDraftSchema } from '../../codegen/draft-schema.ts';

const OPTIONS = { strict: false, logger: false, validateFormats: false } as const;
const VALUES = [
  null,
  true,
  -1,
  0,
  1.5,
  '',
  'string',
  '#a',
  [],
  [1],
  ['a'],
  ['a', 'a'],
  {},
  { a: 1 },
  { a: {} },
];

test('the joined meta-schema takes and refuses what the draft does, at every depth', () => {
  const draft: any = createDraftSchema();
  const letter = new ajv2020.default(OPTIONS).getSchema(draft.$id);
  assert.ok(letter !== undefined);
  const validate = createAjv({ ...OPTIONS, meta: false, validateSchema: false }).compile(draft);
  const words = Object.keys(draft.properties);
  assert.ok(words.length > 50);
  let refused = 0;
  for (const word of words) {
    for (const value of [...VALUES, { a: [{}] }, [{}], { a: ['b'] }]) {
      const schema = { [word]: value };
      for (const deep of [
        schema,
        { properties: { a: { not: schema } } },
        { $defs: { a: { oneOf: [schema] } } },
      ]) {
        const isSound: boolean = letter(deep) === true;
        assert.equal(validate(deep), isSound, JSON.stringify(deep));
        if (!isSound) refused += 1;
      }
    }
  }
  assert.ok(refused > 1000);
});
