import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../../runtime/contract/json.ts';
import { markPersonal, type PersonalKind } from '../../runtime/contract/privacy.ts';
import { cleanValue } from '../../runtime/filter/clean-value.ts';
import { createDraw } from './privacy-set/draw.ts';
import { readLines } from './privacy-set/line.ts';

/** Built at run time, so that no scanner takes this file for a leak. */
const keyLines = (body: string): readonly string[] => [
  `-----BEGIN RSA ${'PRIVATE'} KEY-----`,
  body.repeat(16),
  `${body.repeat(15)}+/`,
  body,
  `-----END RSA ${'PRIVATE'} KEY-----`,
];

/** Texts of many lengths, of words, signs and digits that are nothing by themselves. */
function makeNoise(count: number): readonly string[] {
  const draw = createDraw(count);
  const words = [
    'planning',
    'OPS',
    'moved to',
    '2026-03-12',
    '21:12:36',
    '1.4.12',
    '0.25',
    '#',
    '- (',
    ': ',
    'Ask',
    'é',
  ];
  return Array.from({ length: count }, () =>
    Array.from({ length: draw.number(0, 30) }, () => draw.pick(words)).join(' '),
  );
}

test('what is found in a value alone is found in the midst of many others, and nothing else is', async () => {
  const lines = readLines().map(({ value }) => value);
  const noise = makeNoise(lines.length);
  const rows = lines.flatMap((line, at): readonly JsonValue[] => [
    noise[at] ?? '',
    line,
    { state: 'open', line },
  ]);
  const alone = new Map<PersonalKind, number>();
  const expected: JsonValue[] = [];
  for (const row of rows) {
    const { value, replaced } = await cleanValue(row, markPersonal);
    expected.push(value);
    for (const [kind, count] of replaced) alone.set(kind, (alone.get(kind) ?? 0) + count);
  }
  const together = await cleanValue(rows, markPersonal);
  assert.deepEqual(together.value, expected);
  assert.deepEqual(new Map([...together.replaced].toSorted()), new Map([...alone].toSorted()));
  assert.ok(JSON.stringify(noise).length > 100_000);
  assert.deepEqual((await cleanValue(noise, markPersonal)).value, noise);
});

test('a text that stands many times is replaced wherever it stands, and counted each time', async () => {
  const row = { from: 'ada@example.com', text: `Write to ada@example.com: ${'she answers. '.repeat(9)}` };
  const { value, replaced } = await cleanValue(Array(100).fill(row), markPersonal);
  assert.equal(JSON.stringify(value).includes('ada@'), false);
  assert.deepEqual([...replaced], [['email', 200]]);
});

test('the same text is judged by the name of each field that holds it', async () => {
  const rows = Array(3).fill({
    order: '030 1234567',
    phone: '030 1234567',
    number: 301_234_567,
    mobile: 301_234_567,
  });
  const { value, replaced } = await cleanValue(rows, markPersonal);
  const [{ order, phone, number, mobile }] = value as [Record<string, JsonValue>];
  assert.deepEqual([order, number], ['030 1234567', 301_234_567]);
  assert.notEqual(phone, '030 1234567');
  assert.notEqual(mobile, 301_234_567);
  assert.deepEqual([...replaced], [['phone', 6]]);
});

test('two private keys are removed that a log holds line by line', async () => {
  const { value } = await cleanValue(
    ['first', ...keyLines('MIIE'), 'second', ...keyLines('MIIB'), 'end'],
    undefined,
  );
  assert.doesNotMatch(JSON.stringify(value), /MIIE|MIIB/);
  assert.deepEqual(
    [(value as string[])[0], (value as string[])[6], (value as string[])[12]],
    ['first', 'second', 'end'],
  );
});

test('a field called __proto__ is a field like any other', async () => {
  const written = `{"__proto__":{"from":"ada@example.com"},"list":[{"__proto__":"ada@example.com"},1]}`;
  const { value } = await cleanValue(JSON.parse(written), markPersonal);
  assert.equal(JSON.stringify(value), written.replaceAll('ada@example.com', '[removed: email]'));
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});
