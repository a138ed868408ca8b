import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitSections } from '../../runtime/disclosure/fit-text.ts';

const more = (left: number): string => `… ${left} more`;
const moreSections = (left: number): string => `… ${left} more sections`;

test('what fits is shown whole, in order', () => {
  const sections = [
    { heading: 'A', items: ['1', '2'], more },
    { heading: 'B', items: ['3'], more },
  ];
  const { text, shown } = fitSections('head', sections, 'foot', 100, moreSections);
  assert.equal(text, 'head\nA\n1\n2\nB\n3\nfoot');
  assert.deepEqual(shown, [2, 1]);
});

test('what does not fit is left out by whole items from the end, and counted', () => {
  const [first, second, third, fourth] = ['1', '2', '3', '4'].map((digit) => digit.repeat(20));
  const sections = [
    { heading: 'A', items: [first ?? '', second ?? '', third ?? ''], more },
    { heading: 'B', items: [fourth ?? ''], more },
  ];
  const { text, shown } = fitSections('head', sections, 'foot', 75, moreSections);
  assert.equal(text, `head\nA\n${first}\n… 2 more\nB\n${fourth}\nfoot`);
  assert.deepEqual(shown, [1, 1]);
});

test('for any sections the text keeps its size, holds only whole items, and accounts for all others', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .map((text) => text.replace(/\s/g, '_'));
  const section = fc.record({ heading: word, items: fc.array(word, { maxLength: 12 }) });
  fc.assert(
    fc.property(fc.array(section, { maxLength: 12 }), fc.integer({ min: 60, max: 600 }), (made, maxBytes) => {
      const sections = made.map(({ heading, items }) => ({ heading, items, more }));
      const { text, shown } = fitSections('head', sections, 'foot', maxBytes, moreSections);
      assert.ok(Buffer.byteLength(text) <= maxBytes, `${Buffer.byteLength(text)} > ${maxBytes}`);
      const lines = text.split('\n');
      const left = Number(/^… (\d+) more sections$/.exec(lines.at(-2) ?? '')?.[1] ?? 0);
      const body = made.slice(0, made.length - left).flatMap(({ heading, items }, index) => {
        const count = shown[index] ?? 0;
        const rest = items.length - count;
        return [heading, ...items.slice(0, count), ...(rest === 0 ? [] : [more(rest)])];
      });
      assert.deepEqual(lines, ['head', ...body, ...(left === 0 ? [] : [moreSections(left)]), 'foot']);
    }),
  );
});
