import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from './codegen-process.ts';
import {
  type Agreement,
  countAgreement,
  DRAFTS,
  type Draft,
  findSuite,
  hasDraft,
  measureAgreement,
} from './measure-agreement.ts';

const suite = findSuite(process.env.JSON_SCHEMA_TEST_SUITE);

/** Shares of the values in the suite's required part, in percent, below which nothing may fall. */
const FLOORS: Readonly<Record<Draft, { readonly validator: number; readonly type: number }>> = {
  'draft2020-12': { validator: 97, type: 80 },
  draft7: { validator: 99.9, type: 79 },
};
/** As schemas are meant, strings and lists are no objects: the suite has them pass by the letter. */
const MEANT_FLOORS: typeof FLOORS = {
  'draft2020-12': { validator: 96, type: 80 },
  draft7: { validator: 95.9, type: 77 },
};
/** What no remark tells of: to TypeScript a list is an object, and content words demand nothing in these drafts. */
const SILENT = /^(type: object type matches objects|optional\/content: |uniqueItems: uniqueItems=false)/;

for (const draft of DRAFTS) {
  const isThere = suite !== undefined && hasDraft(suite, draft);
  const skip = isThere
    ? false
    : 'needs the JSON-Schema-Test-Suite: name a checkout in JSON_SCHEMA_TEST_SUITE';

  test(`${draft}, to the letter: no type is narrower than its schema, and all compile`, {
    skip,
  }, async (t) => {
    const agreement = await measureAgreement(suite ?? '', draft, 'to the letter', temporaryFolder(t));
    assert.deepEqual(agreement.broken, []);
    const narrower = agreement.verdicts.filter(({ type, valid }) => valid && type === false);
    assert.deepEqual(narrower, []);
    assertFloor(agreement, FLOORS[draft]);
  });

  test(`${draft}, as meant: the shares hold, and no wider type is silent about it`, { skip }, async (t) => {
    const agreement = await measureAgreement(suite ?? '', draft, 'as meant', temporaryFolder(t));
    assert.deepEqual(agreement.broken, []);
    assertFloor(agreement, MEANT_FLOORS[draft]);
    const narrower = agreement.verdicts.filter(
      ({ valid, validator, type }) => valid && validator && type === false,
    );
    assert.deepEqual(narrower, []);
    const silent = agreement.verdicts.filter(
      ({ type, valid, isRemarked }) => !valid && type === true && !isRemarked,
    );
    assert.deepEqual(
      silent.map(({ file, what }) => `${file}: ${what}`).filter((name) => !SILENT.test(name)),
      [],
    );
    for (const { why } of agreement.refused) assert.match(why, /^\/.+: expected .+/);
  });
}

function assertFloor(
  agreement: Agreement,
  floor: { readonly validator: number; readonly type: number },
): void {
  const { validator, type } = countAgreement(agreement, 'required');
  assert.ok(Number.parseFloat(validator) >= floor.validator, `validators agree on ${validator}`);
  assert.ok(Number.parseFloat(type) >= floor.type, `types agree on ${type}`);
}
