import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../runtime/contract/json.ts';
import { showParameters } from '../../runtime/filter/show-parameters.ts';

/** Whatever could end a line, steer, hide, or draw over its neighbours. */
const UNSEEN =
  /(?!\n)[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800`]|(?! )\p{Zs}| {2}|\p{M}{3}/u;
const MOST_CHARACTERS = 2_000;
const MOST_LINES = 41;

const evil = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '`',
      ' ',
      '\n',
      '"',
      '\\',
      '\u202e',
      '\u2028',
      '\u200b',
      '\u00a0',
      '\u0301',
      '\u3164',
      '\u{e0041}',
      '\u2800',
      '\ud800',
      '\u061c',
      '\u0085',
      'a',
    ),
    maxLength: 2_500,
  }),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    evil,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(evil, tie('value'), { maxKeys: 6 }),
  ),
})).value;
const parameters = fc.dictionary(evil, values, { maxKeys: 60 });

test('whatever a program writes is shown in lines of its own, within bounds, with nothing unseen in them', async () => {
  await fc.assert(
    fc.asyncProperty(parameters, async (params) => {
      const { text, isCut } = await showParameters(params as JsonObject);
      assert.doesNotMatch(text, UNSEEN);
      const lines = text.split('\n');
      assert.ok(text.length <= MOST_CHARACTERS && lines.length <= MOST_LINES);
      // A member a line, each of them JSON: what is shown whole is what was sent.
      const read = lines.map((line) => (line === '' ? {} : JSON.parse(`{${line}}`)));
      assert.ok(read.every((member) => Object.keys(member).length <= 1));
      if (!isCut)
        assert.deepEqual(read.flatMap(Object.entries), Object.entries(JSON.parse(JSON.stringify(params))));
    }),
    { numRuns: 300 },
  );
});

test('what a person can read is left as it is, in any script', async () => {
  const params = { name: 'Zoë', note: 'שלום, 你好, नमस्ते', tags: ['a b', 'c'], nothing: null };
  assert.deepEqual(await showParameters(params), {
    text: '"name": "Zoë"\n"note": "שלום, 你好, नमस्ते"\n"tags": ["a b","c"]\n"nothing": null',
    characters: JSON.stringify(params).length,
    isCut: false,
  });
  assert.deepEqual(await showParameters({}), { text: '', characters: 2, isCut: false });
});

test('small parameters are shown beside a large one, wherever it stands, and cuts are told', async () => {
  for (const filler of ['x'.repeat(900_000), '`'.repeat(900_000), ' '.repeat(900_000)]) {
    const { text, isCut, characters } = await showParameters({ filler, memory_id: 7, recursive: true });
    assert.match(text, /^"memory_id": 7$/m);
    assert.match(text, /^"recursive": true$/m);
    assert.deepEqual([isCut, characters > 900_000], [true, true]);
  }
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`n${at}`, at]));
  const shown = await showParameters(many);
  assert.equal(shown.isCut, true);
  assert.match(shown.text, /^"…": "\[10 more of 50 entries\]"$/m);
});

test('secrets are removed, and personal data stays', async () => {
  const { text } = await showParameters({
    password: 'hunter2',
    to: 'ada@example.com',
    body: `use ghp_${'aB3dE6gH9j'.repeat(4).slice(0, 36)}`,
  });
  assert.equal(
    text,
    '"password": "[removed: field password]"\n"to": "ada@example.com"\n"body": "use [removed: github credential]"',
  );
});
